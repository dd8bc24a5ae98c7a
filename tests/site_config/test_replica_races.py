"""A replica that really streams, and lags: what is published or repriced is on every
page at once, all of it, and nothing old is kept under a new number."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.core.cache import cache
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from home import published, reading
from home.models import HomePage, LayoutBlock
from shop import bitmap_counts, facet_index
from shop.bitmaps import Bitmaps
from shop.models import Product, SalePrice, Variant
from shop.prices import change_price
from site_config import replicas
from tests.builders import NOON, a_product
from tests.databases import MigratedState
from tests.home.publishing import a_block, content
from tests.site_config.processes import nothing_is_left
from tests.site_config.replicating import ALIAS, Pair, a_primary_at, a_replica_at, asked
from tests.site_config.test_page_cache_races import TOKEN

PATIENCE_S = 60


@pytest.fixture(scope="module")
def _pair(tmp_path_factory, django_db_setup):
    var_dir = tmp_path_factory.mktemp("pair") / "var"
    pair = Pair(var_dir)
    try:
        pair.fill(os.environ["DATABASE_URL"])
        pair.wait()
        with psycopg.connect(pair.primary_url, autocommit=True) as connection:
            pair.as_migrated = MigratedState(connection)
        yield pair
    finally:
        pair.end()
    assert nothing_is_left(var_dir)


@pytest.fixture
def pair(_pair, django_db_blocker, settings, monkeypatch):
    """The shop on a primary and a replica of its own, as in a new process."""
    settings.DATABASE_ROUTERS = ["home.reading.Router"]
    monkeypatch.setattr(replicas, "_needed", None)
    monkeypatch.setattr(replicas, "_breakers", {})
    monkeypatch.setattr(bitmap_counts.held, "index", None)
    monkeypatch.setenv("DATABASE_POOL", "1")
    with (
        django_db_blocker.unblock(),
        a_primary_at(_pair.primary_url),
        a_replica_at(_pair.replica_url),
    ):
        yield _pair
        with psycopg.connect(_pair.primary_url, autocommit=True) as connection:
            _pair.as_migrated.restore(connection)


def read(address: str) -> tuple[str, bool]:
    """A page, and whether the replica had a part in it."""
    visitor = Client(raise_request_exception=False)
    with asked() as statements:
        page = visitor.get(address)
    assert page.status_code == 200
    return page.content.decode(), any("FROM" in s for s in statements[ALIAS])


def tell(token: str) -> None:
    """One publish that changes body, announcement and footer."""
    with transaction.atomic():
        HomePage.objects.update(body=content("body", token))
        for position in ("announcement", "footer"):
            blocks = LayoutBlock.objects.filter(position=position)
            blocks.update(content=content(position, token))
        published.changed()


def a_shop_of_one() -> None:
    a_product("Jug", slug="jug", price="20.00")
    for position in ("announcement", "footer"):
        a_block(position, "token-0")
    tell("token-0")


ADDRESSES = ["/", "/product/jug/", "/shop/", "/search/?q=jug"]


def shown() -> dict[str, tuple[set[str], bool]]:
    """{address: what of token and price is on it, whether it is of the replica}"""
    found = {}
    for address in ADDRESSES:
        html, is_of_replica = read(address)
        seen = set(TOKEN.findall(html))
        seen |= {price for price in ("€20.00", "€15.00") if price in html}
        found[address] = seen, is_of_replica
    return found


def change() -> None:
    tell("token-1")
    change_price(Variant.objects.get().pk, Decimal("15.00"), now=NOON)


OLD = {"/": {"token-0"}} | {a: {"token-0", "€20.00"} for a in ADDRESSES[1:]}
NEW = {"/": {"token-1"}} | {a: {"token-1", "€15.00"} for a in ADDRESSES[1:]}


def told(pages: dict) -> dict:
    return {address: seen for address, (seen, _) in pages.items()}


def of_replica(pages: dict) -> set[bool]:
    return {is_of_replica for _, is_of_replica in pages.values()}


def test_what_has_been_published_is_on_every_page_at_once_however_far_it_lags(pair):
    a_shop_of_one()
    pair.wait()
    before = shown()

    with pair.paused():
        change()
        while_it_lags = shown()
        cache.delete_pattern("page:*")
        made_again = shown()
    cache.delete_pattern("page:*")
    after = shown()

    assert told(before) == OLD
    assert told(while_it_lags) == told(made_again) == told(after) == NEW
    assert of_replica(before) == of_replica(after) == {True}
    assert of_replica(while_it_lags) == of_replica(made_again) == {False}


def test_control_without_the_rule_old_pages_are_kept_as_new_ones(pair, monkeypatch):
    a_shop_of_one()
    pair.wait()
    shown()
    monkeypatch.setattr(replicas, "_has_replayed", lambda alias, needed: True)

    with pair.paused():
        change()
        while_it_lags = told(shown())
    long_after = told(shown())

    assert "€20.00" in while_it_lags["/product/jug/"]
    assert "€20.00" in long_after["/product/jug/"], "it was not kept"


def test_a_sale_that_begins_while_it_lags_is_on_the_page_that_begins_it(pair):
    a_shop_of_one()
    now = timezone.now()
    variant = Variant.objects.get()
    SalePrice.objects.create(
        variant=variant, price="15.00", starts_at=now, ends_at=now + timedelta(days=1)
    )
    pair.wait()

    with pair.paused():
        page, is_of_replica = read("/product/jug/")

    assert "€15.00" in page
    assert not is_of_replica


def test_pages_are_all_old_or_all_new_while_it_lags_now_and_then(pair):
    a_shop_of_one()
    seen, is_over = [], threading.Event()

    def visit():
        while not is_over.is_set():
            page = Client().get("/")
            seen.append(frozenset(TOKEN.findall(page.content.decode())))
            time.sleep(0.01)
        connections.close_all()

    with ThreadPoolExecutor(2) as visitors:
        visits = [visitors.submit(visit) for _ in range(2)]
        try:
            for number in range(1, 4):
                with pair.paused():
                    for step in range(3):
                        tell(f"token-{number}{step}")
        finally:
            is_over.set()
    for done in visits:
        done.result()

    assert {len(tokens) for tokens in seen} == {1}
    assert TOKEN.findall(read("/")[0])[0] == "token-32"


# The bitmaps of the catalog, which know a snapshot of PostgreSQL


def a_piece_comes_back_while_another_changes(pair) -> list[int]:
    """Pieces on the list, told by the replica, after a transaction that was under way
    while another was committed."""
    a_product("Jug", slug="jug")
    a_product("Pot", slug="pot", live=False)
    a_product("Cup", slug="cup", live=False)
    facet_index.share(facet_index.build(now=NOON))
    counted = []
    with psycopg.connect(pair.primary_url) as other:
        show = "UPDATE shop_product SET live = true WHERE slug = %s"
        other.execute(show, ["pot"])
        Product.objects.filter(slug="cup").update(live=True)
        pair.wait()
        counted.append(len(listed()))
        other.commit()
        pair.wait()
    counted.append(len(listed()))
    return counted


def listed() -> Bitmaps:
    with bitmap_counts.held.lock, reading.read_from(ALIAS):
        index = bitmap_counts.held.index or facet_index.shared()
        index.catch_up()
        bitmap_counts.held.index = index
    return index.bitmaps.everything


def test_what_was_under_way_on_the_primary_is_not_taken_for_known(pair):
    assert a_piece_comes_back_while_another_changes(pair) == [2, 3]


def test_control_a_replicas_own_snapshot_forgets_it(pair, monkeypatch):
    plain = facet_index.MISSED.replace(
        facet_index.SNAPSHOT, "pg_current_snapshot()::text"
    )
    monkeypatch.setattr(facet_index, "MISSED", plain)

    assert a_piece_comes_back_while_another_changes(pair) == [2, 2]


# Lost, and back


def test_a_replica_that_is_killed_costs_nobody_a_page_and_comes_back(pair):
    a_shop_of_one()
    pair.wait()
    assert of_replica(shown()) == {True}

    pair.kill_replica()
    cache.delete_pattern("page:*")
    while_it_is_gone = shown()
    ready = Client().get("/readyz")
    pair.start_replica()
    replicas._breakers[ALIAS]._tried_again_at = 0
    deadline = time.monotonic() + PATIENCE_S
    while of_replica(back := shown()) != {True}:
        assert time.monotonic() < deadline
        cache.delete_pattern("page:*")
        replicas._breakers[ALIAS]._tried_again_at = 0

    assert told(while_it_is_gone) == told(back) == OLD
    # One visitor finds out: their page is begun there, and made on the primary.
    assert [is_tried for _, is_tried in while_it_is_gone.values()][1:] == [False] * 3
    assert ready.status_code == 200
    assert ready.json()["checks"]["replicas"] == {ALIAS: None}
    assert Client().get("/readyz").json()["checks"]["replicas"][ALIAS] is not None
