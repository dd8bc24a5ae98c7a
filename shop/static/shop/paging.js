// "Load 24 more" adds them to the list instead of leaving it. The address follows, so
// that Back returns to the place.

document.addEventListener("click", async (event) => {
  const link = event.target.closest(".paging a[rel=next]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.getAttribute("aria-disabled")) return;
  link.setAttribute("aria-disabled", "true");
  try {
    const { load } = await import("../home/swap.js");
    const fresh = await load(link.href);
    const added = [...document.importNode(fresh.querySelector(".cards"), true).children];
    added.forEach((card) => card.querySelector("img")?.removeAttribute("fetchpriority"));
    document.querySelector(".cards").append(...added);
    document.querySelector(".paging").replaceWith(document.importNode(fresh.querySelector(".paging"), true));
    history.replaceState(history.state, "", link.href);
    added[0]?.querySelector("a").focus();
  } catch {
    location.assign(link.href);
  }
});
