"""Whole purchases: by keyboard alone, without script, and with every script failing."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from checkout.models import Order
from tests.browser.walking import ADDRESS, fill_address, fill_basket, order, tab_to

pytestmark = pytest.mark.browser


def test_everything_can_be_bought_by_keyboard(window):
    page = window(moves=True)
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main")

    page.goto("/")
    tab_to(page, ".nav summary")
    page.keyboard.press("Enter")
    tab_to(page, ".mega .lead")
    page.keyboard.press("Enter")
    page.wait_for_url("**/shop/tableware/")
    tab_to(page, "[name=material]")
    page.keyboard.press("Space")
    page.wait_for_url("**material=stoneware")
    tab_to(page, ".card a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/product/vid/")
    tab_to(page, "[name=colour]")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**colour=oat")
    tab_to(page, "[name=quantity]")
    page.keyboard.type("2")
    tab_to(page, "#add .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cart/")
    tab_to(page, ".summary .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkout/")
    for field, words in ADDRESS.items():
        tab_to(page, f"#{field}")
        page.keyboard.type(words)
    tab_to(page, "#pay .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/order/*/")

    assert _order_shown(page).lines.get().sku == "VID-OAT"


def test_everything_can_be_bought_without_script(window):
    page = window(320, script=False)
    page.goto("/shop/")
    page.click(".facets-open")
    page.check("[name=material][value=stoneware]")
    page.click("#show")
    page.wait_for_url("**material=stoneware**")
    page.select_option("#sort", "price")
    page.click("#order [type=submit]")
    page.wait_for_url("**sort=price**")
    page.goto("/shop/")
    page.click(".paging [rel=next]")
    page.wait_for_url("**page=2")
    page.goto("/product/vid/")
    page.check("[name=colour][value=oat]", force=True)
    page.click("#picker [type=submit]")
    page.wait_for_url("**colour=oat")
    assert page.inner_text("#price .now").endswith("€39.50")
    page.click("#add [type=submit]")
    page.wait_for_url("**/cart/")
    page.click("[aria-label$=more]")
    page.wait_for_selector(".line [inputmode=numeric][value='2']")
    page.goto("/checkout/")
    fill_address(page)
    page.check("[name=delivery][value=day]")
    page.click("#update")
    page.wait_for_selector("#pay :text('€88.90')")
    assert page.input_value("#name") == ADDRESS["name"]
    order(page)

    assert "€88.90" in page.inner_text(".grand")


def test_everything_can_be_bought_when_every_script_fails(window):
    page = window(is_heard=False)
    page.route("**/*.js", lambda route: route.abort())
    page.goto("/shop/")
    page.check("[name=material][value=stoneware]")
    page.click("#show")
    page.wait_for_url("**material=stoneware**")
    page.click(".card a")
    page.fill("[name=quantity]", "2")
    page.click("#add [type=submit]")
    page.wait_for_url("**/cart/")
    page.goto("/checkout/")
    fill_address(page)
    order(page)

    assert _order_shown(page).lines.get().quantity == 2


@pytest.mark.parametrize("script", [True, False])
def test_a_code_is_put_in_and_taken_out_and_nothing_is_typed_twice(window, script):
    page = window(390, script=script)
    fill_basket(page, 2)
    page.goto("/cart/")
    page.fill("#code", "glaze 10")
    page.click("#code + .button")
    expect(page.locator(".summary .off")).to_contain_text("Code GLAZE10")
    expect(page.locator(".summary .off")).to_contain_text("−€7.30")
    page.goto("/checkout/")
    fill_address(page)
    page.click("#promo [name=drop]")
    expect(page.locator("#pay .button")).to_contain_text("€77.90")
    page.fill("#code", "NOPE10")
    page.click("#code + .button")
    expect(page.locator("#code-error")).to_contain_text("takes nothing off")
    expect(page.locator("#code")).to_have_value("NOPE10")
    page.fill("#code", "GLAZE10")
    page.click("#code + .button")
    expect(page.locator("#pay .button")).to_contain_text("€70.60")
    expect(page.locator("#name")).to_have_value(ADDRESS["name"])
    order(page)

    expect(page.locator(".grand")).to_contain_text("€70.60")
    assert _order_shown(page).discount_total == Decimal("7.30")


def test_a_refused_quantity_is_in_sight_without_script(window):
    page = window(390, script=False)
    page.goto("/product/vid/")
    page.fill("[name=quantity]", "2.5")
    page.click("#add [type=submit]")

    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("[name=quantity]")).to_be_focused()
    expect(page.locator("[name=quantity]")).to_have_value("2.5")
    expect(page.locator("#quantity-error")).to_be_in_viewport()


def test_a_basket_that_was_emptied_says_so(window):
    page = window()
    fill_basket(page)
    page.goto("/cart/")
    page.click("[name=remove]")
    page.wait_for_selector(".empty")

    assert page.get_attribute("[data-basket]", "aria-label") == "Basket"


def test_appearance_and_announcement_are_remembered_without_script(window):
    page = window(script=False)
    page.goto("/shop/")
    page.click(".theme [value=dark]")
    page.wait_for_selector("html[data-theme=dark]")
    page.click("[form=hide-announcement]")
    page.wait_for_selector(".announce", state="detached")

    page.goto("/")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.locator(".announce").count() == 0


def _order_shown(page) -> Order:
    return Order.objects.get(token=page.url.split("/")[-2])
