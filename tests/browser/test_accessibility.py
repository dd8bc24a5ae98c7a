"""axe-core over every page, at two widths, in both schemes."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone

from checkout import rush
from checkout.models import Drop
from shop.models import Product
from tests.browser.walking import fill_address, order, put_into_basket

pytestmark = pytest.mark.browser

# Everything axe knows of WCAG 2.0 to 2.2, A and AA, and best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}}
LOOKS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]


def faults(page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run(document, {json.dumps(OPTIONS)})")["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def check_looks(page) -> None:
    """No fault and no sideways scroll, whatever the window."""
    for width, scheme in LOOKS:
        look(page, width, scheme)
        assert faults(page) == [], (page.url, width, scheme)
    look(page, 320, "light")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def look(page, width: int, scheme: str) -> None:
    """Without motion: colours on their way are no fault."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function(
        "([width, scheme]) => innerWidth === width"
        " && matchMedia(`(prefers-color-scheme: ${scheme})`).matches"
        " && matchMedia('(prefers-reduced-motion: reduce)').matches",
        arg=[width, scheme],
    )


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/shop/",
        "/shop/tableware/?colour=moss&material=stoneware",
        "/search/?q=nothing-of-that-name",
        "/product/vid/",
        "/product/vid/?colour=oat",
        "/cart/",
    ],
)
def test_a_page_has_no_fault(window, path):
    page = window()
    page.goto(path)
    check_looks(page)


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
    check_looks(page)
    page.click("[name=back]")
    page.wait_for_selector("[name=save]")

    page.fill("#code", "NOPE10")
    page.click("#code + .button")
    page.wait_for_selector("#code-error")
    check_looks(page)

    page.fill("#code", "GLAZE10")
    page.click("#code + .button")
    page.wait_for_selector("#code-state")
    check_looks(page)

    page.fill(".line [inputmode=numeric]", "999")
    page.press(".line [inputmode=numeric]", "Enter")
    page.wait_for_selector("#errors")
    check_looks(page)


def test_the_checkout_its_errors_and_the_order_have_no_fault(window):
    page = window()
    put_into_basket(page)
    page.goto("/checkout/")
    check_looks(page)

    fill_address(page, email="marta", postcode="1")
    page.click("#pay [type=submit]")
    page.wait_for_selector("#errors")
    check_looks(page)

    page.set_viewport_size({"width": 1280, "height": 900})
    fill_address(page)
    order(page)
    check_looks(page)


def test_a_place_in_line_has_no_fault_and_leads_on_by_itself(window):
    product = Product.objects.get(slug="vid")
    drop = Drop.objects.create(product=product, is_paused=True)
    page = window()
    put_into_basket(page)
    page.goto("/checkout/")
    fill_address(page)
    page.click("#pay [type=submit]")
    page.wait_for_url("**/checkout/waiting/*/")
    check_looks(page)

    drop.delete()
    rush.serve(product.pk, now=timezone.now())
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/order/*/")
