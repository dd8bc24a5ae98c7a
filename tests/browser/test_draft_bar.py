"""A draft on the storefront: its bar and what stands under each block, by axe, in both
schemes, on a phone, at 320 px, and by keyboard alone."""

import itertools

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from home.models import LayoutBlock
from tests.browser.test_accessibility import check_looks
from tests.browser.test_campaign import come_in
from tests.browser.walking import send
from tests.builders import (
    a_layout_block,
    a_workspace,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_page,
)

pytestmark = pytest.mark.browser
_names = itertools.count(1)


@pytest.fixture
def owner(window):
    """The window of an editor who looks through a workspace with a few changes."""
    name = f"sofia-draft-{next(_names)}"
    page = come_in(window, "Editors", name)
    sofia = get_user_model().objects.get(username=name)
    workspace = a_workspace("Autumn campaign", sofia)
    about = an_info_page(f"About {name}", text="Four of us.")
    stage_page(workspace, about, text="Five of us.")
    blocks = [a_layout_block("home", f"{word} of {name}") for word in ("Bowl", "Cup")]
    stage_block(workspace, blocks[1], title="The cup")
    stage_new_block(workspace, "home", f"Plate of {name}", sort_order=99)
    send(page, f"/drafts/{workspace.uuid}/enter/")
    page.goto("/")
    expect(page.locator(".draft-bar")).to_contain_text("Autumn campaign")
    return page


def test_the_bar_has_no_fault_with_its_lists_closed_and_open(owner):
    check_looks(owner)

    for panel in owner.locator(".draft-bar details").all():
        panel.locator("summary").click()
        expect(panel).to_have_attribute("open", "")
        check_looks(owner, ".draft-bar")
        panel.locator("summary").click()


def test_what_stands_under_a_block_has_no_fault_open(owner):
    for marker in owner.locator("main .draft-marker").all()[:3]:
        marker.locator("summary").click()
    expect(owner.locator("main .draft-marker[open]")).to_have_count(3)

    check_looks(owner, "main .draft-marker")


def test_a_block_is_moved_and_hidden_by_keyboard_alone(owner):
    marker = owner.locator("main .draft-marker").filter(has_text="Plate of")
    assert words_in_order(owner)[-1].startswith("Plate of")

    marker.locator("summary").focus()
    owner.keyboard.press("Enter")
    expect(marker).to_have_attribute("open", "")
    press_on(owner, "Up")

    expect(owner.locator(".draft-marker:target")).to_contain_text("Plate of")
    assert words_in_order(owner)[-2].startswith("Plate of")

    owner.locator(".draft-marker:target summary").focus()
    owner.keyboard.press("Enter")
    press_on(owner, "Hide")
    expect(owner.locator("main")).not_to_contain_text("Plate of")
    hidden = LayoutBlock.all_objects.filter(draft_session_key__isnull=False)
    assert hidden.filter(is_active=False).count() == 1


def words_in_order(page) -> list[str]:
    """The words of the blocks of these tests, as they stand on the page."""
    lines = page.locator("main").inner_text().splitlines()
    return [line for line in lines if " of sofia-draft-" in line]


def press_on(page, name: str) -> None:
    """Tab to the next button of that name, and press it."""
    for _ in range(9):
        page.keyboard.press("Tab")
        words = page.evaluate("document.activeElement.textContent.trim()")
        if words.startswith(name):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"No way to {name!r} by Tab")
