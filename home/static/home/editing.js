// Beside Wagtail's editors. What is relied on of theirs is named in
// tests/home/editing/test_contract.py.

// A press on Save and an autosave, sent together, would take each other for another
// window: the press waits for the autosave that is under way, and once it has set out
// no autosave follows. Half a minute at most, for a press may have been called off.
const SETTLED_WITHIN_MS = 30_000;
let isAutosaving = false;
let waiting = null;
let sentAt = -Infinity;

document.addEventListener("w-autosave:save", (event) => {
  if (performance.now() - sentAt < SETTLED_WITHIN_MS) event.preventDefault();
  else isAutosaving = true;
});

for (const outcome of ["success", "error"]) {
  document.addEventListener(`w-autosave:${outcome}`, () => {
    isAutosaving = false;
    waiting?.requestSubmit();
    waiting = null;
  });
}

const isInWorkspace = (form) =>
  form.matches("[data-edit-form]") && form.elements.namedItem("ws_token");

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!isAutosaving || !isInWorkspace(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = form;
  },
  { capture: true },
);

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && isInWorkspace(event.target)) sentAt = performance.now();
});
