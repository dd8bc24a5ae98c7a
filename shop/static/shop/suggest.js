// Suggestions under the search field. The form searches by itself; this only hurries.
const input = document.querySelector("[data-suggest]");
const PAUSE_MS = 150;
let box, status, timer, underway;

const options = () => [...box.querySelectorAll("[role=option]")];
const chosen = () => box.querySelector("[aria-selected=true]");

function close() {
  underway?.abort();
  clearTimeout(timer);
  box.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function step(by) {
  const all = options();
  // One place before the first is the field itself.
  const at = (all.indexOf(chosen()) + 1 + by + all.length + 1) % (all.length + 1);
  choose(all[at - 1]);
}

async function suggest() {
  const words = input.value.trim();
  if (words.length < 2) return close();
  underway?.abort();
  underway = new AbortController();
  try {
    const { load } = await import("../home/swap.js");
    const fresh = await load(`${input.dataset.suggest}?${new URLSearchParams({ q: words })}`, { signal: underway.signal });
    const found = fresh.querySelector("[data-suggestions]");
    box.replaceChildren(...document.importNode(found, true).childNodes);
    status.textContent = found.dataset.status;
    box.hidden = !options().length;
    input.setAttribute("aria-expanded", String(!box.hidden));
    input.removeAttribute("aria-activedescendant");
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

const keys = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Escape: close,
  Enter: (event) => chosen() && (event.preventDefault(), location.assign(chosen().dataset.href)),
};

if (input) {
  box = Object.assign(document.createElement("div"), { id: "suggestions", className: "suggest", hidden: true });
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", input.dataset.label);
  status = Object.assign(document.createElement("p"), { className: "vh" });
  status.setAttribute("role", "status");
  input.form.after(box, status);
  const roles = { role: "combobox", "aria-expanded": "false", "aria-controls": box.id, "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" ? box.hidden : event.key !== "Enter" && box.hidden) return;
    if (event.key.startsWith("Arrow") || event.key === "Escape") event.preventDefault();
    keys[event.key]?.(event);
  });
  // Before the field loses the focus, and with it the list.
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
  input.addEventListener("blur", close);
}
