"""What script adds: no reload, no lost focus, a word for those who do not see it."""

import pytest

from tests.browser.walking import put_into_basket

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement"


def test_a_filter_takes_effect_at_once_and_keeps_the_focus(window):
    page = window()
    page.goto("/shop/")
    page.evaluate("window.isSamePage = true")

    page.check("[name=material][value=stoneware]")
    page.wait_for_url("**/shop/?material=stoneware")
    page.wait_for_selector("#count:has-text('5 pieces')")

    assert page.evaluate("window.isSamePage")
    assert page.evaluate(f"{FOCUSED}.value") == "stoneware"
    assert page.locator(".cards > li").count() == 5
    assert not page.is_visible("#order [type=submit]")
    page.go_back()
    page.wait_for_selector("#count:has-text('8 pieces')")
    assert not page.is_checked("[name=material][value=stoneware]")


def test_a_filter_works_when_the_quick_way_is_cut(window):
    page = window(is_heard=False)
    page.goto("/shop/")
    page.route("**/shop/?**", lambda route: _cut_fetches(route))

    page.check("[name=in_stock]")
    page.wait_for_url("**/shop/?in_stock=1")

    assert page.inner_text("#count") == "7 pieces"


def _cut_fetches(route) -> None:
    if route.request.is_navigation_request():
        route.continue_()
    else:
        route.fulfill(status=422)


def test_more_pieces_join_the_list_and_get_the_focus(window):
    page = window()
    page.goto("/shop/")
    seventh = page.locator(".cards > li").nth(6)

    page.click(".paging [rel=next]")
    page.wait_for_url("**/shop/?page=2")

    assert page.locator(".cards > li").count() == 8
    assert seventh.locator("a").evaluate(f"link => link === {FOCUSED}")
    assert page.locator("[fetchpriority=high]").count() == 1
    assert page.locator(".paging [rel=next]").count() == 0


def test_another_choice_shows_its_price_stock_and_article(window):
    page = window()
    page.goto("/product/vid/")
    assert not page.is_visible("#picker [type=submit]")

    page.check("[name=colour][value=oat]", force=True)
    page.wait_for_url("**/product/vid/?colour=oat")

    assert page.inner_text("#chosen") == "Oat, €39.50, Only 5 left"
    assert page.inner_text("#availability") == "Only 5 left"
    assert page.input_value("[name=sku]") == "VID-OAT"
    # The notes of the other choices follow from the server.
    page.wait_for_selector("#picker :text('Moss, −€3.00')")
    assert page.locator("#price s").count() == 0


def test_a_quantity_is_stepped_without_leaving(window):
    page = window()
    page.goto("/product/vid/")
    page.click("[data-step='1']")
    page.click("[data-step='1']")
    page.click("[data-step='-1']")

    assert page.input_value("[name=quantity]") == "2"


def test_the_bubble_counts_the_basket(window):
    page = window()
    put_into_basket(page, "2")
    page.goto("/shop/")

    assert page.inner_text(".bubble") == "2"
    assert page.get_attribute("[data-basket]", "aria-label") == "Basket, 2 pieces"


def test_escape_closes_the_menu_and_returns_to_its_heading(window):
    page = window()
    page.goto("/")
    page.click(".nav summary")
    page.focus(".mega .lead")
    page.keyboard.press("Escape")

    assert page.locator(".nav [open]").count() == 0
    assert page.evaluate(f"{FOCUSED}.tagName") == "SUMMARY"


def test_a_press_beside_the_menu_closes_it(window):
    page = window()
    page.goto("/")
    page.click(".nav summary")
    page.click("h1")

    assert page.locator(".nav [open]").count() == 0


def test_the_total_follows_the_way_of_delivery(window):
    page = window()
    put_into_basket(page)
    page.goto("/checkout/")
    assert not page.is_visible("#update")
    page.fill("#name", "Marta")

    page.check("[name=delivery][value=day]")
    page.wait_for_selector("#pay :text('€46.40')")

    assert page.input_value("[name=expected_total]") == "46.40"
    assert "€46.40" in page.inner_text("#order-aside .grand")
    assert page.input_value("#name") == "Marta"
    assert page.evaluate(f"{FOCUSED}.value") == "day"


def test_errors_have_the_focus_and_nothing_typed_is_lost(window):
    page = window()
    put_into_basket(page)
    page.goto("/checkout/")
    page.fill("#email", "marta")
    page.click("#pay [type=submit]")
    page.wait_for_selector("#errors")

    assert page.title().startswith("Error")
    assert page.evaluate(f"{FOCUSED}.id") == "errors"
    assert page.input_value("#email") == "marta"
    page.click("#errors a")
    assert page.evaluate(f"{FOCUSED}.id") == "email"
