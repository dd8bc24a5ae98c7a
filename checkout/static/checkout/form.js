// Another way of delivery or another country: the server reckons the total anew and only
// the parts that show it change. Without this, "Update total" does the same.
import { latest, load, swap } from "../home/swap.js";

const form = document.getElementById("checkout");
const button = document.getElementById("update")?.parentElement;
const next = latest();

async function update() {
  const body = new URLSearchParams(new FormData(form));
  body.set("update", "1");
  try {
    swap(await load(form.action, { method: "POST", body, signal: next() }), ["ways", "pay", "order-fold", "order-aside"]);
  } catch (error) {
    // Back to the button; the total is checked again anyway when the order is placed.
    if (error.name !== "AbortError") document.getElementById("ways").after(button);
  }
}

button?.remove();
form?.addEventListener("change", ({ target }) => {
  if (target.name === "delivery" || target.name === "country") update();
});
document.getElementById("errors")?.focus();
