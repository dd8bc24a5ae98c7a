// Blocks that this version of the shop cannot read are kept, but nobody adds one.
class Stream extends window.wagtailStreamField.blocks.StreamBlockDefinition {
  constructor(...definition) {
    super(...definition);
    this.groupedChildBlockDefs = this.groupedChildBlockDefs.map(([group, blocks]) => [
      group,
      blocks.filter((block) => block.name !== "unreadable"),
    ]);
  }
}
window.telepath.register("home.blocks.Stream", Stream);

// While words are typed into a block, how many of how many stands below them.
const LIMITED = "[data-streamfield-child] :is(input, textarea)[maxlength]";

function count({ target }) {
  const field = target.closest?.(LIMITED);
  if (!field) return;
  const shown = field.nextElementSibling?.matches("[data-count]") ? field.nextElementSibling : counter(field);
  shown.textContent = `${field.value.length} / ${field.maxLength}`;
}

function counter(field) {
  const shown = document.createElement("span");
  shown.dataset.count = "";
  shown.className = "help";
  // A screen reader says the limit when it is met; each letter need not be counted aloud.
  shown.setAttribute("aria-hidden", "true");
  field.after(shown);
  return shown;
}

for (const kind of ["focusin", "input"]) document.addEventListener(kind, count);
