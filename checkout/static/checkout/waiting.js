// Asks how the line moves, as often as the shop says; less often when it is silent. Where
// there is no script, the page comes again by itself.
const page = document.querySelector("[data-waiting]");
const LONGEST_S = 60;
let failures = 0;
let next;

function say(selector, words) {
  const element = page.querySelector(selector);
  if (element.textContent !== words) element.textContent = words;
}

async function look() {
  try {
    const answer = await fetch(page.dataset.waiting, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    failures = 0;
    if (told.state !== "waiting") return location.reload();
    say("[data-place]", told.words);
    say("[data-estimate]", told.estimate);
    later(told.poll_after);
  } catch {
    failures += 1;
    later(Number(page.dataset.after) * 2 ** failures);
  }
}

function later(seconds) {
  clearTimeout(next);
  // Not all at the same moment.
  next = setTimeout(look, Math.min(seconds, LONGEST_S) * (900 + 200 * Math.random()));
}

if (page) {
  later(Number(page.dataset.after));
  // Back from a tunnel.
  addEventListener("online", look);
}
