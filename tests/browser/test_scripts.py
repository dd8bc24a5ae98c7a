"""What script adds: no reload, no lost focus, a word for those who do not see it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walking import fill_basket

pytestmark = pytest.mark.browser


def test_a_filter_takes_effect_at_once_and_keeps_the_focus(window):
    page = window()
    page.goto("/shop/")
    page.evaluate("window.isSamePage = true")

    page.check("[name=material][value=stoneware]")
    page.wait_for_url("**/shop/?material=stoneware")
    page.wait_for_selector("#count:has-text('5 pieces')")

    assert page.evaluate("window.isSamePage")
    expect(page.locator("[type=checkbox][value=stoneware]")).to_be_focused()
    expect(page.locator(".cards > li")).to_have_count(5)
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

    expect(page.locator("#count")).to_have_text("7 pieces")


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

    expect(page.locator(".cards > li")).to_have_count(8)
    expect(seventh.locator("a")).to_be_focused()
    expect(page.locator("[fetchpriority=high]")).to_have_count(1)
    expect(page.locator(".paging [rel=next]")).to_have_count(0)


def test_back_finds_the_pieces_that_were_added_at_the_same_place(window):
    page = window()
    page.goto("/shop/")
    page.click(".paging [rel=next]")
    page.wait_for_url("**/shop/?page=2")
    last = page.locator(".cards > li").nth(7).locator("a")
    last.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")

    last.click()
    page.wait_for_url("**/product/**")
    page.go_back()

    expect(page).to_have_url(re.compile(r"/shop/\?page=2$"))
    expect(page.locator(".cards > li")).to_have_count(8)
    expect(page.locator("[fetchpriority=high]")).to_have_count(1)
    page.wait_for_function("before => Math.abs(scrollY - before) < 100", arg=before)


def test_what_was_seen_lately_stays_in_this_browser_until_it_is_forgotten(window):
    page = window()
    page.goto("/product/vid/")
    expect(page.locator("#recent")).to_be_hidden()
    page.goto("/shop/")
    page.click(".cards a:text('Lag plate 1')")

    expect(page.locator("#recent h3 a")).to_have_text(["Vid serving bowl"])
    page.click("#recent button")
    expect(page.locator("#recent")).to_be_hidden()
    page.reload()
    expect(page.locator("#recent")).to_be_hidden()


def test_another_choice_shows_its_price_stock_and_article(window):
    page = window()
    page.goto("/product/vid/")
    assert not page.is_visible("#picker [type=submit]")

    page.check("[name=colour][value=oat]", force=True)
    page.wait_for_url("**/product/vid/?colour=oat")

    expect(page.locator("#chosen")).to_have_text("Oat, €39.50, Only 5 left")
    expect(page.locator("#availability")).to_have_text("Only 5 left")
    expect(page.locator("[name=sku]")).to_have_value("VID-OAT")
    # The notes of the other choices follow from the server.
    page.wait_for_selector("#picker :text('Moss, −€3.00')")
    expect(page.locator("#price s")).to_have_count(0)


def test_a_quantity_is_stepped_without_leaving(window):
    page = window()
    page.goto("/product/vid/")
    page.click("[data-step='1']")
    page.click("[data-step='1']")
    page.click("[data-step='-1']")

    expect(page.locator("[name=quantity]")).to_have_value("2")


def test_the_bubble_counts_the_basket(window):
    page = window()
    fill_basket(page, 2)
    page.goto("/shop/")

    expect(page.locator(".bubble")).to_have_text("2")
    expect(page.locator("[data-basket]")).to_have_accessible_name("Basket, 2 pieces")


def test_escape_closes_the_menu_at_its_heading_and_so_does_a_press_beside_it(window):
    page = window(moves=True)
    page.goto("/")
    page.click(".nav summary")
    page.focus(".mega .lead")
    page.keyboard.press("Escape")

    expect(page.locator(".nav [open]")).to_have_count(0)
    expect(page.locator(".nav summary").first).to_be_focused()

    page.click(".nav summary")
    expect(page.locator(".nav [open]")).to_have_count(1)
    page.click("h1")

    expect(page.locator(".nav [open]")).to_have_count(0)


def test_the_total_follows_the_way_of_delivery(window):
    page = window()
    fill_basket(page)
    page.goto("/checkout/")
    assert not page.is_visible("#update")
    page.fill("#name", "Marta")

    page.check("[name=delivery][value=day]")
    page.wait_for_selector("#pay :text('€46.40')")

    expect(page.locator("[name=expected_total]")).to_have_value("46.40")
    expect(page.locator("#order-aside .grand")).to_contain_text("€46.40")
    expect(page.locator("#name")).to_have_value("Marta")
    expect(page.locator("[name=delivery][value=day]")).to_be_focused()


def test_errors_have_the_focus_and_nothing_typed_is_lost(window):
    page = window()
    fill_basket(page)
    page.goto("/checkout/")
    page.fill("#email", "marta")
    page.click("#pay [type=submit]")
    page.wait_for_selector("#errors")

    expect(page).to_have_title(re.compile("^Error"))
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#email")).to_have_value("marta")
    page.click("#errors a")
    expect(page.locator("#email")).to_be_focused()
