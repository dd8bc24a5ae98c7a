// Another way of delivery, another country or a promotion code: the server reckons the
// total anew and only the parts that show it change. Without this, buttons do the same.
import { latest, load, swap } from "../home/swap.js";

const form = document.getElementById("checkout");
const button = document.getElementById("update")?.parentElement;
const next = latest();
const PARTS = ["ways", "pay", "order-fold", "order-aside"];

async function update(pressed) {
  const body = new URLSearchParams(new FormData(form));
  // A code that is still being typed is nobody's business.
  if (pressed) body.append(pressed.name, pressed.value);
  else body.delete("code");
  body.set("update", "1");
  const options = { method: "POST", body, signal: next(), accepted: [200, 422, 429] };
  swap(await load(form.action, options), pressed ? [...PARTS, "promo"] : PARTS);
}

async function reckonAgain() {
  try {
    await update();
  } catch (error) {
    // Back to the button; the total is checked again anyway when the order is placed.
    if (error.name !== "AbortError") document.getElementById("ways").after(button);
  }
}

async function applyCode(pressed) {
  try {
    await update(pressed);
    document.querySelector("#code[aria-invalid]")?.focus();
  } catch (error) {
    if (error.name === "AbortError") return;
    form.removeEventListener("submit", onSubmit);
    form.requestSubmit(pressed);
  }
}

function onSubmit(event) {
  if (!event.submitter?.closest("#promo")) return;
  event.preventDefault();
  applyCode(event.submitter);
}

button?.remove();
form?.addEventListener("submit", onSubmit);
form?.addEventListener("change", ({ target }) => {
  if (target.name === "delivery" || target.name === "country") reckonAgain();
});
document.getElementById("errors")?.focus();
