// The list in this browser: what was pressed and not yet acknowledged, and what the shop
// says is saved. It may be old, damaged or huge.
const KEY = "wishlist";
const MOST = 200;
const HUGE = 100_000;

const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]+)`)?.[1] ?? "";
/** Who is logged in, as far as one person is told from the next. */
export const known = () => cookie("known");

export function read() {
  try {
    const text = localStorage.getItem(KEY);
    const list = text && text.length < HUGE ? JSON.parse(text) : {};
    // Somebody has logged out here since, or somebody else has logged in.
    const isOver = list.owner && (list.device !== cookie("left") || (known() && list.owner !== known()));
    return whole(list.version === 1 && !isOver ? list : {});
  } catch {
    return whole({});
  }
}

/** Whether it is kept. */
export function write(list) {
  try {
    const text = JSON.stringify(list);
    localStorage.setItem(KEY, text);
    return localStorage.getItem(KEY) === text;
  } catch {
    return false;
  }
}

export const newOperation = () => `${Date.now()}-${`${Math.random()}`.slice(2)}`;

export const has = (list, id) =>
  list.items.some((item) => item.productId === id) ||
  (list.saved.includes(id) && !list.gone.some((item) => item.productId === id));

/** Put on, or take off. */
export function change(list, id, isOn, more = {}) {
  list.items = list.items.filter((item) => item.productId !== id);
  list.gone = list.gone.filter((item) => item.productId !== id);
  if (isOn && list.items.length < MOST) {
    list.items.push({ productId: id, addedAt: new Date().toISOString(), ...more });
  }
  if (!isOn && list.owner) list.gone.push({ productId: id, removedAt: new Date().toISOString() });
  list.operationId = newOperation();
}

const whole = ({ owner, operationId, items, gone, saved, takeOffered }) => ({
  version: 1, device: cookie("left"), owner: known() || owner || "",
  operationId: `${operationId ?? ""}`, takeOffered: takeOffered === true,
  items: rows(items, "addedAt"), gone: rows(gone, "removedAt"),
  saved: Array.isArray(saved) ? saved.filter(Number.isSafeInteger) : [],
});

function rows(found, moment) {
  const isRow = (row) => Number.isSafeInteger(row?.productId) && row.productId > 0 && Date.parse(row[moment]);
  return Array.isArray(found) ? found.filter(isRow).slice(0, MOST) : [];
}
