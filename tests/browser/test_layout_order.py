"""The order of blocks in the admin, and a block's preview, as an editor's browser has
them."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from home.models import LayoutBlock
from tests.browser.test_accessibility import check_looks, faults, look
from tests.browser.walking import come_in, tab_to
from tests.builders import a_colleague, a_layout_block

pytestmark = pytest.mark.browser
ORDER = "/admin/snippets/home/layoutblock/order/home/"


@pytest.fixture
def three(shop):
    """Three blocks at a position of their own, gone afterwards."""
    blocks = [
        a_layout_block(title=title, sort_order=n)
        for n, title in enumerate(("First", "Second", "Third"))
    ]
    yield blocks
    LayoutBlock.objects.filter(pk__in=[block.pk for block in blocks]).delete()


@pytest.fixture
def colleague(shop):
    user = a_colleague("Publishers", "henrik")
    yield user
    user.delete()


@pytest.fixture
def admin(window, colleague):
    """A window of a publisher who has signed in."""
    page = window(is_heard=False)
    come_in(page, colleague)
    return page


def titles(page):
    return page.locator(".order-list .order-words > a")


def up(block) -> str:
    return f'button[name="up"][value="{block.pk}"]'


def down(block) -> str:
    return f'button[name="down"][value="{block.pk}"]'


def test_blocks_are_ordered_with_the_keyboard_alone(admin, three):
    page = admin
    page.goto(ORDER)
    page.evaluate("window.isSamePage = true")

    tab_to(page, up(three[2]))
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["First", "Third", "Second"])
    expect(page.locator(".messages")).to_contain_text("“Third” is now 2 of 3.")
    expect(page.locator(up(three[2]))).to_be_focused()

    # At the top its button is spent, so the focus goes to the other one.
    page.keyboard.press("Space")
    expect(titles(page)).to_have_text(["Third", "First", "Second"])
    expect(page.locator(".messages")).to_contain_text("“Third” is now 1 of 3.")
    expect(page.locator(down(three[2]))).to_be_focused()

    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["First", "Third", "Second"])
    expect(page.locator(down(three[2]))).to_be_focused()
    assert page.evaluate("window.isSamePage")
    assert [str(b) for b in LayoutBlock.objects.filter(position="home")] == [
        "First",
        "Second",
        "Third",
    ]


def test_the_order_is_published_with_the_keyboard(admin, three):
    page = admin
    page.goto(ORDER)
    page.focus(down(three[0]))
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["Second", "First", "Third"])

    tab_to(page, "[name=publish]")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("The order is live.")

    page.goto("/")
    shown = page.locator("main").inner_text()
    assert shown.index("Second") < shown.index("First") < shown.index("Third")


def test_blocks_are_dragged(admin, three):
    page = admin
    page.goto(ORDER)

    third = page.locator(".order-list li", has_text="Third")
    first = page.locator(".order-list li", has_text="First")
    third.locator(".order-handle").drag_to(first, target_position={"x": 200, "y": 5})

    expect(titles(page)).to_have_text(["Third", "First", "Second"])
    expect(page.locator(".messages")).to_contain_text("“Third” is now 1 of 3.")
    page.reload()
    expect(titles(page)).to_have_text(["Third", "First", "Second"])


def test_without_script_the_same_buttons_send_the_page(window, colleague, three):
    page = window(script=False)
    come_in(page, colleague)
    page.goto(ORDER)

    page.click(up(three[2]))

    expect(titles(page)).to_have_text(["First", "Third", "Second"])
    expect(page.locator(".messages")).to_contain_text("“Third” is now 2 of 3.")
    assert not page.locator(".order-handle").first.is_visible()


def test_a_move_that_is_not_saved_is_said(admin, three):
    page = admin
    page.goto(ORDER)
    page.route(f"**{ORDER}", lambda route: route.abort())

    page.click(up(three[2]))

    expect(page.locator(".messages")).to_contain_text("The order was not saved.")
    expect(titles(page)).to_have_text(["First", "Second", "Third"])


def test_the_page_has_no_fault(admin, three):
    page = admin
    page.goto(ORDER)
    page.click(up(three[2]))
    expect(titles(page)).to_have_text(["First", "Third", "Second"])

    for scheme in ("light", "dark"):
        look(page, 1280, scheme)
        assert faults(page, ".content-wrapper .nice-padding") == []
    for button in page.locator(".order-list button, .order-places a").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.querySelector('#order').scrollWidth") <= 390


def test_the_panel_beside_the_editor_shows_a_preview(admin, shop):
    block = _switched_off("home")
    admin.goto(f"/admin/snippets/home/layoutblock/edit/{block.pk}/")
    admin.wait_for_load_state("networkidle")
    admin.click("[data-side-panel-toggle=preview]")

    shown = admin.frame_locator("#w-preview-iframe")
    expect(shown.locator("[aria-label='About this preview']")).to_contain_text(
        "switched off"
    )


@pytest.mark.parametrize(
    ("position", "part"),
    [
        ("catalog", None),
        # The rest is that of the catalogue, or a home page looked at elsewhere.
        ("home", "main > :last-child"),
        ("product", "main"),
        ("cart", "main"),
        ("announcement", ".announce"),
        ("header", ".site-header"),
        ("footer", ".site-footer"),
    ],
)
def test_a_preview_has_no_fault(admin, position, part):
    block = _switched_off(position)
    page = admin
    names = "wagtailsnippets_home_layoutblock:revisions_view"
    page.goto(reverse(names, args=[block.pk, block.latest_revision.pk]))
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator("[aria-label='About this preview']")).to_contain_text(
        "switched off"
    )
    check_looks(page, part)


def _switched_off(position: str) -> LayoutBlock:
    found = LayoutBlock.objects.filter(position=position).first()
    block = found or a_layout_block(position, f"Words at {position}")
    block.is_active = False
    block.save_revision()
    return block
