"""Facets counted by bitmaps say what plain SQL says of the tables that everything comes
from, whatever has happened meanwhile."""

import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Event
from types import SimpleNamespace
from urllib.parse import urlencode

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from shop import bitmap_counts, facet_index, sql_counts
from shop.bitmaps import Bitmaps
from shop.counts import ORDERS
from shop.demo.writing import learn_sizes
from shop.models import ListingChange, Product, Stock
from tests.builders import NOON, a_product, a_value
from tests.many import many_products
from tests.shop.listings import a_listing, counts
from tests.shop.oracle import CATEGORIES, a_catalog, answer, edit, random_choices

pytestmark = pytest.mark.django_db(transaction=True)
# Of what may be chosen together, in twenties; 500 and more for a whole night.
COMBINATIONS = int(os.environ.get("COMBINATIONS", 60))


def an_index() -> None:
    """Shared, however slow the machine: the shop gives Redis a quarter of a second."""
    index = facet_index.build(now=NOON)
    while facet_index.shared() is None:
        facet_index.share(index)


def said(query, category=None) -> dict:
    """What the shop says, as the oracle would."""
    listing = a_listing(query, category, is_cold=False)
    told = {"total": listing.total, "new": listing.new_count}
    told |= {"in_stock": listing.in_stock_count, "sale": listing.sale_count}
    for facet in listing.offered:
        for value in facet.values:
            count = listing._counts.of(facet, value) or 0
            told[facet.code, value.slug] = count
    return told


def in_order(query, category, by_sql: bool) -> list[int]:
    """The products of a list, as bitmaps or as the database has them in order."""
    listing = a_listing(query, category, is_cold=False)
    if by_sql:
        return [product.pk for product in listing._sorted(slice(0, None))]
    shown = listing._counts.shown
    assert shown is not None
    return shown


def test_random_combinations_say_what_plain_sql_says(monkeypatch, _cache_server):
    chance = Random(20261124)
    categories = a_catalog(chance)
    ways: Counter = Counter()
    by_bitmaps = bitmap_counts.count

    def noted(question):
        counted = by_bitmaps(question)
        ways["sql" if counted is None else "bitmaps"] += 1
        return counted

    monkeypatch.setattr(bitmap_counts, "count", noted)
    an_index()
    for number in range(COMBINATIONS):
        if number % 10 == 9:
            edit(chance)
        if number % 20 == 12:
            # And a process that has just begun: others keep what they hold.
            _cache_server.flushdb()
            bitmap_counts.held.index = None
        if number % 20 == 16:
            an_index()
        path = chance.choice(["", *CATEGORIES])
        query, choices = random_choices(chance, path)
        assert said(query, categories.get(path)) == answer(path, choices), query
    # Of each twenty, four came between a flush and the next building. More than that
    # only where Redis was too slow to answer.
    assert ways["sql"] >= COMBINATIONS // 5
    assert ways["bitmaps"] >= COMBINATIONS * 3 // 5
    assert not facet_index.drift(now=NOON)


def test_every_order_is_the_databases_whatever_is_chosen_and_changed(settings):
    """Whole lists at once: each page is a piece of them."""
    settings.SHOP_PAGE_SIZE = 1000
    chance = Random(20261126)
    categories = a_catalog(chance)
    an_index()
    for number, sort in enumerate(sorted(set(ORDERS) - {"name"}) * 4):
        if number % 3 == 2:
            edit(chance)
        path = chance.choice(["", *CATEGORIES])
        query, _ = random_choices(chance, path)
        asked = f"{query}&sort={sort}", categories.get(path)
        assert in_order(*asked, by_sql=False) == in_order(*asked, by_sql=True), asked


def test_pages_are_pieces_of_one_order_and_the_last_page_is_the_last(settings):
    chance = Random(7)
    a_catalog(chance, products=30)
    an_index()
    for sort in ("best-selling", "newest", "-price"):
        settings.SHOP_PAGE_SIZE = 1000
        whole = in_order(f"sort={sort}", None, by_sql=False)
        settings.SHOP_PAGE_SIZE = 7
        pages = [
            in_order(f"sort={sort}&page={page}", None, by_sql=False)
            for page in range(1, -(-len(whole) // 7) + 1)
        ]
        assert [id for page in pages for id in page] == whole
        assert in_order(f"sort={sort}&page=99", None, by_sql=False) == pages[-1]


def test_a_late_page_is_found_in_no_more_steps_than_the_first(settings, monkeypatch):
    """And the database reads the page alone, by its keys."""
    settings.SHOP_PAGE_SIZE = 10
    first = a_product("Bowl 0", created_at=NOON - timedelta(days=1))
    Product.objects.bulk_create(
        Product(
            title=f"Bowl {n}",
            slug=f"bowl-{n}",
            category=first.category,
            created_at=NOON + timedelta(seconds=n * 7919 % 5003),
            current_price=n % 97,
            popularity=n * 31 % 401,
        )
        for n in range(1, 1000)
    )
    an_index()
    steps: Counter = Counter()
    placed = Bitmaps._placed

    def counted(self, *args):
        steps[page] += 1
        return placed(self, *args)

    monkeypatch.setattr(Bitmaps, "_placed", counted)
    for page in (1, 50, 100):
        listing = a_listing(f"page={page}&sort=newest", is_cold=False)
        with CaptureQueriesContext(connection) as queries:
            assert len(listing.products) == 10
        assert "OFFSET" not in "".join(query["sql"] for query in queries)
    assert max(steps[50], steps[100]) <= steps[1] * 1.5


def test_a_bulk_change_that_no_code_of_ours_sees_is_counted():
    moss = a_value("Moss")
    for n in range(3):
        a_product(f"Bowl {n}", values=[moss])
    an_index()
    assert counts(a_listing(is_cold=False), "colour") == {"moss": 3}

    Product.objects.filter(title="Bowl 1").update(live=False)
    assert counts(a_listing(is_cold=False), "colour") == {"moss": 2}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM wagtailcore_referenceindex")
        cursor.execute("UPDATE shop_product SET current_price = NULL")
    assert a_listing(is_cold=False).total == 0


def test_a_transaction_that_took_long_is_not_missed():
    """One that began before the snapshot and ends after a later one."""
    product = a_product()
    with psycopg.connect(os.environ["DATABASE_URL"]) as slow:
        slow.execute("UPDATE shop_product SET stock_quantity = 0")
        an_index()
        with transaction.atomic():
            ListingChange.objects.create(transaction=1, at=NOON, product_ids=[])
            connection.cursor().execute("SELECT pg_current_xact_id()")
        assert a_listing("in_stock=1", is_cold=False).total == 1
        slow.commit()

    assert a_listing("in_stock=1", is_cold=False).total == 0
    assert bitmap_counts.held.index is not None
    assert product.pk in bitmap_counts.held.index.bitmaps.everything


def test_no_transaction_is_kept_waiting_while_bitmaps_are_made(monkeypatch):
    """PostgreSQL would end it, and a large shop would never have any."""
    a_product()
    made = []

    def noted(gathered):
        made.append(connection.in_atomic_block)
        return of(gathered)

    of = Bitmaps.of
    monkeypatch.setattr(Bitmaps, "of", noted)
    an_index()
    assert facet_index.drift(now=NOON) == []

    assert made == [False, False]


def test_inside_a_transaction_its_own_changes_count():
    a_product()
    an_index()

    with transaction.atomic():
        Product.objects.update(live=False)
        assert a_listing(is_cold=False).total == 0
        transaction.set_rollback(True)

    assert a_listing(is_cold=False).total == 1


def wait_for_what_began_before() -> None:
    """Until no transaction is open that is older than the last change: until then a
    snapshot may not know whether it has seen all that was tidied away. Those of other
    databases on the same server count too."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >"
                " (SELECT max(transaction) FROM shop_listingchange)"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError("A transaction stays open.")


def test_what_was_tidied_away_is_not_taken_for_nothing():
    a_product()
    an_index()
    stale = facet_index.shared()
    Product.objects.update(live=False)

    facet_index.tidy(before=NOON + timedelta(days=10_000))

    with pytest.raises(facet_index.Unusable):
        stale.catch_up()
    wait_for_what_began_before()
    assert a_listing(is_cold=False).total == 0
    assert facet_index.keep(now=NOON)
    assert a_listing(is_cold=False).total == 0
    assert bitmap_counts.held.index


def test_tidying_does_no_harm_to_an_index_that_knew_it_all():
    a_product()
    ListingChange.objects.update(at=NOON - timedelta(days=1))
    facet_index.tidy(before=NOON)
    wait_for_what_began_before()
    an_index()
    facet_index.tidy(before=NOON)

    facet_index.shared().catch_up()


def test_more_changes_than_are_worth_reading_are_left_to_sql(monkeypatch):
    for n in range(3):
        a_product(f"Bowl {n}")
    an_index()
    monkeypatch.setattr(facet_index, "MOST_CHANGES", 2)

    Product.objects.update(live=False)

    assert a_listing(is_cold=False).total == 0
    assert facet_index.shared() is None


def test_an_index_that_grows_old_is_shared_anew_with_what_it_learnt():
    a_product()
    an_index()
    name = facet_index.shared().name
    a_product()

    assert not facet_index.keep(now=NOON + timedelta(hours=1))

    found = facet_index.shared()
    assert (found.name, len(found.bitmaps.everything)) == (name, 2)


def test_who_waits_too_long_for_the_bitmaps_counts_by_sql(monkeypatch):
    a_product()
    an_index()
    monkeypatch.setattr(bitmap_counts, "WAIT_S", 0.01)

    by_sql = watched(monkeypatch, sql_counts, "count")

    with bitmap_counts.held.lock:
        assert a_listing(is_cold=False).total == 1
    assert len(by_sql) == 1
    assert a_listing(is_cold=False).total == 1
    assert len(by_sql) == 1


# With several at once, and while Redis is not itself


def watched(monkeypatch, owner, name: str) -> list:
    """What it was called with."""
    deed, calls = getattr(owner, name), []

    def noted(*args):
        calls.append(args)
        return deed(*args)

    monkeypatch.setattr(owner, name, noted)
    return calls


def silent(name, *args, **kwargs):
    """Redis, when the client has given up waiting for it."""


@pytest.mark.parametrize("what", ["silent", "flushed"])
def test_without_redis_a_process_goes_on_by_the_bitmaps_it_has(
    what, monkeypatch, _cache_server
):
    moss = a_value("Moss")
    for n in range(3):
        a_product(f"Bowl {n}", values=[moss])
    an_index()
    assert a_listing("colour=moss", is_cold=False).total == 3
    by_sql = watched(monkeypatch, sql_counts, "count")
    if what == "silent":
        monkeypatch.setattr(bitmap_counts, "cache", SimpleNamespace(get=silent))
    else:
        _cache_server.flushdb()

    Product.objects.filter(title="Bowl 1").update(live=False)
    assert a_listing("colour=moss", is_cold=False).total == 2
    assert not by_sql

    # Control: a process that has none has to count.
    bitmap_counts.held.index = None
    assert a_listing("colour=moss", is_cold=False).total == 2
    assert len(by_sql) == 1


def test_one_that_is_too_old_is_exchanged_for_a_newer_one(monkeypatch):
    for n in range(3):
        a_product(f"Bowl {n}")
    an_index()
    assert a_listing(is_cold=False).total == 3
    monkeypatch.setattr(facet_index, "MOST_CHANGES", 2)
    Product.objects.update(live=False)
    newer = facet_index.build(now=NOON)
    facet_index.share(replace(newer, name=bitmap_counts.held.index.name))
    by_sql = watched(monkeypatch, sql_counts, "count")

    assert a_listing(is_cold=False).total == 0
    assert not by_sql
    assert facet_index.shared()


def test_a_slow_search_keeps_nobody_from_counting(monkeypatch):
    """While one waits for the database, another counts, by bitmaps too."""
    a_product()
    an_index()
    assert a_listing(is_cold=False).total == 1
    by_sql = watched(monkeypatch, sql_counts, "count")
    searching, counted, missed = Event(), Event(), facet_index.Index.missed

    def slow(self, search=None):
        if search:
            searching.set()
            assert counted.wait(20)
        return missed(self, search)

    def search():
        try:
            return a_listing("q=bowl", is_cold=False).total
        finally:
            connections.close_all()

    monkeypatch.setattr(facet_index.Index, "missed", slow)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(search)
        assert searching.wait(20)
        assert a_listing(is_cold=False).total == 1
        counted.set()
        assert found.result(20) == 1
    assert not by_sql


def test_who_asked_earlier_does_not_undo_what_another_has_learnt_since():
    """Both asked for what one snapshot lacked; the later answer came first."""
    product = a_product()
    index, other = facet_index.build(now=NOON), facet_index.build(now=NOON)
    other.snapshot = index.snapshot
    Product.objects.update(live=False)
    early = index.missed()
    Product.objects.update(live=True)
    late = index.missed()

    assert index.take_in(late)
    assert not index.take_in(early)
    assert product.pk in index.bitmaps.everything

    # Control: taken in whatever came between, it is gone.
    other.take_in(late)
    other.take_in(replace(early, since=other.snapshot))
    assert product.pk not in other.bitmaps.everything


def test_what_lacked_nothing_may_be_counted_by_whatever_is_known_by_now():
    a_product()
    index = facet_index.build(now=NOON)
    early = index.missed()
    Product.objects.update(live=False)
    index.catch_up()

    assert index.take_in(early)
    assert not index.bitmaps.everything
    assert index.snapshot != early.snapshot


def test_check_listing_finds_a_wrong_bit_and_rebuild_listing_mends_it(capsys):
    product = a_product()
    an_index()
    call_command("check_listing")
    index = facet_index.shared()
    index.bitmaps.replace([product.pk], [])
    facet_index.share(replace(index))

    with pytest.raises(CommandError):
        call_command("check_listing")
    assert f"bitmaps: wrong for 1 products: {product.pk}" in capsys.readouterr().out
    call_command("rebuild_listing")
    call_command("check_listing")


def test_check_listing_finds_a_wrong_column(capsys):
    a_product(stock=2)
    Stock.objects.update(on_hand=7)

    with pytest.raises(CommandError):
        call_command("check_listing")
    assert "listing columns: wrong for 1 products" in capsys.readouterr().out


ASKED = ["", "colour=moss", "brand=&colour=moss&in_stock=1&kind=bowls", "q=bowl"]


@pytest.mark.parametrize("products", [1, 50])
@pytest.mark.parametrize("has_index", [True, False])
def test_a_list_is_two_queries(products, has_index, settings):
    settings.SHOP_PAGE_SIZE = 50
    many_products(products, values=[a_value("Moss")])
    learn_sizes()
    if has_index:
        an_index()
    assert a_listing(is_cold=False).offered

    for query in ASKED:
        listing = a_listing(query, is_cold=False)
        with CaptureQueriesContext(connection) as queries:
            rows = [(p.main_image, p.swatches) for p in listing.products]
            assert listing.facets and listing.pages

        assert (len(rows), len(queries)) == (products, 2), query
        assert (bitmap_counts.held.index is not None) == has_index


def test_an_address_says_its_choices_in_one_way(client):
    a_product(values=[a_value("Moss"), a_value("Oat")])
    wild = [("in_stock", "1"), ("colour", "oat"), ("colour", "moss")]
    wild += [("colour", "oat"), ("colour", "puce"), ("price_min", "05,00"), ("q", "")]
    once = "/shop/?colour=moss&colour=oat&in_stock=1&price_min=5"

    led = client.get(f"/shop/?{urlencode(wild)}")

    assert (led.status_code, led["Location"]) == (301, once)
    assert client.get(once).status_code == 200
    assert client.get(f"{once}&utm_source=letter").status_code == 200


def test_words_and_choices_on_a_category_lead_to_the_search_at_once(client):
    a_product(values=[a_value("Moss")])

    led = client.get("/shop/bowls/?q=bowl&colour=moss&page=2")

    assert led["Location"] == "/search/?colour=moss&page=2&q=bowl"
    assert client.get(led["Location"]).status_code == 200
