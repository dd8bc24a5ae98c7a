// Filters and order take effect at once. Whatever fails, the forms go the ordinary way.
const PARTS = ["facets", "show", "count", "filter-count", "order", "results"];
const filters = document.getElementById("filters");
const results = document.getElementById("results");
let underway;

const address = (form) => {
  // Sorted as the shop writes its addresses: any other order would be led here first.
  const chosen = [...new FormData(form)].filter(([, value]) => value !== "").sort();
  const query = new URLSearchParams(chosen).toString();
  return form.getAttribute("action") + (query && `?${query}`);
};

async function show(url, { push = true } = {}) {
  results.setAttribute("aria-busy", "true");
  underway?.abort();
  underway = new AbortController();
  const { signal } = underway;
  try {
    // Fetched when first needed: most who read a list never filter it.
    const { load, swap } = await import("../home/swap.js");
    const open = openFacets();
    const fresh = await load(url, { signal });
    swap(fresh, PARTS);
    reopen(open);
    arrange();
    document.title = fresh.title;
    if (push) history.pushState({ list: true }, "", url);
    else document.dispatchEvent(new Event("list:back"));
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
    return;
  }
  results.removeAttribute("aria-busy");
}

// A group that was opened or closed by hand stays so.
const openFacets = () => [...filters.querySelectorAll("details")].map((group) => [title(group), group.open]);
const title = (group) => group.querySelector("summary").textContent;
function reopen(before) {
  const known = new Map(before);
  for (const group of filters.querySelectorAll("details")) group.open = known.get(title(group)) ?? group.open;
}

// What script makes needless goes away; on phones the button still closes the sheet.
function arrange() {
  document.querySelector("#order [type=submit]").hidden = true;
  filters.classList.add("live");
}

if (filters && results) {
  arrange();
  filters.addEventListener("change", () => show(address(filters)));
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    if (filters.matches(":popover-open")) filters.hidePopover();
    show(address(filters));
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "sort") show(address(event.target.form));
  });
  addEventListener("popstate", () => show(location.href, { push: false }));
}
