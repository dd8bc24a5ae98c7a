// A code that stands on the page can be copied by hand. This adds a button that does it.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = button.parentElement.querySelector("[role=status]");
    said.textContent = "";
    if (await copy(button.dataset.copy)) said.textContent = button.dataset.copied;
    else select(button.closest(".coupon").querySelector(".code"));
  });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Where the clipboard is closed to scripts, one key press is left to do. */
function select(element) {
  getSelection().selectAllChildren(element);
}
