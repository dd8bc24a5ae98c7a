// A customer's own list is in the shop. What this browser still held has just joined it,
// or, if somebody else may have left it here, is offered.
import { newOperation, read, write } from "./storage.js";

const notice = document.querySelector("#offered");
const offered = () => read().items.some((item) => item.offered);

function answer(decide) {
  const list = read();
  decide(list);
  list.operationId = newOperation();
  write(list);
  location.reload();
}

document.querySelector("#take").addEventListener("click", () => answer((list) => {
  list.takeOffered = true;
  for (const item of list.items) item.offered = false;
}));
document.querySelector("#forget").addEventListener("click", () => answer((list) => {
  list.items = list.items.filter((item) => !item.offered);
}));
addEventListener("wishlist", () => location.reload());
notice.hidden = !offered();
