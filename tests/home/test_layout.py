"""Which layout blocks a visitor sees: place, site, language, time, stock, stand-ins."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Site

from home import showing, storefront
from home.models import LayoutBlock
from home.positions import Position
from home.showing import Reason
from tests.builders import (
    NOON,
    a_layout_block,
    a_product,
    a_workspace,
    an_announcement,
    stage_block,
)
from tests.many import many_layout_blocks, many_products

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def html(client, path="/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def reasons(*blocks, now=NOON) -> list[Reason]:
    found = {
        block.pk: reason
        for block, reason in showing.judge(LayoutBlock.objects.standing(), now=now)
    }
    return [found.get(block.pk, Reason.DRAFT) for block in blocks]


# Places


def part(markup: str, start: str, end: str) -> str:
    return markup[markup.index(start) : markup.index(end, markup.index(start))]


@pytest.mark.parametrize(
    ("position", "path", "start", "end"),
    [
        ("announcement", "/", "<body>", '<header class="site-header'),
        ("header", "/", '<nav class="nav"', "</nav>"),
        ("home", "/", "<main", "</main>"),
        ("catalog", "/shop/", "<h1", 'id="results"'),
        ("catalog", "/shop/bowls/", "<h1", 'id="results"'),
        ("catalog", "/search/?q=vid", "<h1", 'id="results"'),
        ("product", "/product/vid/", 'class="promise"', "</main>"),
        ("cart", "/cart/", "<h1", "</main>"),
        ("footer", "/", '<div class="cols">', "</footer>"),
    ],
)
def test_a_block_stands_where_its_position_says(client, position, path, start, end):
    a_product(slug="vid")
    a_layout_block(position, "Words of the block")

    assert "Words of the block" in part(html(client, path), start, end)


@pytest.mark.parametrize(
    ("position", "path"),
    [("home", "/shop/"), ("catalog", "/"), ("product", "/cart/"), ("cart", "/shop/")],
)
def test_and_nowhere_else(client, position, path):
    a_layout_block(position, "Words of the block")

    assert "Words of the block" not in html(client, path)


def test_blocks_stand_in_their_order_and_equals_as_they_were_made(client):
    a_layout_block(title="Third", sort_order=2)
    a_layout_block(title="First", sort_order=1)
    a_layout_block(title="Second", sort_order=1)

    shown = html(client)
    assert shown.index("First") < shown.index("Second") < shown.index("Third")


# Site and language


def test_a_block_of_another_site_is_not_shown(client):
    home = Site.objects.get(is_default_site=True).root_page
    other = Site.objects.create(hostname="other.example", root_page=home)
    a_layout_block(title="Only elsewhere", site=other)
    a_layout_block(title="Everywhere")

    assert "Only elsewhere" not in html(client)
    assert "Everywhere" in html(client)


def test_a_block_of_another_language_is_not_shown(client):
    french = Locale.objects.create(language_code="fr")
    a_layout_block(title="Bonjour", locale=french)
    a_layout_block(title="Good day", locale=Locale.get_default())
    a_layout_block(title="Hello")

    assert "Bonjour" not in html(client)
    assert "Good day" in html(client) and "Hello" in html(client)


def test_each_language_keeps_its_own_chrome(client, settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [
        ("en", "English"),
        ("fr", "French"),
    ]
    a_layout_block(title="Bonjour", locale=Locale.objects.create(language_code="fr"))
    assert "Bonjour" not in html(client)

    settings.LANGUAGE_CODE = "fr"
    assert "Bonjour" in html(client)


def test_a_draft_for_another_site_is_not_shown_on_this_one():
    here = Site.objects.get(is_default_site=True)
    other = Site.objects.create(hostname="other.example", root_page=here.root_page)
    block, workspace = a_layout_block(title="Moving out"), a_workspace()
    stage_block(workspace, block, site=other)

    from home.drafts.overlay import Overlay

    overlay = Overlay([workspace], now=NOON)
    assert "home" not in storefront.load(here, overlay).html


# Time


def test_a_block_past_its_hour_is_not_shown_though_nobody_took_it_off(client):
    over = timezone.now() - HOUR
    a_layout_block(title="Yesterday's news")
    LayoutBlock.objects.update(expire_at=over)

    assert LayoutBlock.objects.get().live
    assert "Yesterday&#x27;s news" not in html(client)


def test_a_kept_page_part_ends_with_the_hour_of_its_block(client):
    with time_machine.travel(NOON, tick=False) as clock:
        block = a_layout_block(title="Until one")
        LayoutBlock.objects.update(expire_at=NOON + HOUR)
        storefront.cache.clear()
        assert "Until one" in html(client)

        clock.move_to(NOON + HOUR - timedelta(seconds=1))
        assert "Until one" in html(client)
        clock.move_to(NOON + HOUR)
        assert "Until one" not in html(client)
    assert LayoutBlock.objects.get(pk=block.pk).live


def test_what_is_kept_says_until_when_it_is_right():
    site = Site.objects.get(is_default_site=True)
    assert storefront.load(site).until is None

    later = timezone.now() + HOUR
    a_layout_block(expire_at=later)
    assert storefront.load(site).until == later


def test_a_live_row_that_is_not_due_yet_waits():
    block = a_layout_block()
    LayoutBlock.objects.update(go_live_at=NOON + HOUR)

    assert reasons(block) == [Reason.WAITING]
    assert reasons(block, now=NOON + HOUR) == [Reason.SHOWN]


# Stock


def test_a_block_that_depends_on_a_piece_is_hidden_while_it_is_sold_out(client):
    a_layout_block(title="Last bowls", only_in_stock=True, stock_product=a_product())
    gone = a_product(stock=0)
    a_layout_block(title="Sold out bowls", only_in_stock=True, stock_product=gone)

    assert "Last bowls" in html(client)
    assert "Sold out bowls" not in html(client)


def test_a_block_whose_piece_is_off_the_shop_or_deleted_is_hidden():
    hidden, deleted = a_product(live=False), a_product(price=None)
    one = a_layout_block(only_in_stock=True, stock_product=hidden)
    two = a_layout_block(only_in_stock=True, stock_product=deleted)
    deleted.delete()

    assert reasons(one, two) == [Reason.SOLD_OUT, Reason.SOLD_OUT]


def test_the_piece_is_chosen_and_not_picked_from_a_list_of_thousands(admin_client):
    piece = a_product("Vid serving bowl")
    block = a_layout_block(only_in_stock=True, stock_product=piece)
    url = reverse("wagtailsnippets_home_layoutblock:edit", args=[block.pk])

    page = admin_client.get(url).content.decode()
    chooser = reverse("wagtailsnippetchoosers_shop_product:choose")
    assert f'data-chooser-url="{chooser}"' in page
    assert re.search(rf'name="stock_product"[^>]* value="{piece.pk}"', page)


def test_without_the_condition_a_piece_is_only_named():
    block = a_layout_block(only_in_stock=False, stock_product=a_product(stock=0))

    assert reasons(block) == [Reason.SHOWN]


def test_the_condition_needs_a_piece():
    from django.core.exceptions import ValidationError

    block = LayoutBlock(position="home", title="x", only_in_stock=True)
    with pytest.raises(ValidationError, match="Choose the piece"):
        block.full_clean(exclude=["content"])


@pytest.mark.parametrize("n", [1, 50])
def test_stock_is_asked_for_once_however_many_blocks_depend_on_it(
    n, django_assert_num_queries
):
    many_layout_blocks(n, only_in_stock=True, stock_product=many_products(n))
    blocks = list(LayoutBlock.objects.standing())

    with django_assert_num_queries(1):
        showing.judge(blocks, now=NOON)


def test_a_shop_without_conditions_asks_for_no_stock(django_assert_num_queries):
    a_layout_block()
    blocks = list(LayoutBlock.objects.standing())

    with django_assert_num_queries(0):
        showing.judge(blocks, now=NOON)


# Stand-ins


def test_a_stand_in_takes_the_place_of_the_block_above_when_that_is_hidden():
    lead = a_layout_block(only_in_stock=True, stock_product=a_product(stock=0))
    stand_in = a_layout_block(sort_order=1, is_stand_in=True)

    assert reasons(lead, stand_in) == [Reason.SOLD_OUT, Reason.SHOWN]


def test_a_stand_in_is_not_shown_beside_the_block_above():
    lead = a_layout_block(only_in_stock=True, stock_product=a_product())
    stand_in = a_layout_block(sort_order=1, is_stand_in=True)

    assert reasons(lead, stand_in) == [Reason.SHOWN, Reason.STANDING_BY]


def test_of_several_stand_ins_the_first_that_can_takes_the_place():
    gone = a_product(stock=0)
    lead = a_layout_block(only_in_stock=True, stock_product=gone)
    first = a_layout_block(
        sort_order=1, is_stand_in=True, only_in_stock=True, stock_product=gone
    )
    second = a_layout_block(sort_order=2, is_stand_in=True)
    third = a_layout_block(sort_order=3, is_stand_in=True)

    assert reasons(lead, first, second, third) == [
        Reason.SOLD_OUT,
        Reason.SOLD_OUT,
        Reason.SHOWN,
        Reason.STANDING_BY,
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        {"is_active": False},
        {"expire_at": NOON},
        {"live": False, "expired": True, "expire_at": NOON},
    ],
    ids=["switched off", "past its hour", "taken off after its hour"],
)
def test_whatever_hides_a_block_its_stand_in_shows(hidden):
    other = a_layout_block()
    lead = a_layout_block(sort_order=1)
    stand_in = a_layout_block(sort_order=2, is_stand_in=True)
    LayoutBlock.objects.filter(pk=lead.pk).update(**hidden)

    assert reasons(other, stand_in) == [Reason.SHOWN, Reason.SHOWN]


def test_a_draft_above_a_stand_in_changes_nothing():
    lead = a_layout_block()
    LayoutBlock.objects.create(position="home", title="New", sort_order=1, live=False)
    stand_in = a_layout_block(sort_order=2, is_stand_in=True)

    assert reasons(lead, stand_in) == [Reason.SHOWN, Reason.STANDING_BY]


def test_a_stand_in_of_another_position_has_nothing_to_do_with_it():
    a_layout_block("catalog", is_active=False)
    lead = a_layout_block("home")
    stand_in = a_layout_block("home", sort_order=1, is_stand_in=True)

    assert reasons(lead, stand_in) == [Reason.SHOWN, Reason.STANDING_BY]


def test_a_workspace_sees_its_stand_in_as_the_shop_will():
    from home.drafts.overlay import Overlay

    workspace, other = a_workspace(), a_layout_block(title="Other")
    lead = a_layout_block(title="Lead", sort_order=1)
    stand_in = a_layout_block(title="Stand-in", sort_order=2, is_stand_in=True)
    stage_block(workspace, lead, is_active=False)

    overlay = Overlay([workspace], now=NOON)
    shown = [str(block) for block in overlay.blocks(LayoutBlock.objects.standing())]
    assert shown == [str(other), str(stand_in)]


def test_conditions_are_content_that_drafts_copy_and_compare():
    from home.drafts.content import block_content, block_fields, copy_block

    conditions = {"only_in_stock", "stock_product", "is_stand_in"}
    assert conditions <= {field.name for field in block_fields()}
    block = a_layout_block(
        only_in_stock=True, stock_product=a_product(), is_stand_in=True
    )
    assert block_content(copy_block(block, LayoutBlock())) == block_content(block)


# Bad rows


def test_a_position_that_no_longer_exists_breaks_nothing(client):
    a_layout_block(title="Stranded")
    LayoutBlock.objects.update(position="sidebar")

    assert "Stranded" not in html(client)


NO_CONTENT = [
    "42",
    "null",
    '"words"',
    "{}",
    '{"type": "text"}',
    "[1, null]",
    '[{"type": "text"}]',
    '[{"type": "text", "value": 7}]',
    '[{"type": "text", "value": null}]',
    '[{"type": "gone", "value": {"text": "x"}}]',
    '[{"type": "announcement", "value": {"links": 3}}]',
    '[{"type": "product_shelf", "value": {"products": "x", "count": "many"}}]',
]


def test_content_that_is_none_breaks_no_page_and_no_neighbour(client):
    a_product(slug="vid")
    for content in NO_CONTENT:
        a_layout_block("announcement", f"Broken by {content}")
        _write_content(f"Broken by {content}", content)
    an_announcement("Free delivery.", sort_order=1)

    for path in ("/", "/shop/", "/product/vid/", "/cart/"):
        assert "Free delivery." in html(client, path)


def test_a_block_that_cannot_be_shown_is_noted_for_us(client, monkeypatch, caplog):
    a_layout_block(title="Broken")
    a_layout_block(title="Whole")
    stock = LayoutBlock.content.field.stream_block.child_blocks["text"].__class__

    def fail_once(self, value, context=None):
        if "Broken" in str(value["text"]):
            raise LookupError("lost")
        return "Whole"

    monkeypatch.setattr(stock, "render", fail_once)
    with caplog.at_level(logging.ERROR, "home.storefront"):
        assert "Whole" in html(client)
    assert "cannot be shown" in caplog.text


def test_a_database_that_is_away_is_no_fault_of_the_block(monkeypatch):
    from django.db import OperationalError
    from wagtail.blocks import StreamValue

    a_layout_block()

    def fail(self, context=None):
        raise OperationalError("gone")

    monkeypatch.setattr(StreamValue, "render_as_block", fail)
    with pytest.raises(OperationalError):
        storefront.load(Site.objects.get(is_default_site=True))


def _write_content(title: str, content: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE home_layoutblock SET content = %s WHERE title = %s",
            [content, title],
        )
    storefront.cache.clear()


# What it costs


def test_the_chrome_costs_no_more_with_old_drafts_and_expired_blocks(
    django_assert_num_queries,
):
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    a_layout_block()
    LayoutBlock.objects.bulk_create(
        LayoutBlock(position="home", title="Old", draft_session_key=f"k{n}", live=False)
        for n in range(50)
    )
    LayoutBlock.objects.bulk_create(
        LayoutBlock(position="home", title="Over", live=False, expired=True)
        for n in range(50)
    )

    with django_assert_num_queries(3):
        storefront.load(site)
    assert len(LayoutBlock.objects.standing()) == 1


def test_every_position_has_a_page_in_this_file():
    tested = {case[0] for case in _cases()}

    assert tested == set(Position.values)


def _cases():
    for mark in test_a_block_stands_where_its_position_says.pytestmark:
        if mark.name == "parametrize":
            yield from mark.args[1]


def test_the_admin_lists_blocks_by_place(admin_client):
    a_layout_block("home", "Below")

    url = reverse("wagtailsnippets_home_layoutblock:list")
    assert "Below" in admin_client.get(url).content.decode()
