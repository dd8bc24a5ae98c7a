// Pieces that were looked at lately: kept in this browser, sent nowhere.
const KEY = "seen-lately";
const [MOST, SHOWN] = [12, 4];
const section = document.getElementById("recent");

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(found) ? found.filter((piece) => piece?.url?.startsWith("/product/")) : [];
  } catch {
    return [];
  }
}

function keep(pieces) {
  try {
    localStorage.setItem(KEY, JSON.stringify(pieces.slice(0, MOST)));
  } catch {
    // A browser that keeps nothing shows nothing.
  }
}

function card({ url, title, picture }) {
  const [item, article, tag, heading, link] = ["li", "article", "div", "h3", "a"].map((name) => document.createElement(name));
  article.className = "card";
  tag.className = "tag";
  Object.assign(link, { href: url, textContent: title });
  heading.append(link);
  tag.append(heading);
  if (picture) {
    const image = Object.assign(new Image(picture.width, picture.height), { alt: "", loading: "lazy" });
    image.sizes = "(min-width: 90rem) 22rem, (min-width: 48rem) 23vw, 62vw";
    Object.assign(image, { srcset: picture.srcset, src: picture.src });
    article.append(image);
  }
  article.append(tag);
  item.append(article);
  return item;
}

function here() {
  const image = document.querySelector("#gallery img");
  const { title, url } = section.dataset;
  return { title, url, picture: image && { src: image.getAttribute("src"), srcset: image.srcset, width: image.width, height: image.height } };
}

if (section) {
  const now = here();
  const others = kept().filter((piece) => piece.url !== now.url);
  section.querySelector("ul").replaceChildren(...others.slice(0, SHOWN).map(card));
  section.hidden = others.length === 0;
  keep([now, ...others]);
  section.querySelector("button").addEventListener("click", () => {
    keep([]);
    section.hidden = true;
    document.getElementById("main").focus();
  });
}
