"""Sale prices: by the clock in baskets and orders, written onto variants, ledger and
lists at their hour by whoever comes first."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from shop import prices, sales, tasks, tree
from shop.models import PriceChange, SalePrice, Variant
from shop.prices import apply_due, change_price
from tests.builders import NOON, a_product, a_value, a_variant
from tests.checkout.ordering import all_at_once
from tests.many import further_variants

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
State = SalePrice.State
# Of one turn of a sale, and twice the question which is next.
STATEMENTS = 16


def a_sale(variant, price="30", *, begins=NOON, lasts=DAY) -> SalePrice:
    return SalePrice.objects.create(
        variant=variant,
        price=Decimal(price),
        starts_at=begins,
        ends_at=begins + lasts,
    )


def an_old_variant(price="40", **more):
    return a_variant(price=price, now=NOON - 90 * DAY, **more)


def ledger(variant) -> list[tuple]:
    rows = PriceChange.objects.filter(variant=variant).order_by("changed_at", "pk")
    return list(rows.values_list("price", "changed_at"))


def columns(variant) -> tuple:
    variant.refresh_from_db()
    return variant.price, variant.compare_at_price, variant.regular_price


def test_a_sale_begins_and_ends_on_variant_list_and_ledger():
    variant = an_old_variant()
    sale = a_sale(variant)

    assert apply_due(now=NOON - HOUR) == NOON
    assert columns(variant) == (40, None, None) and len(ledger(variant)) == 1
    assert apply_due(now=NOON + HOUR) == NOON + DAY
    assert columns(variant) == (30, 40, 40)
    product = variant.product
    product.refresh_from_db()
    assert (product.current_price, product.compare_at_price) == (30, 40)
    assert apply_due(now=NOON + 2 * DAY) is None

    assert columns(variant) == (40, None, None)
    assert ledger(variant)[1:] == [(30, NOON), (40, NOON + DAY)]
    product.refresh_from_db()
    assert (product.current_price, product.compare_at_price) == (40, None)
    sale.refresh_from_db()
    assert sale.state == State.OVER


def test_a_sale_that_came_and_went_while_nobody_looked_is_in_the_ledger():
    variant = an_old_variant()
    a_sale(variant)
    a_sale(variant, "25", begins=NOON + DAY)

    apply_due(now=NOON + 5 * DAY)

    assert columns(variant) == (40, None, None)
    # One sale follows the other without the regular price between them.
    assert ledger(variant)[1:] == [(30, NOON), (25, NOON + DAY), (40, NOON + 2 * DAY)]


def test_the_struck_price_is_that_of_the_thirty_days_before_the_sale():
    variant = an_old_variant("35")
    change_price(variant.pk, Decimal(50), now=NOON - 3 * DAY)
    a_sale(variant, "30")

    apply_due(now=NOON)

    assert columns(variant) == (30, 35, 50)


def test_a_price_changed_during_a_sale_counts_after_it_or_where_it_is_lower():
    variant = an_old_variant()
    a_sale(variant)
    # Nobody has begun the sale yet; whoever changes the price does.
    change_price(variant.pk, Decimal(45), now=NOON + HOUR)
    assert columns(variant) == (30, 40, 45)

    change_price(variant.pk, Decimal(28), now=NOON + 2 * HOUR)
    assert columns(variant) == (28, 40, 28)

    change_price(variant.pk, Decimal(44), now=NOON + 3 * HOUR)
    assert columns(variant)[::2] == (30, 44)
    apply_due(now=NOON + DAY)
    assert columns(variant) == (44, None, None)
    assert [price for price, _at in ledger(variant)] == [40, 30, 28, 30, 44]


def test_the_job_of_the_minute_does_what_no_visitor_has_done():
    variant = an_old_variant()
    a_sale(variant, begins=timezone.now() - HOUR)

    tasks.apply_sales(timestamp=0)

    assert columns(variant) == (30, 40, 40)


def test_two_sales_of_a_variant_never_overlap_in_the_database_too():
    variant = an_old_variant()
    a_sale(variant)
    a_sale(an_old_variant())
    a_sale(variant, begins=NOON + DAY)

    clash = SalePrice(
        variant=variant,
        price=1,
        starts_at=NOON + HOUR,
        ends_at=NOON + 2 * HOUR,
    )
    with pytest.raises(ValidationError, match="runs at the same time"):
        clash.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        clash.save()


@pytest.mark.parametrize("n", [1, 50])
def test_a_great_sale_begins_in_as_many_statements_as_a_small_one(
    n, django_assert_num_queries
):
    product = a_product(price=None)
    colours = [a_value(f"Colour {number}") for number in range(n)]
    further_variants(product, colours, price="40", now=NOON - 90 * DAY)
    SalePrice.objects.bulk_create(
        SalePrice(variant=variant, price=30, starts_at=NOON, ends_at=NOON + DAY)
        for variant in product.variants.all()
    )

    with django_assert_num_queries(STATEMENTS):
        apply_due(now=NOON)

    assert set(product.variants.values_list("price", flat=True)) == {30}


@pytest.mark.django_db(transaction=True)
def test_all_who_come_at_the_hour_begin_a_sale_once():
    variants = [an_old_variant() for _ in range(3)]
    for variant in variants:
        a_sale(variant)

    answers = all_at_once(lambda _n: apply_due(now=NOON), range(6))

    assert answers == [NOON + DAY] * 6
    assert [len(ledger(variant)) for variant in variants] == [2, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_begin_it_twice(monkeypatch):
    variant = an_old_variant()
    a_sale(variant)
    both_have_read, look_back = threading.Barrier(2), prices.lowest_prices_before

    def meet(*args):
        both_have_read.wait(timeout=30)
        return look_back(*args)

    monkeypatch.setattr(prices, "lowest_prices_before", meet)
    monkeypatch.setattr(
        prices, "lock", lambda ids: list(Variant.objects.filter(pk__in=ids))
    )
    all_at_once(lambda _n: apply_due(now=NOON), range(2))

    assert len(ledger(variant)) == 3


@pytest.mark.django_db(transaction=True)
def test_a_page_is_right_at_the_hour_without_a_worker(client, time_machine):
    now = timezone.now()
    product = a_product(price=None)
    variant = an_old_variant(product=product)
    a_sale(variant, begins=now + HOUR)
    time_machine.move_to(now, tick=False)
    pages = [product.url, "/shop/"]
    for page in pages:
        assert "€40.00" in client.get(page).content.decode()
        assert client.get(page)["X-Cache"] == "hit"

    time_machine.move_to(now + HOUR, tick=False)
    for page in pages:
        words = client.get(page).content.decode()
        assert "€30.00" in words and "30-day lowest before the cut" in words
        assert client.get(page)["X-Cache"] == "hit"
    until = (localtime(now) + HOUR + DAY).date().isoformat()
    assert f'"priceValidUntil": "{until}"' in client.get(product.url).content.decode()

    time_machine.move_to(now + HOUR + DAY, tick=False)
    for page in pages:
        words = client.get(page).content.decode()
        assert "€40.00" in words and "€30.00" not in words


def test_of_a_great_sale_a_visitor_writes_a_part_and_the_page_asks_again(
    client, monkeypatch
):
    monkeypatch.setattr(prices, "AT_ONCE", 1)
    product, now = a_product(price=None), timezone.now()
    for _ in range(sales.MOST + 2):
        variant = an_old_variant(product=product)
        a_sale(variant, begins=now - HOUR)

    answer = client.get(product.url)

    written = SalePrice.objects.filter(state=State.RUNNING)
    assert written.count() == sales.MOST
    assert answer.status_code == 200 and "s-maxage=1," in answer["Cache-Control"] + ","
    client.get("/shop/?page=1&in_stock=1")
    assert written.count() == sales.MOST + 2
    assert apply_due(now=now) == now - HOUR + DAY


def test_other_caches_keep_no_page_beyond_the_hour(client, time_machine):
    now = timezone.now()
    variant = an_old_variant()
    a_sale(variant, begins=now + timedelta(seconds=20))
    time_machine.move_to(now, tick=False)

    answer = client.get(variant.product.url)

    assert "s-maxage=20" in answer["Cache-Control"]


def test_a_page_between_the_hours_asks_the_database_nothing_of_sales(
    rf, django_assert_num_queries
):
    a_sale(an_old_variant(), begins=timezone.now() + HOUR)
    clock = sales.SaleClock(lambda request: request)
    # What all pages share.
    assert tree.current().next_sale

    with django_assert_num_queries(0):
        request = clock(rf.get("/shop/"))
        clock(rf.get("/healthz"))

    assert 3590 < request.keep_at_most_s <= 3600


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_cannot_be_written_now_breaks_no_page(client, monkeypatch):
    variant = an_old_variant()
    a_sale(variant, begins=timezone.now() - HOUR)

    def locked(**_which):
        raise OperationalError("lock timeout")

    monkeypatch.setattr(sales, "apply_due", locked)
    answer = client.get(variant.product.url)

    assert answer.status_code == 200
    assert (
        "s-maxage=1" in answer["Cache-Control"]
        or "s-maxage=0" in (answer["Cache-Control"])
    )
