// Moving layout blocks works by buttons that send the page. This adds: no reload, the
// focus stays on the button, a word for those who do not see it, and dragging.
const region = () => document.getElementById("order");
let held = null;

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".order-form");
  if (!form || !event.submitter || event.submitter.name === "publish") return;
  event.preventDefault();
  send(form, new FormData(form, event.submitter), event.submitter);
});

/** Have the server move a block, show what it answers, and say so. */
async function send(form, fields, pressed) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const response = await fetch(form.action || location.href, {
      method: "POST",
      body: fields,
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = answer.getElementById("order");
    if (!fresh) throw new Error(response.status);
    region().replaceWith(document.importNode(fresh, true));
    ready();
    pressed && focus(pressed);
    say(region().dataset.said, response.ok ? "success" : "error");
  } catch {
    form.ariaBusy = "false";
    say(region().dataset.failed, "error");
  }
}

/** The same button again; at an end of the list, the other one of that block. */
function focus({ name, value }) {
  const both = region().querySelectorAll(`button[value="${CSS.escape(value)}"]`);
  const usable = [...both].filter((button) => !button.disabled);
  (usable.find((button) => button.name === name) ?? usable[0])?.focus();
}

/** In the admin's own live region. */
function say(text, type) {
  const detail = { clear: true, text, type };
  document.dispatchEvent(new CustomEvent("w-messages:add", { detail }));
}

function ready() {
  region().querySelector(".order-form").classList.add("is-quick");
}

const item = (target) => target.closest?.(".order-list > [data-key]");

document.addEventListener("dragstart", (event) => {
  if (!event.target.closest?.(".order-handle")) return;
  held = item(event.target);
  held.classList.add("is-held");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.dataset.key);
  event.dataTransfer.setDragImage(held, 20, 20);
});

document.addEventListener("dragover", (event) => {
  const over = held && item(event.target);
  if (!over) return;
  event.preventDefault();
  if (over === held) return;
  const { top, height } = over.getBoundingClientRect();
  event.clientY < top + height / 2 ? over.before(held) : over.after(held);
});

document.addEventListener("drop", (event) => {
  if (held) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!held) return;
  const form = held.closest("form");
  const place = [...held.parentElement.children].indexOf(held);
  held.classList.remove("is-held");
  const fields = new FormData(form);
  fields.set("block", held.dataset.key);
  fields.set("to", place);
  held = null;
  send(form, fields, null);
});

ready();
