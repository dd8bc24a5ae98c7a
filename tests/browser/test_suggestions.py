"""Suggestions under the search field, by keyboard and pointer, and without them."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import check_looks

pytestmark = pytest.mark.browser


@pytest.fixture
def field(window):
    page = window()
    page.goto("/shop/")
    return page.get_by_role("combobox", name="Search the shop")


def offered(page):
    """Not the orders of the list, which are options too."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def test_arrows_choose_and_enter_opens(field):
    page = field.page
    field.press_sequentially("vid")
    options = offered(page)
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("search [role=status]")).to_have_text("1 suggestion")

    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", chosen)
    expect(field).to_be_focused()
    field.press("Enter")

    page.wait_for_url("**/product/vid/")


def test_enter_without_a_choice_searches(field):
    field.press_sequentially("vid")
    expect(offered(field.page)).to_have_count(2)

    field.press("Enter")

    field.page.wait_for_url("**/search/?q=vid")


def test_escape_closes_and_keeps_the_words(field):
    field.press_sequentially("bow")
    expect(field.page.get_by_role("option", name="Bowls")).to_be_visible()

    field.press("Escape")

    expect(field.page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("bow")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_a_press_opens_a_category(field):
    field.press_sequentially("bow")

    field.page.get_by_role("option", name="Bowls").click()

    field.page.wait_for_url("**/shop/tableware/bowls/")


def test_nothing_to_suggest_is_said(field):
    field.press_sequentially("zzzz")

    status = field.page.locator("search [role=status]")
    expect(status).to_have_text("No suggestions; Enter searches all")
    expect(field.page.get_by_role("listbox")).to_be_hidden()


def test_an_open_list_has_no_faults(field):
    field.press_sequentially("lag")
    expect(offered(field.page)).to_have_count(6)

    check_looks(field.page)


def test_without_script_the_field_searches(window):
    page = window(script=False)
    page.goto("/shop/")

    page.get_by_role("searchbox", name="Search the shop").fill("vid")
    page.get_by_role("button", name="Search").click()

    page.wait_for_url("**/search/?q=vid")
    expect(page.locator("#count")).to_have_text("1 piece")
