// A list that lives in this browser: its cards come from the shop, which keeps none.
import { change, read, write } from "./storage.js";

const wishes = document.querySelector("#wishes");
const undo = document.querySelector("#undo");
let undone = null;

async function show() {
  const { items } = read();
  if (!items.length && !undone) return;
  const body = new URLSearchParams({
    items: items.map((item) => `${item.productId}.${Date.parse(item.addedAt)}`).reverse().join(),
  });
  try {
    const answer = await fetch(wishes.dataset.cards, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.status);
    wishes.innerHTML = await answer.text();
  } catch {
    wishes.textContent = wishes.dataset.failed;
  }
}

undo.querySelector("button").addEventListener("click", () => {
  const list = read();
  change(list, undone.productId, true, undone);
  write(list);
  undone = null;
  undo.hidden = true;
  show();
});

function takeOff(id) {
  const list = read();
  const item = list.items.find((one) => one.productId === id);
  change(list, id, false);
  return write(list) && item;
}

addEventListener("submit", async (event) => {
  const form = event.target;
  const id = Number(form.id === "off" ? event.submitter.value : form.elements.product?.value);
  if (!read().items.some((item) => item.productId === id)) return;
  if (form.id === "off") {
    event.preventDefault();
    const title = event.submitter.closest(".card").querySelector("h2").textContent;
    const item = takeOff(id);
    if (!item) return;
    undone = item;
    undo.querySelector("b").textContent = title;
    undo.hidden = false;
    undo.querySelector("button").focus();
    show();
  } else if (form.closest("#wishes")) {
    // Off the list once it is in the basket, and not before.
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) return form.submit();
    takeOff(id);
    location.assign(answer.url);
  }
});

show();
addEventListener("storage", show);
