// The server prints how much time is left. This rewrites it once a minute, quietly, and
// takes the block away after the end: a page may be older than the clock says.
const MINUTE = 60_000;
const language = document.documentElement.lang || "en";

for (const clock of document.querySelectorAll(".clock[data-end]")) follow(clock);

function follow(clock) {
  const left = Date.parse(clock.dataset.end) - Date.now();
  if (!(left > 0)) {
    clock.closest("[data-flash]")?.setAttribute("hidden", "");
    return;
  }
  show(clock, Math.ceil(left / MINUTE));
  setTimeout(() => follow(clock), left % MINUTE || MINUTE);
}

function show(clock, minutes) {
  const counted = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor(minutes / 60) % 24, "hour"],
    [minutes % 60, "minute"],
  ].map(([count, unit], place) => write(clock.children[place], count, unit, place > 0));
  clock.ariaLabel = clock.dataset.label.replace("{left}", counted.join(", "));
}

/** Fill one part of the clock; "2 days" in the page's language. */
function write(part, count, unit, isPadded) {
  const format = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" });
  const words = format.formatToParts(count).filter(({ type }) => type === "unit" || type === "literal");
  part.firstChild.textContent = String(count).padStart(isPadded ? 2 : 1, "0");
  part.lastChild.textContent = ` ${words.map(({ value }) => value).join("").trim()}`;
  return format.format(count);
}
