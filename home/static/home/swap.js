// Take parts of a page from the server instead of the whole: the markup stays in one place.

/** The document at that address. Throws when it cannot be had or is none of these statuses. */
export async function load(url, { accepted = [200], ...options } = {}) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, ...options });
  if (!accepted.includes(response.status)) throw new Error(`${response.status} ${url}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Replace what lies inside the elements of these ids by what the other document has there. */
export function swap(fresh, ids) {
  const focused = describe(document.activeElement);
  for (const id of ids) {
    const [here, there] = [document, fresh].map((doc) => doc.getElementById(id));
    if (here && there) here.replaceChildren(...document.importNode(there, true).childNodes);
  }
  focused && document.querySelector(focused)?.focus({ preventScroll: true });
}

/** A selector that finds the same control again after its element was replaced. */
function describe(element) {
  if (!element || element === document.body) return "";
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (!element.name) return "";
  const form = element.form?.id ? `#${CSS.escape(element.form.id)} ` : "";
  return `${form}[name="${CSS.escape(element.name)}"][value="${CSS.escape(element.getAttribute("value") ?? "")}"]`;
}

/** One after another: a new call makes the last one's answer worthless. */
export function latest() {
  let controller;
  return () => {
    controller?.abort();
    controller = new AbortController();
    return controller.signal;
  };
}
