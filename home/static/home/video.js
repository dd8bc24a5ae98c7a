// A video is a link to its provider. A press loads the provider's player here instead.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-player]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  Object.assign(frame, {
    src: link.dataset.player,
    title: link.dataset.title,
    allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
    // Players refuse pages that say nothing of themselves; the address stays ours.
    referrerPolicy: "strict-origin",
  });
  link.replaceWith(frame);
  frame.focus();
});
