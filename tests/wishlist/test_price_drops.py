"""What counts as news: a price that truly fell, a piece that is back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkout.models import TaxRate
from shop.inventory import first_count
from shop.models import Product
from shop.price_history import reductions
from shop.prices import apply_due, change_price
from shop.relist import relist
from tests.builders import NOON, a_product, a_variant, a_warehouse
from tests.home.accounts.coming_in import a_shopper
from tests.shop.test_sales import a_sale
from tests.wishlist.wishing import merged, off, put
from wishlist import price_drops, watching
from wishlist.models import Watch

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def a_watch(product, email="marta@example.org", *, then="50.00", at=NOON, **more):
    values = {"wants_price": True, "confirmed_at": at} | more
    return Watch.objects.create(
        email=email,
        product=product,
        price_then=Decimal(then),
        currency="EUR",
        asked_at=at,
        **values,
    )


def history(*prices, start=NOON) -> Product:
    """A product with (days after the start, price) in its ledger, and listed so."""
    product = a_product(price=prices[0][1], now=start)
    for days, price in prices[1:]:
        at = start + days * DAY
        change_price(product.variants.get().pk, Decimal(price), now=at)
    relist([product.pk])
    product.refresh_from_db()
    return product


def told(*, now) -> list:
    """[(address, price)] of the news that a run finds."""
    price_drops.find(now=now)
    due = Watch.objects.exclude(due_price=None).order_by("pk")
    return [(watch.email, watch.due_price) for watch in due]


@pytest.mark.parametrize(
    ("prices", "is_drop"),
    [
        ([(0, "50"), (40, "40")], True),
        ([(0, "50"), (40, "49"), (41, "40")], True),
        ([(0, "50"), (40, "48")], False),
        ([(0, "50"), (40, "60")], False),
        ([(0, "50"), (20, "70"), (40, "45")], True),
        ([(0, "40"), (20, "50"), (40, "40")], False),
        ([(0, "40"), (20, "70"), (40, "45")], False),
        ([(0, "50"), (40, "40"), (41, "50")], False),
        ([(0, "50"), (30, "40")], False),
    ],
    ids=[
        "a cut",
        "two cuts",
        "too little",
        "a rise",
        "below all of thirty days",
        "back to what it was",
        "raised and then cut",
        "cut and taken back",
        "long ago",
    ],
)
def test_a_drop_is_below_what_was_asked_then_and_in_thirty_days(prices, is_drop):
    product = history(*prices)
    a_watch(product, then="50.00")

    found = told(now=NOON + 42 * DAY)

    assert bool(found) is is_drop
    if is_drop:
        assert found == [("marta@example.org", Decimal(prices[-1][1]))]


def test_no_news_of_what_is_hidden_in_another_currency_or_not_asked_for():
    hidden = history((0, "50"), (40, "40"))
    Product.objects.filter(pk=hidden.pk).update(live=False)
    a_watch(hidden)
    seen = history((0, "50"), (40, "40"))
    a_watch(seen, "pounds@example.org")
    Watch.objects.update(currency="GBP")
    a_watch(seen, "unsure@example.org", confirmed_at=None)
    a_watch(seen, "stock@example.org", wants_price=False)
    a_watch(seen, "cheap@example.org", then="41.00")

    assert told(now=NOON + 41 * DAY) == []


def test_a_sale_is_told_once_it_has_begun_and_its_end_is_no_news():
    product = history((0, "50"))
    watch = a_watch(product)
    a_sale(product.variants.get(), begins=NOON + 45 * DAY)

    apply_due(now=NOON + 41 * DAY)
    assert told(now=NOON + 41 * DAY) == []
    apply_due(now=NOON + 45 * DAY)
    assert told(now=NOON + 45 * DAY) == [(watch.email, Decimal(30))]

    Watch.objects.update(due_price=None, told_price=30, told_at=NOON + 45 * DAY)
    apply_due(now=NOON + 46 * DAY)
    assert told(now=NOON + 46 * DAY) == []


def test_another_tax_is_no_cheaper_price(settings):
    product = history((0, "50"))
    a_watch(product)
    TaxRate.objects.create(country="PT", tax_class="standard", percent=Decimal(23))
    TaxRate.objects.update(percent=Decimal(0))
    settings.PRICES_INCLUDE_TAX = False

    assert told(now=NOON + DAY) == []


def test_a_new_variant_that_is_cheaper_is_no_drop():
    product = history((0, "50"))
    a_watch(product)
    a_variant(product, price="20.00", now=NOON + 40 * DAY)

    assert told(now=NOON + 41 * DAY) == []


def test_one_drop_is_told_once_and_the_next_after_a_week_if_it_is_worth_it():
    product = history((0, "100"), (40, "80"))
    watch = a_watch(product, then="100.00")
    variant = product.variants.get().pk

    def cut(price, day):
        change_price(variant, Decimal(price), now=NOON + day * DAY)
        relist([product.pk])
        return told(now=NOON + day * DAY)

    assert len(told(now=NOON + 40 * DAY)) == 1
    Watch.objects.update(due_price=None, told_price=80, told_at=NOON + 40 * DAY)

    assert told(now=NOON + 41 * DAY) == []
    assert cut("60", 42) == []  # It cools down.
    assert told(now=NOON + 48 * DAY) == [(watch.email, Decimal(60))]


def test_slow_slides_add_up():
    product = history((0, "50"), *((day, str(50 - day)) for day in range(1, 6)))
    a_watch(product)

    assert told(now=NOON + 5 * DAY) == [("marta@example.org", Decimal(45))]


def test_back_in_stock_in_the_order_asked_and_no_more_people_than_pieces():
    product = a_product(stock={})
    for email in ("third", "first", "second"):
        at = NOON + {"first": 0, "second": 1, "third": 2}[email] * DAY
        a_watch(
            product,
            f"{email}@example.org",
            wants_price=False,
            wants_stock=True,
            at=at,
        )

    def back() -> list[str]:
        price_drops.find(now=now)
        found = Watch.objects.filter(is_back=True).order_by("asked_at")
        return [watch.email.partition("@")[0] for watch in found]

    now = NOON + 3 * DAY
    assert back() == []
    variant = product.variants.get()
    first_count(variant.pk, a_warehouse().pk, 2, now=now)
    relist([product.pk])
    assert back() == ["first", "second"]
    assert back() == ["first", "second"]  # The third waits while it is their turn.

    now += 3 * DAY
    assert back() == ["first", "second", "third"]


@pytest.mark.parametrize("n", [1, 50])
def test_a_run_asks_as_much_for_one_watcher_as_for_fifty(n):
    product = history((0, "50"), (40, "40"))
    for at in range(n):
        a_watch(product, f"w{at}@example.org")

    with CaptureQueriesContext(connection) as queries:
        assert len(told(now=NOON + 41 * DAY)) == n

    assert len(queries) == 4


def test_a_run_that_died_after_a_batch_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(price_drops, "BATCH", 2)
    product = history((0, "50"), (40, "40"))
    for n in range(5):
        a_watch(product, f"w{n}@example.org")
    now = NOON + 41 * DAY
    [cut] = reductions(since=NOON + 39 * DAY, now=now)

    assert price_drops.mark(cut, now=now) == 2
    assert len(told(now=now)) == 5
    assert price_drops.mark(cut, now=now) == 0


def test_what_comes_off_the_list_is_watched_no_more():
    marta = a_shopper()
    one, other = a_product(now=NOON), a_product(now=NOON)
    merged(marta, put(one), operation="operation-1")
    watching.watch_list(marta.pk, is_watched=True, now=NOON)
    merged(marta, put(other), operation="operation-2")
    assert set(Watch.objects.values_list("product", flat=True)) == {one.pk, other.pk}

    merged(marta, off(one), operation="operation-3", now=NOON + DAY)
    assert set(Watch.objects.values_list("product", flat=True)) == {other.pk}
    watching.watch_list(marta.pk, is_watched=False, now=NOON)
    assert not Watch.objects.exists()
