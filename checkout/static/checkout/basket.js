// How many pieces wait in the basket: pages are the same for everyone, a cookie knows.
const link = document.querySelector("[data-basket]");

function show() {
  const pieces = Number(document.cookie.match(/(?:^|; )basket=(\d+)/)?.[1] ?? 0);
  const bubble = link.querySelector(".bubble");
  bubble.textContent = pieces > 99 ? "99+" : pieces;
  bubble.hidden = !pieces;
  const { none, one, many } = link.dataset;
  link.setAttribute("aria-label", pieces > 1 ? many.replace("{n}", pieces) : pieces ? one : none);
}

if (link) {
  show();
  // Coming back shows the page as it was left.
  addEventListener("pageshow", show);
}
