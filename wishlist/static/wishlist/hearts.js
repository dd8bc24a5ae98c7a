// Hearts are buttons of a plain form. This keeps the list in the browser instead.
import { change, has, known, newOperation, read, write } from "./storage.js";

const hearts = () => document.querySelectorAll("button.heart[form=wish]");

function paint() {
  const list = read();
  for (const heart of hearts()) heart.setAttribute("aria-pressed", has(list, Number(heart.value)));
}

addEventListener("submit", (event) => {
  const heart = event.submitter;
  if (event.target.id !== "wish" || !heart?.value) return;
  const list = read();
  const id = Number(heart.value);
  change(list, id, !has(list, id), { priceSnapshot: heart.dataset.price });
  // A browser that keeps nothing sends the form: the shop's session keeps it.
  if (!write(list)) return;
  event.preventDefault();
  paint();
  sync();
});

let syncing = Promise.resolve();
const sync = () => (syncing = syncing.then(merge).catch(() => {}));

async function merge() {
  if (!known()) return;
  const answer = await fetch("/api/wishlist/");
  if (!answer.ok) return;
  const { saved, token } = await answer.json();
  const list = read();
  const waiting = [...list.items.filter((item) => !item.offered), ...list.gone].slice(0, 200);
  if (!waiting.length) return settle({ items: [], saved }, []);
  list.operationId ||= newOperation();
  write(list);
  const merged = await fetch("/api/wishlist/merge", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ operationId: list.operationId, items: waiting, takeOffered: list.takeOffered }),
  });
  // Only what was acknowledged is forgotten, and only now.
  if (merged.ok) settle(await merged.json(), waiting);
}

function settle({ items, saved }, sent) {
  const list = read();
  const result = new Map(items.map((item) => [item.productId, item.result]));
  const same = JSON.stringify;
  for (const row of list.items) row.offered = result.get(row.productId) === "offered" || row.offered;
  const isDone = (row) => !row.offered && result.has(row.productId) && sent.some((one) => same(one) === same(row));
  list.items = list.items.filter((row) => !isDone(row));
  list.gone = list.gone.filter((row) => !isDone(row));
  list.saved = saved;
  list.operationId = "";
  list.takeOffered = false;
  write(list);
  paint();
  if (sent.length) dispatchEvent(new Event("wishlist"));
}

paint();
sync();
addEventListener("storage", paint);
addEventListener("pageshow", paint);
