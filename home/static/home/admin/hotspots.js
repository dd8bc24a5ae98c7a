// In the editor: a press on the picture of a block with points places the first point
// that has no place yet, or moves the one that was worked at last. Typing works as well.
const POINT = '[data-contentpath="points"] [data-streamfield-child]';
const PICTURE = '.hotspots [data-contentpath="picture"] [data-chooser-image]';
let workedAt;

document.addEventListener("focusin", (event) => {
  workedAt = event.target.closest(`.hotspots ${POINT}`) ?? workedAt;
});

document.addEventListener("click", (event) => {
  const picture = event.target.closest(PICTURE);
  if (!picture) return;
  const block = picture.closest(".hotspots");
  const points = [...block.querySelectorAll(POINT)].filter((point) => point.offsetParent);
  const isHere = block.contains(workedAt) && workedAt.offsetParent;
  const point = points.find((one) => !field(one, "x").value) ?? (isHere ? workedAt : null);
  if (point) place(point, event, picture.getBoundingClientRect());
});

function field(point, name) {
  return point.querySelector(`[data-contentpath="${name}"] input`);
}

function place(point, { clientX, clientY }, { left, top, width, height }) {
  write(field(point, "x"), ((clientX - left) / width) * 100);
  write(field(point, "y"), ((clientY - top) / height) * 100);
}

function write(input, percent) {
  input.value = Math.min(100, Math.max(0, percent)).toFixed(1);
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
}
