// Another choice shows its price, availability and picture at once, from the rows that
// came with the page; the choices themselves, whose notes depend on it, follow from the server.
import { latest, load, swap } from "../home/swap.js";

const rows = JSON.parse(document.getElementById("variants").textContent);
const picker = document.getElementById("picker");
const add = document.getElementById("add");
const next = latest();

/** The row that fits best; the option just chosen comes first. */
function find(chosen, last) {
  const fit = (row) =>
    Object.entries(chosen).reduce((sum, [code, slug]) => sum + (row.options[code] === slug) * (code === last ? 100 : 1), 0);
  return rows.reduce((best, row) => (fit(row) > fit(best) ? row : best));
}

function tell(row) {
  add.elements.sku.value = row.sku;
  add.querySelector(".add").hidden = row.kind === "sold_out";
  const status = document.getElementById("availability");
  status.className = { low: "status low", sold_out: "status out" }[row.kind] ?? "status";
  status.querySelector("strong").textContent = row.words;
  document.getElementById("chosen").textContent = [row.label, row.price, row.words].filter(Boolean).join(", ");
  document.querySelector("#price .now").lastChild.textContent = row.price;
  showPicture(row);
}

function showPicture({ picture, alt }) {
  const image = document.querySelector("#gallery img");
  if (!picture.length || !image) return;
  const [url, width, height] = picture.at(-1);
  image.srcset = picture.map(([source, across]) => `${source} ${across}w`).join(", ");
  Object.assign(image, { src: url, width, height, alt });
  image.closest("a").href = url;
}

async function refresh(row) {
  const url = `${picker.getAttribute("action")}?${new URLSearchParams(row.options)}`;
  history.replaceState(history.state, "", url);
  try {
    const parts = ["picker", "price", "badges", "specs", "promise"];
    if (!row.picture.length) parts.push("gallery");
    swap(await load(url, { signal: next() }), parts);
    arrange();
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

function arrange() {
  picker.querySelector("[type=submit]").parentElement.hidden = true;
}

picker.addEventListener("change", (event) => {
  const row = find(Object.fromEntries(new FormData(picker)), event.target.name);
  tell(row);
  refresh(row);
});
arrange();
