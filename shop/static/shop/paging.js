// "Load 24 more" adds them to the list instead of leaving it. The address follows, and
// the history remembers where the list began: Back finds the same pieces at the same place.

const pageOf = (url) => Number(new URL(url, location).searchParams.get("page")) || 1;
const grow = async () => (await import("../home/swap.js")).load;
const cardsOf = (page) => [...document.importNode(page.querySelector(".cards"), true).children];

document.addEventListener("click", async (event) => {
  const link = event.target.closest(".paging a[rel=next]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.getAttribute("aria-disabled")) return;
  link.setAttribute("aria-disabled", "true");
  try {
    const load = await grow();
    const fresh = await load(link.href);
    const added = cardsOf(fresh);
    added.forEach((card) => card.querySelector("img")?.removeAttribute("fetchpriority"));
    document.querySelector(".cards").append(...added);
    document.querySelector(".paging").replaceWith(document.importNode(fresh.querySelector(".paging"), true));
    const first = history.state?.first ?? pageOf(location.href);
    history.replaceState({ ...history.state, first }, "", link.href);
    added[0]?.querySelector("a").focus();
  } catch {
    location.assign(link.href);
  }
});

/** Put the pages before this one back in front of it, if it had been added to them. */
async function restore() {
  const { first, place } = history.state ?? {};
  const here = pageOf(location.href);
  if (!first || first >= here) return;
  history.scrollRestoration = "manual";
  try {
    const load = await grow();
    const pages = Array.from({ length: here - first }, (_, n) => {
      const url = new URL(location.href);
      n + first > 1 ? url.searchParams.set("page", n + first) : url.searchParams.delete("page");
      return load(url.href);
    });
    const before = (await Promise.all(pages)).flatMap(cardsOf);
    before.forEach((card) => card.querySelector("img")?.removeAttribute("fetchpriority"));
    document.querySelector(".cards").prepend(...before);
    if (place) scrollTo({ top: place, behavior: "instant" });
  } catch {
    // The page itself is there, with links to those before it.
  } finally {
    history.scrollRestoration = "auto";
  }
}

addEventListener("pagehide", () => {
  if (history.state?.first) history.replaceState({ ...history.state, place: scrollY }, "");
});
document.addEventListener("list:back", restore);
restore();
