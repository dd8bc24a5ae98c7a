"""A block in the preview panel: inside the real page, through the eyes of a mode."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Site

from home import storefront
from home.models import LayoutBlock
from tests.builders import (
    a_category,
    a_colleague,
    a_layout_block,
    a_product,
    a_workspace,
    an_announcement,
    stage_block,
    stream_of,
)
from tests.home.drafts.looking import enter

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NAMES = "wagtailsnippets_home_layoutblock"


def preview(block, mode="", **request_attributes) -> str:
    answer = block.make_preview_request(None, mode, request_attributes)
    assert answer.status_code == 200
    return answer.content.decode()


def edited(block, words, **values):
    """The block as its form has it now, unsaved."""
    block.content = stream_of(("text", {"text": f"<p>{words}</p>"}))
    for name, value in values.items():
        setattr(block, name, value)
    return block


# In the page where it will stand


@pytest.mark.parametrize(
    ("position", "landmark"),
    [
        ("announcement", 'id="hide-announcement"'),
        ("header", 'class="site-header"'),
        ("home", "application/ld+json"),
        ("catalog", 'id="results"'),
        ("product", 'class="buy"'),
        ("cart", 'class="lines"'),
        ("footer", 'class="site-footer'),
    ],
)
def test_it_stands_in_the_real_page(position, landmark):
    a_product()
    a_layout_block(position, "A neighbour")
    block = edited(a_layout_block(position, "As published", sort_order=1), "As edited")

    shown = preview(block)
    assert landmark in shown
    assert "A neighbour" in shown and "As edited" in shown
    assert "As published" not in shown
    assert shown.index("A neighbour") < shown.index("As edited")


@pytest.mark.parametrize("position", ["catalog", "product", "cart"])
def test_a_shop_with_nothing_for_sale_still_shows_it(position):
    assert "As edited" in preview(edited(a_layout_block(position), "As edited"))


def test_a_new_block_is_previewed_before_it_is_saved():
    a_layout_block("home", "A neighbour")
    new = LayoutBlock(position="home", title="New")

    shown = preview(edited(new, "Brand new"))
    assert shown.index("A neighbour") < shown.index("Brand new")


def test_the_product_page_is_that_of_the_piece_it_depends_on():
    chosen, newer = a_product("Chosen bowl"), a_product("Newer bowl")
    block = a_layout_block("product", only_in_stock=True, stock_product=chosen)

    assert f"<h1>{chosen.title}</h1>" in preview(block)
    assert f"<h1>{newer.title}</h1>" in preview(a_layout_block("product"))


def test_the_basket_of_the_preview_is_nobodys():
    from checkout.models import Cart

    a_product("Vid serving bowl")

    shown = preview(a_layout_block("cart"))
    assert "Vid serving bowl" in shown
    assert not Cart.objects.exists()


# Through whose eyes


def test_a_preview_knows_nothing_of_the_editors_own_visits(client):
    editor = a_colleague("Editors", "sofia")
    client.force_login(editor)
    announcement = an_announcement("Free delivery.")
    key = storefront.load(Site.objects.get()).announcement_key
    client.cookies["hidden"] = key

    url = reverse(f"{NAMES}:preview_on_edit", args=[announcement.pk])
    client.post(url, form_of(announcement))
    shown = client.get(url).content.decode()

    assert "Free delivery." in shown


def form_of(block) -> dict:
    value = block.content[0].value
    return {
        "title": block.title,
        "position": block.position,
        "sort_order": 0,
        "is_active": "on",
        "content-count": 1,
        "content-0-type": "announcement",
        "content-0-order": 0,
        "content-0-deleted": "",
        "content-0-value-line": value["line"],
        "content-0-value-links-count": 0,
        "content-0-value-glaze": value["glaze"],
    }


def test_a_customer_is_signed_in_and_a_shopper_is_not(rf, monkeypatch):
    from home import previews

    seen = []
    monkeypatch.setattr(
        previews, "_page", lambda request, block: seen.append(request.user) or _empty()
    )
    block = a_layout_block()
    preview(block)
    preview(block, "customer")

    assert [user.is_authenticated for user in seen] == [False, True]
    assert seen[1].pk is None


def _empty():
    from django.http import HttpResponse

    return HttpResponse("")


def test_the_preview_of_an_open_workspace_has_its_other_changes():
    workspace = a_workspace()
    neighbour, block = a_layout_block(title="Neighbour"), a_layout_block(sort_order=1)
    stage_block(workspace, neighbour, content=stream_of(("text", {"text": "Staged"})))

    from home.drafts.viewing import Viewing

    shown = preview(edited(block, "As edited"), draft=Viewing(workspace=workspace))
    assert "Staged" in shown and "As edited" in shown
    assert "Staged" not in preview(block)


def test_a_workspaces_copy_is_shown_once():
    from home.drafts.viewing import Viewing

    workspace, block = a_workspace(), a_layout_block()
    copy = stage_block(workspace, block, content=stream_of(("text", {"text": "Copy"})))

    viewing = Viewing(workspace=workspace)
    for one in (edited(block, "As edited"), edited(copy, "As edited")):
        shown = preview(one, draft=viewing)
        assert shown.count("As edited") == 1
        assert "Copy" not in shown


def test_without_one_no_preview_shows_a_workspace(client):
    editor = a_colleague("Editors", "sofia")
    workspace, block = a_workspace(owner=editor), an_announcement("Live.")
    stage_block(workspace, block, line="Staged.")
    client.force_login(editor)
    enter(client, workspace)

    shown = block.make_preview_request(client.get("/admin/").wsgi_request, "")
    assert "Live." in shown.content.decode()
    assert "Staged." not in shown.content.decode()


# When


def test_the_modes_follow_from_the_dates_of_the_block():
    block = a_layout_block()
    assert [name for name, _ in block.preview_modes] == [
        "",
        "customer",
        "tomorrow",
        "week",
    ]

    block.go_live_at = block.expire_at = timezone.now()
    assert [name for name, _ in block.preview_modes][4:] == ["go_live", "expiry"]


def test_now_it_shows_whatever_its_own_dates_and_says_what_visitors_see():
    block = a_layout_block(go_live_at=timezone.now() + HOUR)

    shown = preview(edited(block, "As edited"))
    assert "As edited" in shown
    assert "visitors do not see this block. Not yet: goes live" in shown


@pytest.mark.parametrize(
    ("mode", "is_shown"),
    [("tomorrow", False), ("week", True), ("go_live", True), ("expiry", False)],
)
def test_at_another_time_it_shows_as_it_will_then(mode, is_shown):
    now = timezone.now()
    dates = {
        "go_live_at": now + timedelta(days=2),
        "expire_at": now + timedelta(days=9),
    }

    shown = preview(edited(a_layout_block(), "As edited", **dates), mode)
    assert ("As edited" in shown) == is_shown
    assert ("visitors do not see this block" in shown) != is_shown


def test_its_neighbours_follow_the_same_clock():
    a_layout_block(title="Over by then", expire_at=timezone.now() + HOUR)
    block = a_layout_block()

    assert "Over by then" in preview(block)
    assert "Over by then" not in preview(block, "tomorrow")


def test_a_sold_out_condition_is_told():
    gone = a_product("Uma bowl", stock=0)
    block = a_layout_block(only_in_stock=True, stock_product=gone)

    shown = preview(edited(block, "As edited"))
    assert "As edited" in shown
    assert "“Uma bowl” is sold out or not for sale" in shown


def test_a_stand_in_is_shown_though_another_takes_its_place():
    a_layout_block(title="Lead")
    stand_in = a_layout_block(title="Stand-in", sort_order=1, is_stand_in=True)

    shown = preview(edited(stand_in, "As edited"))
    assert "As edited" in shown
    assert "stands in for the block above" in shown


def test_a_shown_block_needs_no_explanation():
    assert "About this preview" not in preview(a_layout_block())


@pytest.mark.parametrize("mode", ["nonsense", "go_live", "expiry", "<b>"])
def test_a_mode_that_is_none_is_now(mode):
    assert "As edited" in preview(edited(a_layout_block(), "As edited"), mode)


# Where else


def test_a_block_of_another_site_or_language_is_shown_all_the_same():
    here = Site.objects.get()
    other = Site.objects.create(hostname="other.example", root_page=here.root_page)
    french = Locale.objects.create(language_code="fr")

    for values in ({"site": other}, {"locale": french}):
        assert "As edited" in preview(edited(a_layout_block(**values), "As edited"))


def test_a_preview_is_private_and_leaves_nothing_behind(client):
    block = an_announcement("Live.")
    preview(edited(block, "Secret"))

    answer = block.make_preview_request(None, "")
    assert "private" in answer["Cache-Control"]
    assert not answer.cookies
    assert "Secret" not in client.get("/").content.decode()


def test_a_list_in_a_preview_shows_what_is_for_sale():
    a_product("Vid serving bowl", category=a_category("Bowls"))

    assert "Vid serving bowl" in preview(a_layout_block("catalog"))


def test_the_panel_has_three_sizes_and_all_modes(client):
    client.force_login(a_colleague("Editors"))
    block = a_layout_block()

    page = client.get(reverse(f"{NAMES}:edit", args=[block.pk])).content.decode()
    for size in ("mobile", "tablet", "desktop"):
        assert f'value="{size}"' in page
    for name, label in block.preview_modes:
        assert f'<option value="{name}"' in page and label in page
