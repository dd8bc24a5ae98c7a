// Beside Wagtail's editors. What is relied on of theirs is named in
// tests/home/editing/test_contract.py.

// A press on Save waits for the autosave that is under way: sent together, the two
// would take each other for another window.
let isAutosaving = false;
let waiting = null;

document.addEventListener("w-autosave:save", () => {
  isAutosaving = true;
});

for (const outcome of ["success", "error"]) {
  document.addEventListener(`w-autosave:${outcome}`, () => {
    isAutosaving = false;
    waiting?.requestSubmit();
    waiting = null;
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!isAutosaving || !form.matches("[data-edit-form]")) return;
    if (!form.elements.namedItem("ws_token")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = form;
  },
  { capture: true },
);
