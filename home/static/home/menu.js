// The main menu works by itself. This adds: Esc closes a section and returns focus to
// its heading, and a press outside closes it.
const sections = document.querySelectorAll("details[name=menu]");
const openOne = () => [...sections].find((section) => section.open);

addEventListener("keydown", (event) => {
  const section = event.key === "Escape" && openOne();
  if (!section) return;
  section.open = false;
  if (section.contains(document.activeElement)) section.querySelector("summary").focus();
});

addEventListener("click", (event) => {
  const section = openOne();
  if (section && !section.contains(event.target)) section.open = false;
});
