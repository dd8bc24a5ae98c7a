"""axe-core over every page, at two widths, in both schemes."""

import re
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone

from checkout import rush
from checkout.models import Drop
from shop.models import Product
from tests.browser.walking import fill_address, fill_basket, order, put_into_basket

pytestmark = pytest.mark.browser

# Everything axe knows of WCAG 2.0 to 2.2, A and AA, and best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": TAGS,
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    # Not every style sheet once more, for a rule that is an experiment.
    "preload": {"assets": ["media"]},
}
# What can be a fault in the dark alone: the scheme changes nothing but colours.
COLOURS = OPTIONS | {"runOnly": ["color-contrast", "link-in-text-block"]}
# Of width and scheme the one or the other changes from look to look: each change has
# the whole page drawn anew.
LOOKS = [(390, "light"), (390, "dark"), (1280, "dark"), (1280, "light")]
# axe reads the same few colours again for every layer under every word, a third of all
# it does: once read, they are known.
READ_ONCE = """
(() => {
  const colour = axe.commons.color.Color.prototype;
  const read = colour.parseString;
  const known = new Map();
  colour.parseString = function (words) {
    if (known.has(words)) {
      [this.r, this.g, this.b, this.alpha] = known.get(words);
      return this;
    }
    const found = read.call(this, words);
    known.set(words, [this.r, this.g, this.b, this.alpha]);
    return found;
  };
})();
"""
# Words only: of a whole answer, with all that was passed, most would be on its way.
RUN = """
async ([part, options]) => {
  if (typeof axe === "undefined") return null;
  const { violations } = await axe.run(part ?? document, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}
"""
# Answers how wide the page is then.
UNTIL_SEEN = """
async ([width, scheme]) => {
  const isSo = (wanted) => matchMedia(`(prefers-${wanted})`).matches;
  const isStill = () => isSo("reduced-motion: reduce");
  while (innerWidth !== width || !isSo(`color-scheme: ${scheme}`) || !isStill())
    await new Promise(requestAnimationFrame);
  return document.documentElement.scrollWidth;
}
"""
PAINT = """
(colour) => {
  for (const words of document.querySelectorAll("main *"))
    words.style.setProperty("color", colour, "important");
}
"""
PROJECT = Path(__file__).parents[2]
# The scheme that each page was last asked to show.
_schemes: WeakKeyDictionary = WeakKeyDictionary()


def faults(page, part: str | None = None, options: dict = OPTIONS) -> list[str]:
    """What axe says of a page, or of the part of it that a selector names."""
    found = page.evaluate(RUN, [part, options])
    if found is None:
        page.evaluate(AXE_SCRIPT + READ_ONCE)
        found = page.evaluate(RUN, [part, options])
    return found


def check_looks(page, part: str | None = None) -> None:
    """No fault and no sideways scroll, whatever the window: by every rule in the light,
    and in the dark, which is other colours for the same page, by those on colours.

    Only a part is looked at where the rest is that of a page seen whole elsewhere.
    """
    assert look(page, 320, "light") == 320
    for width, scheme in LOOKS:
        look(page, width, scheme)
        options = COLOURS if scheme == "dark" else OPTIONS
        assert faults(page, part, options) == [], (page.url, width, scheme)


def look(page, width: int, scheme: str) -> int:
    """Without motion: colours on their way are no fault. Returns how wide the page is,
    with all that can only be scrolled to."""
    size = {"width": width, "height": 900}
    if page.viewport_size != size:
        page.set_viewport_size(size)
    if _schemes.get(page) != scheme:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _schemes[page] = scheme
    return page.evaluate(UNTIL_SEEN, [width, scheme])


def test_in_the_dark_nothing_but_colours_changes():
    """Which is why the dark is looked at for colours alone."""
    sheet = (PROJECT / "site_config" / "static" / "vitrine.css").read_text()
    lines = re.findall(r".*(?:data-theme|prefers-color-scheme).*", sheet)
    changed = re.findall(r"[{;]\s*([\w-]+)\s*:", "\n".join(lines))

    assert set(changed) == {"color-scheme", "color", "background-color", "filter"}
    for script in PROJECT.glob("*/static/**/*.js"):
        assert "color-scheme" not in script.read_text(), script


def test_control_words_too_pale_for_their_ground_are_found_in_both_schemes(window):
    page = window()
    page.goto("/cart/")
    for scheme, colour in (("light", "#ddd"), ("dark", "#333")):
        look(page, 1280, scheme)
        assert faults(page, "main", COLOURS) == []
        page.evaluate(PAINT, colour)
        assert any("color-contrast" in fault for fault in faults(page, "main", COLOURS))
        page.reload()


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/", None),
        ("/shop/", None),
        ("/shop/tableware/?colour=moss&material=stoneware", "main"),
        ("/search/?q=nothing-of-that-name", None),
        ("/product/vid/", None),
        ("/product/vid/?colour=oat", "main"),
        ("/cart/", None),
    ],
)
def test_a_page_has_no_fault(window, path, part):
    page = window()
    page.goto(path)
    check_looks(page, part)


def test_an_open_menu_and_an_open_filter_sheet_have_no_fault(window):
    page = window(390)
    look(page, 390, "light")
    page.goto("/shop/")
    page.click(".menu-open")
    page.click(".nav summary")
    page.wait_for_selector(".mega .lead")
    assert faults(page) == []

    page.goto("/shop/")
    page.click(".facets-open")
    page.wait_for_selector("#show")
    assert faults(page) == []


def test_a_filled_basket_and_a_refused_quantity_have_no_fault(window):
    page = window()
    put_into_basket(page, "2")
    check_looks(page)

    page.click("[name=save]")
    page.wait_for_selector("[name=back]")
    check_looks(page, "main")
    page.click("[name=back]")
    page.wait_for_selector("[name=save]")

    page.fill("#code", "NOPE10")
    page.click("#code + .button")
    page.wait_for_selector("#code-error")
    check_looks(page, "main")

    page.fill("#code", "GLAZE10")
    page.click("#code + .button")
    page.wait_for_selector("#code-state")
    check_looks(page, "main")

    page.fill(".line [inputmode=numeric]", "999")
    page.press(".line [inputmode=numeric]", "Enter")
    page.wait_for_selector("#errors")
    check_looks(page, "main")


def test_the_checkout_its_errors_and_the_order_have_no_fault(window):
    page = window()
    fill_basket(page)
    page.goto("/checkout/")
    check_looks(page)

    fill_address(page, email="marta", postcode="1")
    page.click("#pay [type=submit]")
    page.wait_for_selector("#errors")
    check_looks(page, "main")

    fill_address(page)
    order(page)
    check_looks(page)


def test_a_place_in_line_has_no_fault_and_leads_on_by_itself(window):
    product = Product.objects.get(slug="vid")
    drop = Drop.objects.create(product=product, is_paused=True)
    page = window()
    fill_basket(page)
    page.goto("/checkout/")
    fill_address(page)
    page.click("#pay [type=submit]")
    page.wait_for_url("**/checkout/waiting/*/")
    check_looks(page)

    drop.delete()
    rush.serve(product.pk, now=timezone.now())
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/order/*/")
