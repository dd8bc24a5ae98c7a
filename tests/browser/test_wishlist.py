"""The wishlist in real browsers: kept without an account, joined with one, and lost
neither by a cut line nor to the next person."""

import json
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shop.models import Product
from shop.prices import change_price
from shop.relist import relist
from tests.browser.test_accounts import check_both, log_in
from tests.browser.walking import come_in, tab_to
from tests.home.accounts.coming_in import (
    PASSWORD,
    a_shopper,
    link_in,
    post_letters,
)
from tests.wishlist.wishing import kept, merged
from wishlist import sharing
from wishlist.merge import Wish

pytestmark = pytest.mark.browser
STORED = "JSON.parse(localStorage.wishlist).items.map(item => item.productId)"
MERGE = "**/api/wishlist/merge"


def heart(page, name="Lag plate 0"):
    return page.locator(f"button.heart[aria-label='Save {name} to wishlist']").first


def press(page, name="Lag plate 0") -> None:
    page.goto("/search/?q=lag")
    heart(page, name).click()
    expect(heart(page, name)).to_have_attribute("aria-pressed", "true")


def wait_until_forgotten(page) -> None:
    """Asked from outside: the shop's policy lets no page be asked in a loop."""
    for _ in range(200):
        if page.evaluate(STORED) == []:
            return
        page.wait_for_timeout(50)
    raise AssertionError("The list is still in the browser.")


def number(name="Lag plate 0") -> int:
    return Product.objects.get(title=name).pk


def test_from_a_heart_to_an_account_with_the_same_list(window):
    page = window()
    press(page)
    page.goto("/wishlist/")
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")
    check_both(page)

    page.goto("/account/signup/")
    page.fill("#email", "new@example.org")
    page.fill("#password1", PASSWORD)
    page.press("#password1", "Enter")
    page.wait_for_url("**/account/confirm-email/")
    [letter] = [x for x in post_letters() if x.to == ["new@example.org"]]
    page.goto(link_in(letter, "confirm-email/"))
    with page.expect_response(MERGE):
        page.click("main form[method=post] [type=submit]")
    wait_until_forgotten(page)

    page.goto("/wishlist/")
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")
    check_both(page)
    page.goto("/search/?q=lag")
    expect(heart(page)).to_have_attribute("aria-pressed", "true")


def test_a_line_cut_before_or_after_the_commit_loses_and_doubles_nothing(window):
    user = a_shopper("cut@example.org")
    page = window(is_heard=False)
    log_in(page, "cut@example.org")
    page.route(MERGE, lambda route: route.abort())
    press(page)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(STORED) == [number()] and kept(user) == {}

    def cut_the_answer(route):
        route.fetch()
        route.abort()

    # The session has run out, and the page does not know it yet.
    page.unroute(MERGE)
    session = [c for c in page.context.cookies() if c["name"] == "sessionid"]
    page.context.clear_cookies(name="sessionid")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(STORED) == [number()] and kept(user) == {}
    page.context.add_cookies(session)

    page.route(MERGE, cut_the_answer)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(STORED) == [number()] and set(kept(user)) == {number()}

    page.unroute(MERGE)
    page.reload()
    wait_until_forgotten(page)
    assert set(kept(user)) == {number()}
    expect(heart(page)).to_have_attribute("aria-pressed", "true")


def test_without_scripts_the_session_keeps_it(window):
    page = window(script=False)
    page.goto("/search/?q=lag")
    heart(page).click()
    page.wait_for_url("**/wishlist/")
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")

    page.click("#wishes .heart")
    expect(page.locator("main")).to_contain_text("Lag plate 0 is off the list.")
    page.click("main .notice [type=submit]")
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")


def test_with_storage_that_is_blocked_or_full_the_session_keeps_it(window):
    for storage in (
        "Object.defineProperty(window, 'localStorage', {get() { throw 0 }})",
        "Storage.prototype.setItem = () => { throw new DOMException('full') }",
    ):
        page = window()
        page.add_init_script(storage)
        page.goto("/search/?q=lag")
        heart(page).click()
        page.wait_for_url("**/wishlist/")
        expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")


def test_old_damaged_and_huge_storage_is_an_empty_list(window):
    page = window()
    page.goto("/search/?q=lag")
    for stored in ("{", "[]", "null", json.dumps({"version": 0}), "x" * 4_000_000):
        page.evaluate("text => { localStorage.wishlist = text }", stored)
        page.reload()
        expect(heart(page)).to_have_attribute("aria-pressed", "false")
        heart(page).click()
        expect(heart(page)).to_have_attribute("aria-pressed", "true")


def test_two_tabs_agree_and_what_is_taken_off_can_be_put_back(window):
    page = window()
    press(page)
    other = page.context.new_page()
    other.goto("/search/?q=lag")
    expect(heart(other)).to_have_attribute("aria-pressed", "true")

    page.goto("/wishlist/")
    page.click("#wishes .heart")
    expect(page.locator("#undo")).to_contain_text("Lag plate 0 is off the list.")
    expect(heart(other)).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Enter")
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")
    expect(heart(other)).to_have_attribute("aria-pressed", "true")

    page.click("#wishes .card [type=submit]")
    page.wait_for_url("**/cart/")
    assert page.evaluate(STORED) == []


def test_what_costs_less_than_when_it_was_kept_says_so(window):
    product = Product.objects.get(title="Lag plate 2")
    page = window()
    press(page, "Lag plate 2")
    price = product.variants.get().price - 10
    change_price(product.variants.get().pk, price, now=timezone.now())
    relist([product.pk])

    page.goto("/wishlist/")

    expect(page.locator("#wishes .card .badge")).to_have_text("€10.00 less")


def test_on_a_shared_computer_nobody_takes_the_last_persons_list(window):
    a_shopper("first@example.org")
    second = a_shopper("second@example.org")
    page = window()
    log_in(page, "first@example.org")
    with page.expect_response(MERGE):
        press(page)
    wait_until_forgotten(page)
    page.goto("/account/logout/")
    page.click("main form[method=post] [type=submit]")
    page.goto("/search/?q=lag")
    expect(heart(page)).to_have_attribute("aria-pressed", "false")

    # A guest's heart from before anybody logged out here, as an old tab would keep it.
    old = {
        "version": 1,
        "owner": "",
        "items": [
            {"productId": number("Lag plate 1"), "addedAt": "2026-01-02T03:04:05Z"}
        ],
    }
    page.evaluate("text => { localStorage.wishlist = text }", json.dumps(old))
    with page.expect_response(MERGE):
        log_in(page, "second@example.org")
    page.goto("/wishlist/")
    expect(page.locator("#offered")).to_be_visible()
    assert kept(second) == {}
    with page.expect_response(MERGE):
        page.click("#take")
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 1")
    assert set(kept(second)) == {number("Lag plate 1")}


def test_every_step_is_taken_by_keyboard(window):
    """Kept, taken off, put back, brought along through the log-in, and shared."""
    a_shopper("keys@example.org")
    page = window()
    page.goto("/search/?q=lag")
    tab_to(page, "button.heart[aria-label='Save Lag plate 0 to wishlist']")
    page.keyboard.press("Enter")
    expect(heart(page)).to_have_attribute("aria-pressed", "true")

    page.goto("/wishlist/")
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")
    tab_to(page, "#wishes .heart")
    page.keyboard.press("Enter")
    expect(page.locator("#undo")).to_contain_text("Lag plate 0 is off the list.")
    page.keyboard.press("Enter")
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")

    tab_to(page, "main a[href^='/account/login/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/**")
    for field, words in (("login", "keys@example.org"), ("password", PASSWORD)):
        tab_to(page, f"#{field}")
        page.keyboard.type(words)
    with page.expect_response(MERGE):
        page.keyboard.press("Enter")
    # The page comes again by itself, with what was merged.
    expect(page.locator("#wishes .card")).to_contain_text("Lag plate 0")
    expect(page.locator("#share")).to_be_visible()
    tab_to(page, "#share [type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#link")).to_have_value(re.compile("/wishlist/shared/"))
    check_both(page)


def test_a_present_is_marked_and_taken_back_by_keyboard_and_told_to_who_is_late(window):
    """Among pieces that are to be had, reduced or sold out, and with a look at the list
    as everybody who may see it has it."""
    marta = a_shopper("gift@example.org")
    names = ("Lag plate 0", "Lag plate 1", "Vid serving bowl", "Uma bowl")
    merged(marta, *(Wish(number(name)) for name in names), now=timezone.now())
    shared = f"/wishlist/shared/{sharing.share(marta.pk, now=timezone.now())}/"
    first, late, owner = window(), window(), window()
    late.goto(shared)
    first.goto(shared)
    tab_to(first, "[aria-label='I am getting this: Lag plate 0']")
    first.keyboard.press("Enter")
    expect(first.locator("main")).to_contain_text("You are getting this")
    check_both(first)

    late.click("[aria-label='I am getting this: Lag plate 0']")
    expect(late.get_by_role("alert")).to_contain_text("Somebody was quicker")
    expect(late.locator("main")).to_contain_text("Somebody is getting this")
    check_both(late)

    come_in(owner, marta)
    owner.goto(shared)
    expect(owner.locator("main")).not_to_contain_text("getting this")
    check_both(owner)
    owner.goto("/wishlist/")
    check_both(owner)

    # Back at the piece, and not at the top of the page.
    first.keyboard.press("Tab")
    assert first.evaluate("document.activeElement.closest('li').id") == (
        f"piece-{number()}"
    )
    tab_to(first, "[aria-label='Take it back: Lag plate 0']")
    first.keyboard.press("Enter")
    expect(first.locator("main")).not_to_contain_text("You are getting this")
