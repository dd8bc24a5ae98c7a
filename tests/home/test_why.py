"""The one sentence that the admin has for each block."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Site

from home.models import LayoutBlock
from home.office.why import Whys, shop_time
from tests.builders import NOON, a_colleague, a_layout_block, a_product
from tests.many import many_layout_blocks, many_products

pytestmark = pytest.mark.django_db
LIST = "wagtailsnippets_home_layoutblock:list"
EDIT = "wagtailsnippets_home_layoutblock:edit"
HOUR = timedelta(hours=1)


def why(block, now=NOON) -> str:
    return Whys(now=now).of(block)


def test_a_block_that_is_seen():
    assert why(a_layout_block()) == "Shown"


def test_until_when_it_is_seen():
    block = a_layout_block()
    LayoutBlock.objects.update(expire_at=NOON + HOUR)

    assert why(block) == "Shown until 20 Nov 2026, 13:00 (WET)"


def test_a_draft():
    block = LayoutBlock.objects.create(position="home", title="New", live=False)

    assert why(block) == "Not shown: draft only"


def test_a_draft_that_is_scheduled():
    block = LayoutBlock(position="home", title="New", live=False)
    block.go_live_at = timezone.now() + HOUR
    block.save()
    block.save_revision().publish()

    assert why(block).startswith("Not yet: goes live ")


def test_switched_off():
    assert why(a_layout_block(is_active=False)) == "Not shown: switched off"


@pytest.mark.parametrize("taken_off", [{}, {"live": False, "expired": True}])
def test_past_its_hour_whether_or_not_it_was_taken_off(taken_off):
    block = a_layout_block()
    LayoutBlock.objects.update(expire_at=NOON - HOUR, **taken_off)

    assert why(block) == "No longer: expired 20 Nov 2026, 11:00 (WET)"


def test_sold_out():
    piece = a_product("Uma bowl", stock=0)
    block = a_layout_block(only_in_stock=True, stock_product=piece)

    assert why(block) == "Not shown: “Uma bowl” is sold out or not for sale"


def test_a_piece_that_is_gone():
    piece = a_product(price=None)
    block = a_layout_block(only_in_stock=True, stock_product=piece)
    piece.delete()

    assert why(block) == "Not shown: the piece it depends on no longer exists"


def test_a_stand_in():
    a_layout_block()
    stand_in = a_layout_block(sort_order=1, is_stand_in=True)

    assert why(stand_in) == "Not shown: stands in for the block above"


def test_a_position_that_is_gone():
    block = a_layout_block()
    LayoutBlock.objects.update(position="sidebar")

    assert why(block) == "Not shown: its position no longer exists"


def test_a_block_is_judged_where_it_belongs():
    here = Site.objects.get()
    other = Site.objects.create(hostname="other.example", root_page=here.root_page)
    french = Locale.objects.create(language_code="fr")
    a_layout_block(site=other)
    stand_in = a_layout_block(sort_order=1, is_stand_in=True, site=other)
    for_all = a_layout_block(sort_order=2, is_stand_in=True)
    elsewhere = a_layout_block(sort_order=3, is_stand_in=True, locale=french)

    found = Whys(now=NOON)
    assert found.of(stand_in).startswith("Not shown: stands in")
    assert found.of(for_all) == "Shown"
    assert found.of(elsewhere).startswith("Not shown: stands in")


# Times


def test_times_are_the_shops_whoever_looks(settings):
    settings.TIME_ZONE = "Europe/Lisbon"
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert shop_time(NOON) == "20 Nov 2026, 12:00 (WET)"


@pytest.mark.parametrize(
    ("utc", "there"),
    [
        (datetime(2027, 3, 28, 0, 59), "28 Mar 2027, 00:59 (WET)"),
        (datetime(2027, 3, 28, 1, 0), "28 Mar 2027, 02:00 (WEST)"),
        (datetime(2026, 10, 25, 0, 30), "25 Oct 2026, 01:30 (WEST)"),
        (datetime(2026, 10, 25, 1, 30), "25 Oct 2026, 01:30 (WET)"),
    ],
)
def test_the_nights_on_which_clocks_change_are_told_apart(utc, there):
    assert shop_time(utc.replace(tzinfo=ZoneInfo("UTC"))) == there


def test_nobody_can_set_the_admin_to_another_time_zone(admin_client):
    account = admin_client.get(reverse("wagtailadmin_account")).content.decode()

    assert "current_time_zone" not in account


def test_dates_in_the_form_are_the_shops(client):
    client.force_login(a_colleague("Editors"))
    summer = datetime(2027, 7, 1, 11, 0, tzinfo=ZoneInfo("UTC"))
    block = a_layout_block()
    block.expire_at = summer
    block.save_revision()

    page = client.get(reverse(EDIT, args=[block.pk])).content.decode()
    assert 'value="2027-07-01 12:00"' in page


# Where it is read


def test_the_list_and_the_form_say_it(client):
    client.force_login(a_colleague("Editors"))
    block = a_layout_block(is_active=False)

    for url in (reverse(LIST), reverse(EDIT, args=[block.pk])):
        assert "Not shown: switched off" in client.get(url).content.decode()


def test_a_new_block_has_nothing_to_explain(client):
    client.force_login(a_colleague("Editors"))
    add = reverse("wagtailsnippets_home_layoutblock:add")

    assert "In the shop:" not in client.get(add).content.decode()


@pytest.mark.parametrize("n", [1, 50])
def test_fifty_blocks_are_explained_by_as_many_queries_as_one(
    n, django_assert_num_queries
):
    blocks = many_layout_blocks(n, only_in_stock=True, stock_product=many_products(n))
    whys = Whys(now=NOON)

    # Blocks, sites, languages, stock, schedules.
    with django_assert_num_queries(5):
        for block in blocks:
            whys.of(block)
