"""The draft bar in real browsers: pressed twice, looked through, brought back."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import expect

from home.models import DraftWorkspace, LayoutBlock
from tests.browser.test_accessibility import faults
from tests.browser.test_campaign import come_in
from tests.browser.walking import send
from tests.builders import a_layout_block, a_workspace

pytestmark = pytest.mark.browser


def test_a_block_is_moved_hidden_and_brought_back_from_the_page(window):
    first = a_layout_block("home", "Standing first", sort_order=1000)
    second = a_layout_block("home", "Standing second", sort_order=1010)
    editor = come_in(window, "Editors", "sofia-stages")
    send(editor, "/drafts/begin/", name="Staged from the page")
    editor.goto("/")
    expect(editor.locator(".draft-bar")).to_contain_text("Staged from the page")
    marker = editor.locator(f"#block-published-{second.pk}")
    marker.locator("summary").click()
    marker.locator("[value^=up]").click()
    editor.wait_for_url("**/#block-*")
    text = editor.locator("main").inner_text()
    assert text.index("Standing second") < text.index("Standing first")

    # The same press again, from a window that is older than the draft.
    older = editor.context.new_page()
    older.goto("/")
    copy = LayoutBlock.all_objects.get(draft_of=second)
    editor.goto("/")
    marker = editor.locator(f"#block-published-{first.pk}")
    marker.locator("summary").click()
    marker.locator("[value^=remove]").click()
    expect(editor.locator(marker_of(first))).to_have_count(0)
    stale = older.locator(marker_of(second))
    stale.locator("summary").click()
    stale.locator("[value^=down]").click()
    expect(older.locator("h1")).to_have_text("Nothing was changed")
    assert faults(older) == []
    older.click("main a")
    expect(older.locator(marker_of(second))).to_have_count(1)
    assert LayoutBlock.all_objects.get(pk=copy.pk).sort_order == copy.sort_order

    editor.click(".draft-bar details summary >> nth=0")
    editor.click("[form=draft-forget]")
    expect(editor.locator(marker_of(first))).to_have_count(1)
    assert faults(editor, ".draft-bar") == []


def marker_of(block) -> str:
    return f"#block-published-{block.pk}"


def test_the_time_machine_leads_there_and_back_in_the_same_workspace(window):
    publisher = come_in(window, "Publishers", "henrik-travels")
    henrik = get_user_model().objects.get(username="henrik-travels")
    workspace = a_workspace("Looked at ahead", henrik, now=timezone.now())
    publisher.goto(f"/drafts/{workspace.uuid}/")
    publisher.click("form[action$='/enter/'] [type=submit]")
    publisher.wait_for_url(lambda address: "/drafts/" not in address)
    expect(publisher.locator(".draft-bar")).to_contain_text("Looked at ahead")
    publisher.goto("/drafts/")
    publisher.fill("#at", "2031-07-01T09:30")
    publisher.click("form[action$='/as-of/'] [type=submit]")
    bar = publisher.locator(".draft-bar")
    expect(bar).to_contain_text("As of Tue 1 Jul 2031, 09:30")
    assert faults(publisher, ".draft-bar") == []

    bar.get_by_role("button", name="Back to now").click()

    expect(bar).not_to_contain_text("As of")
    expect(bar).to_contain_text("Looked at ahead")
    assert DraftWorkspace.objects.get(name="Looked at ahead").is_open
