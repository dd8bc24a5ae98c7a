"""Wagtail's editor with a workspace open, as an editor's browser shows it."""

import itertools
import logging

import pytest
from playwright.sync_api import expect

from home.models import DynamicPage, HomePage, WorkspacePage
from tests.browser.test_accessibility import faults, look
from tests.browser.walking import come_in, send
from tests.builders import a_colleague, an_info_page

pytestmark = pytest.mark.browser
logger = logging.getLogger(__name__)
_names = itertools.count(1)

# Wagtail waits in seconds for people who type: here a tenth of that is enough.
HURRY = """
for (const timer of ["setTimeout", "setInterval"]) {
  const wait = window[timer];
  window[timer] = (deed, ms = 0, ...more) => wait(deed, ms / 10, ...more);
}
"""
# It compares a form with a first look at it: what is typed before that is no change. It
# looks a while after the form is there, and again if it has connected twice by then.
NOTE_FIRST_LOOK = """
let [due, isSeen] = [0, false];
document.addEventListener("w-unsaved:ready", () => { due += isSeen ? 0 : 1; });
document.addEventListener("w-unsaved:watch-edits", () => {
  isSeen = true;
  due -= 1;
  if (due <= 0) document.documentElement.dataset.watched = "1";
});
"""


@pytest.fixture
def about(shop):
    n = next(_names)
    return an_info_page(f"About us {n}", text="Four of us.")


@pytest.fixture
def admin(window, about):
    """A window of an editor who has logged in. Wagtail's admin is loud."""
    page = window(is_heard=False)
    _prepare(page, "first")
    come_in(page, a_colleague("Editors", f"sofia{next(_names)}"))
    return page


def beside(admin):
    """Another window of the same editor."""
    page = admin.context.new_page()
    _prepare(page, "second")
    return page


def _prepare(page, name: str) -> None:
    def note(request) -> None:
        if request.method == "POST":
            logger.warning("%s window: %s %s", name, request.url, request.post_data)

    page.add_init_script(HURRY + NOTE_FIRST_LOOK)
    # Told when a test fails: which window saved what.
    page.on("request", note)


def edit(page, about) -> None:
    page.goto(f"/admin/pages/{about.pk}/edit/")
    page.wait_for_selector("html[data-watched]")


def open_workspace(page, about) -> None:
    """Into a new workspace, and on in the editor there."""
    send(page, f"/drafts/into/page/{about.pk}/", name="Autumn campaign")
    edit(page, about)
    expect(page.locator(".ws-bar")).to_contain_text("Autumn campaign")


def expect_saved(page) -> None:
    saved = ".w-autosave-indicator__state--saved"
    expect(page.locator(saved)).to_be_visible()


def kept(about) -> WorkspacePage:
    return WorkspacePage.objects.get(page=about)


def test_what_is_typed_is_saved_into_the_workspace_and_previewed(admin, about):
    """Again and again: autosave goes on with the version it was answered."""
    open_workspace(admin, about)

    for title in ("One", "Two", "About the five"):
        with admin.expect_response(lambda answer: answer.request.method == "POST"):
            admin.fill("#id_title", title)
        expect_saved(admin)
    assert (kept(about).title, kept(about).version) == ("About the five", 3)

    admin.click("[data-side-panel-toggle=preview]")
    preview = admin.frame_locator("#w-preview-iframe")
    expect(preview.locator("h1")).to_have_text("About the five")
    about.refresh_from_db()
    assert not about.has_unpublished_changes


def test_a_press_on_save_waits_for_the_autosave_under_way(admin, about):
    open_workspace(admin, about)
    answers = []

    def hold_the_answer(route):
        answers.append((route, route.fetch()))

    admin.route(f"**/pages/{about.pk}/edit/", hold_the_answer, times=1)
    admin.fill("#id_title", "First words")
    while not answers:
        admin.wait_for_timeout(50)
    # The server has saved the first words; the form does not know yet.
    admin.fill("#id_title", "Last words")
    admin.click(".action-save")
    assert kept(about).title == "First words"
    route, answer = answers.pop()
    route.fulfill(response=answer)

    expect(admin.locator(".messages")).to_contain_text("is saved in the workspace")
    assert kept(about).title == "Last words"


def test_no_autosave_follows_a_press_on_save_that_is_under_way(admin, about):
    """They would carry the same version, and one of them would be refused."""
    open_workspace(admin, about)
    # Under way for as long as this test wants.
    admin.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    sent = []
    admin.on("request", lambda request: sent.append(request.method))
    admin.click(".action-save")

    admin.fill("#id_title", "Words on the way out")
    admin.wait_for_timeout(1500)

    assert "POST" not in sent


def test_a_tab_that_was_left_behind_saves_nowhere_and_keeps_its_text(admin, about):
    open_workspace(admin, about)
    other = beside(admin)
    other.goto("/admin/")
    other.click(".ws-bar button")
    expect(other.locator(".ws-bar")).to_have_count(0)

    admin.fill("#id_title", "Words that must not be lost")
    expect(admin.locator(".footer")).to_contain_text("which you have left")
    admin.click(".action-save")

    expect(admin.locator(".ws-refused textarea").first).to_have_value(
        "Words that must not be lost"
    )
    assert not WorkspacePage.objects.filter(page=about).exists()
    assert DynamicPage.objects.get(pk=about.pk).draft_title == about.title
    assert faults(admin, ".ws-refused") == []

    admin.click(".ws-refused form [type=submit]")
    expect(admin.locator(".ws-bar")).to_be_visible()
    assert kept(about).title == "Words that must not be lost"


def test_wagtails_own_tab_is_refused_once_a_workspace_is_open(admin, about):
    edit(admin, about)
    other = beside(admin)
    open_workspace(other, about)

    admin.fill("#id_title", "Meant for everybody")

    expect(admin.locator(".footer")).to_contain_text("after this form")
    assert DynamicPage.objects.get(pk=about.pk).draft_title == about.title


def test_a_second_window_is_asked_before_it_replaces_the_first(admin, about):
    open_workspace(admin, about)
    other = beside(admin)
    edit(other, about)
    other.fill("#id_title", "The other window")
    expect_saved(other)

    admin.fill("#id_title", "This window")
    expect(admin.locator(".footer")).to_contain_text("Another window has saved")
    admin.click(".action-save")

    notice = admin.locator(".ws-notice--serious")
    expect(notice).to_contain_text("Not saved")
    expect(admin.locator("#id_title")).to_have_value("This window")
    assert kept(about).title == "The other window"
    assert faults(admin, ".ws-notice--serious") == []

    notice.locator("[name=ws_overwrite]").check()
    admin.click(".action-save")
    expect(admin.locator(".messages")).to_contain_text("is saved in the workspace")
    assert kept(about).title == "This window"


def test_a_new_page_goes_on_at_its_own_address(admin, about):
    open_workspace(admin, about)
    home = HomePage.objects.get()
    admin.goto(f"/admin/pages/add/home/dynamicpage/{home.pk}/")
    admin.wait_for_selector("html[data-watched]")

    # The slug follows the keys.
    admin.locator("#id_title").press_sequentially("Kiln news")
    admin.wait_for_url("**ws_entry=*")
    admin.fill("#id_title", "Kiln news, warm")
    admin.click(".action-save")

    expect(admin.locator(".messages")).to_contain_text("“Kiln news, warm” is saved")
    admin.reload()
    expect(admin.locator("#id_title")).to_have_value("Kiln news, warm")
    entry = WorkspacePage.objects.get(kind="create", title="Kiln news, warm")
    assert not DynamicPage.objects.filter(title=entry.title).exists()


def test_the_choice_leads_into_the_editor_and_both_are_accessible_and_fit(admin, about):
    admin.goto(f"/drafts/into/page/{about.pk}/")
    for width in (390, 1280):
        look(admin, width, "light")
        assert faults(admin, ".ws-choice") == []
    admin.fill("[name=name]", "Autumn campaign")
    admin.click(".ws-choice [type=submit]")
    admin.wait_for_url(f"**/pages/{about.pk}/edit/")
    expect(admin.locator(".ws-bar")).to_contain_text("Autumn campaign")
    admin.wait_for_selector("html[data-watched]")

    for width in (1280, 390):
        look(admin, width, "light")
        assert faults(admin, ".ws-bar") == []
        for target in admin.locator(".ws-bar :is(a, button)").all():
            assert target.bounding_box()["height"] >= 44
        # What scrolls ends where the window does: nothing is pushed out of it.
        main = admin.locator("#main").bounding_box()
        assert main["y"] + main["height"] <= 900
