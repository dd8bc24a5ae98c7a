"""A whole campaign in real browsers: composed, looked at, shared, approved, published,
seen on a phone, and taken back."""

import re

import pytest
from playwright.sync_api import expect

from home.models import DraftWorkspace, HomePage, LayoutBlock
from tests.browser import walking
from tests.browser.test_accessibility import faults
from tests.builders import a_colleague, a_layout_block

pytestmark = pytest.mark.browser
# Beyond the content itself, for a landing page of six blocks.
MOST_CLICKS = 12
MAIN = re.compile(r"<body>.*</body>", re.DOTALL)
# The demo shop's sale counts down while editors work.
CLOCK = re.compile(r'<p class="clock".*?</p>', re.DOTALL)
BLOCKS = [
    ("Hero, words only", "title"),
    ("Banner", "title"),
    ("Product shelf", "heading"),
    ("Banner", "title"),
    ("Product shelf", "heading"),
    ("Banner", "title"),
]


def main(page) -> str:
    """All that a page shows, whatever the time."""
    return CLOCK.sub("", MAIN.search(page.content())[0])


def come_in(window, role: str, name: str):
    """The window of a new colleague, who has logged in."""
    page = window(is_heard=False)
    walking.come_in(page, a_colleague(role, name))
    return page


def is_form_sent(response) -> bool:
    """Of a press on Save. The address alone does not tell: an autosave that makes the
    page writes it anew, while the press still waits for it."""
    request = response.request
    return request.method == "POST" and request.is_navigation_request()


class Clicks:
    """Counts the clicks that are no content."""

    def __init__(self, page):
        self.page = page
        self.count = 0

    def __call__(self, selector: str) -> None:
        self.page.click(selector)
        self.count += 1


def add_block(page, n: int, label: str, field: str) -> None:
    """Content: a block of that kind at the end, with a few words in its first field."""
    page.locator("[data-streamfield-stream-container] > div > button").last.click()
    page.get_by_role("option", name=label, exact=True).click()
    field_of_block = page.locator(f"[name=body-{n}-value-{field}]")
    field_of_block.fill(f"Autumn {n}")


def compose_landing_page(page) -> int:
    """Six blocks in a workspace of its own, saved and on the storefront; returns the
    clicks it took beyond the content."""
    home = HomePage.objects.get()
    click = Clicks(page)
    page.goto("/drafts/")
    page.fill("[name=name]", "Autumn campaign")
    click("form[action$='/begin/'] [type=submit]")
    page.wait_for_url("**/")
    page.goto(f"/admin/pages/add/home/dynamicpage/{home.pk}/")
    click.count += 3  # In the admin: Pages, the home page, "Add child page".
    page.fill("#id_title", "Autumn at the kiln")
    for n, (label, field) in enumerate(BLOCKS):
        add_block(page, n, label, field)
    with page.expect_response(is_form_sent):
        click(".action-save")
    page.goto("/autumn-at-the-kiln/")
    click.count += 1  # "See it on the storefront".
    expect(page.locator("h1")).to_have_text("Autumn 0")
    return click.count


def test_a_campaign_from_the_first_block_to_the_way_back(window):
    first = a_layout_block("home", "Standing first", sort_order=10)
    a_layout_block("home", "Standing second", sort_order=20)
    news = LayoutBlock.objects.filter(position="announcement").first()
    visitor = window(390, is_new=True)
    visitor.goto("/")
    before = main(visitor)

    # The editor composes, stages and looks at everything.
    editor = come_in(window, "Editors", "sofia-campaign")
    # "Publish…", and then "Publish everything now", are still to come.
    assert compose_landing_page(editor) + 2 <= MOST_CLICKS
    assert faults(editor) == []
    editor.goto(f"/admin/snippets/home/layoutblock/edit/{news.pk}/")
    editor.fill("[name=content-0-value-line]", "Autumn has come.")
    with editor.expect_response(is_form_sent):
        editor.click(".action-save")
    editor.goto("/")
    editor.click(f"#block-published-{first.pk} summary")
    editor.click(f"#block-published-{first.pk} [value^=down]")
    editor.wait_for_url("**/#block-*")
    expect(editor.locator(".announce")).to_contain_text("Autumn has come.")
    order = editor.locator("main").inner_text()
    assert order.index("Standing second") < order.index("Standing first")
    assert faults(editor, ".draft-bar") == []
    editor.click(".draft-bar details summary >> nth=0")
    expect(editor.locator(".draft-bar .changes").first).to_contain_text("added")
    visitor.goto("/")
    assert main(visitor) == before
    assert visitor.request.get("/autumn-at-the-kiln/").status == 404

    # A reviewer without an account sees it, comments and approves.
    workspace = DraftWorkspace.objects.get(name="Autumn campaign")
    editor.goto(f"/drafts/{workspace.uuid}/share/")
    editor.click("form[action$='/share/'] [type=submit]")
    address = editor.locator("input[readonly]").input_value()
    reviewer = window()
    reviewer.goto(address)
    reviewer.wait_for_url(re.compile(r"/$"))
    expect(reviewer.locator(".announce")).to_contain_text("Autumn has come.")
    assert faults(reviewer, ".draft-bar") == []
    reviewer.click(".draft-bar .actions .button:has-text('Approve')")
    reviewer.wait_for_url("**/drafts/review/changes/#verdict")
    assert faults(reviewer) == []
    reviewer.fill("#comment-name", "Ana")
    reviewer.fill("#comment-text", "Lovely.")
    reviewer.click("#comment [type=submit]")
    reviewer.wait_for_url("**/#comments")
    reviewer.fill("#verdict-name", "Ana")
    reviewer.click("#decide [value=approved]")
    reviewer.wait_for_url("**/#verdict")
    expect(reviewer.locator("main")).to_contain_text("Ana approved")

    # It is handed over, and a publisher makes all of it live.
    editor.goto(f"/drafts/{workspace.uuid}/")
    expect(editor.locator("main")).to_contain_text("Lovely.")
    with editor.expect_navigation():
        editor.click("form[action$='/hand-over/'] [type=submit]")
    publisher = window(is_heard=False)
    walking.log_in(publisher, a_colleague("Publishers", "henrik-campaign").username)
    publisher.goto(f"/drafts/{workspace.uuid}/publish/")
    publisher.click("text=Publish everything now")
    expect(publisher.locator("main")).to_contain_text("Went live")

    # A phone sees it.
    visitor.goto("/autumn-at-the-kiln/")
    expect(visitor.locator("h1")).to_have_text("Autumn 0")
    visitor.goto("/")
    expect(visitor.locator(".announce")).to_contain_text("Autumn has come.")
    order = visitor.locator("main").inner_text()
    assert order.index("Standing second") < order.index("Standing first")
    assert faults(visitor) == []

    # Two clicks bring the earlier state back, exactly.
    publisher.click("text=Take it back…")
    publisher.click("text=Take everything back now")
    expect(publisher.locator("main")).to_contain_text("taken back since")
    visitor.goto("/")
    assert main(visitor) == before
    assert visitor.request.get("/autumn-at-the-kiln/").status == 404
