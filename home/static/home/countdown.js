// The server prints how much time is left. This rewrites it once a minute, quietly, and
// takes the block away after the end: a page may be older than the clock says. What was
// printed a minute ago stands until the next one: the words of units cost a slow phone
// more than the rest of the page's script.
const MINUTE = 60_000;
const language = document.documentElement.lang || "en";

for (const clock of document.querySelectorAll(".clock[data-end]")) follow(clock);

function follow(clock, isRunning = false) {
  const left = Date.parse(clock.dataset.end) - Date.now();
  if (!(left > 0)) {
    clock.closest("[data-flash]")?.setAttribute("hidden", "");
    return;
  }
  const minutes = Math.ceil(left / MINUTE);
  if (isRunning || Math.abs(shown(clock) - minutes) > 1) show(clock, minutes);
  setTimeout(() => follow(clock, true), left % MINUTE || MINUTE);
}

/** The minutes that stand there now. */
function shown(clock) {
  const [days, hours, minutes] = [...clock.children].map((part) => Number(part.firstChild.textContent));
  return 1440 * days + 60 * hours + minutes;
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
