from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout import writing
from checkout.errors import (
    CartBusy,
    DeliveryNotOffered,
    EmptyCart,
    NotForSale,
    OutOfStock,
    TotalChanged,
)
from checkout.models import CartItem, DeliveryMethod, Order, OrderEvent
from shop import inventory
from shop.models import Product, Stock, StockMovement, Variant
from shop.prices import change_price
from tests.builders import (
    NOON,
    a_cart,
    a_delivery_method,
    a_picture,
    a_tax_rate,
    a_variant,
)
from tests.checkout.ordering import (
    MARTA,
    a_shop_that_delivers,
    assert_invariants,
    place,
    total_of,
)
from tests.many import many_variants

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()
    yield
    assert_invariants()


def nothing_was_written() -> bool:
    return not (
        Order.objects.exists()
        or ProcrastinateJob.objects.exists()
        or StockMovement.objects.filter(order_line_id__isnull=False).exists()
        or Stock.objects.filter(reserved__gt=0).exists()
    )


def test_a_cart_becomes_an_order_at_the_price_that_was_shown():
    cart = a_cart((a_variant(price="36.50"), 1), (a_variant(price="19.00"), 2))

    order = place(cart, expected_total=Decimal("79.40"))

    assert (order.lines_total, order.delivery_total) == (
        Decimal("74.50"),
        Decimal("4.90"),
    )
    assert order.total == Decimal("79.40")
    assert order.taxes == [["23.00", "14.85"]]
    assert order.tax_total == Decimal("14.85")
    assert order.hold_expires_at == NOON + timedelta(minutes=15)


def test_lines_are_snapshots_that_follow_nothing():
    variant = a_variant(price="36.50", sku="KL-MOSS")
    change_price(variant.pk, Decimal("30.00"), now=NOON + timedelta(days=1))
    order = place(a_cart((variant, 2)))

    Product.objects.update(title="Renamed")
    change_price(variant.pk, Decimal("99.00"), now=NOON + timedelta(days=2))

    line = order.lines.get()
    assert (line.sku, line.title) == ("KL-MOSS", "Vid serving bowl")
    assert (line.unit_price, line.list_price) == (Decimal(30), Decimal("36.50"))
    assert (line.total, line.tax_percent) == (Decimal(60), Decimal(23))
    assert line.product_url.startswith("/product/vid-serving-bowl")


def test_a_picture_that_was_cut_before_is_part_of_the_snapshot(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    picture = a_picture()
    picture.make_cuts()
    order = place(a_cart((a_variant(picture=picture), 1)))

    assert order.lines.get().image_url == picture.cuts["card"][0][0]


def test_a_changed_price_is_shown_before_it_is_charged():
    variant = a_variant(price="5.00")
    cart = a_cart((variant, 2))
    change_price(variant.pk, Decimal("7.00"), now=NOON)

    with pytest.raises(TotalChanged) as refusal:
        place(cart, expected_total=Decimal("14.90"))

    assert refusal.value.total == Decimal("18.90")
    [step] = refusal.value.changes
    assert (step.old, step.new) == (Decimal(5), Decimal(7))
    assert refusal.value.rest == 0
    assert nothing_was_written()


def test_control_without_the_look_at_the_total_it_is_charged_silently(monkeypatch):
    variant = a_variant(price="5.00")
    cart = a_cart((variant, 2))
    change_price(variant.pk, Decimal("7.00"), now=NOON)
    monkeypatch.setattr(writing, "_refuse_another_total", lambda *asked: None)

    assert place(cart, expected_total=Decimal("14.90")).total == Decimal("18.90")


def test_a_changed_delivery_fee_is_what_the_lines_do_not_explain():
    cart = a_cart((a_variant(price="5.00"), 1))
    DeliveryMethod.objects.update(price=Decimal("6.90"))

    with pytest.raises(TotalChanged) as refusal:
        place(cart, expected_total=Decimal("9.90"))

    assert (refusal.value.changes, refusal.value.rest) == ([], Decimal(2))


def test_lines_are_held_all_or_none():
    plenty, scarce = a_variant(stock=9), a_variant(stock=1, sku="KL-RARE")
    cart = a_cart((plenty, 1), (scarce, 2))

    with pytest.raises(OutOfStock) as refusal:
        place(cart)

    [line] = refusal.value.lines
    assert (line.sku, line.wanted, line.left) == ("KL-RARE", 2, 1)
    assert nothing_was_written()


def test_what_sold_out_after_the_first_look_is_found_under_the_lock(monkeypatch):
    cart = a_cart((a_variant(stock=5), 2))
    total = total_of(cart)
    plain = writing.write

    def while_someone_buys(agreed, now):
        inventory.receive(Stock.objects.get().pk, -4, now=NOON)
        return plain(agreed, now=now)

    monkeypatch.setattr(writing, "write", while_someone_buys)
    with pytest.raises(OutOfStock) as refusal:
        place(cart, expected_total=total)

    assert refusal.value.lines[0].left == 1
    assert not Order.objects.exists()


def test_a_line_that_one_warehouse_cannot_fill_is_taken_from_several():
    variant = a_variant(stock={"lisbon": 2, "porto": 3})

    place(a_cart((variant, 4)))

    held = Stock.objects.order_by("warehouse__priority").values_list(
        "warehouse__code", "reserved"
    )
    assert list(held) == [("lisbon", 2), ("porto", 2)]


def test_the_usual_warehouse_of_the_product_gives_first():
    variant = a_variant(stock={"lisbon": 5, "porto": 5})
    porto = variant.stock.get(warehouse__code="porto").warehouse
    Product.objects.update(primary_warehouse=porto)

    place(a_cart((variant, 1)))

    assert Stock.objects.get(reserved=1).warehouse == porto


def test_a_second_call_gives_the_same_order_back():
    cart = a_cart((a_variant(), 1))
    first = place(cart)

    second = place(cart, expected_total=Decimal("0.01"))

    assert first == second
    assert Stock.objects.get().reserved == 1


def test_an_empty_cart_is_no_order():
    with pytest.raises(EmptyCart):
        place(a_cart())


@pytest.mark.parametrize("how", ["withdrawn", "unpublished", "deleted"])
def test_what_is_no_longer_for_sale_is_named(how):
    variant = a_variant()
    cart = a_cart((variant, 1))
    if how == "withdrawn":
        Variant.objects.update(is_active=False)
    elif how == "unpublished":
        Product.objects.update(live=False)
    else:
        CartItem.objects.update(variant=None)

    with pytest.raises(NotForSale) as refusal:
        place(cart)

    assert refusal.value.titles == ["Vid serving bowl"]
    assert nothing_was_written()


@pytest.mark.parametrize("code", ["pigeon", ""])
def test_an_unknown_way_of_delivery_is_refused(code):
    with pytest.raises(DeliveryNotOffered):
        place(a_cart((a_variant(), 1)), delivery_code=code)

    assert nothing_was_written()


def test_a_method_that_does_not_reach_the_country_is_refused():
    a_delivery_method("van", "2.00", countries=["PT"])
    madrid = replace(MARTA, country="ES")

    with pytest.raises(DeliveryNotOffered):
        place(a_cart((a_variant(), 1)), address=madrid, delivery_code="van")


def test_tax_is_that_of_the_country_and_the_class():
    a_tax_rate("21", country="ES")
    a_tax_rate("6", tax_class="reduced")
    madrid = replace(MARTA, country="ES")
    cart = a_cart((a_variant(), 1), (a_variant(tax_class="reduced"), 1))

    order = place(cart, address=madrid)

    percents = [line.tax_percent for line in order.lines.all()]
    assert percents == [Decimal(21), Decimal(6)]


def test_the_jobs_that_follow_are_written_with_the_order():
    order = place(a_cart((a_variant(), 1)))

    jobs = ProcrastinateJob.objects.values_list("task_name", "args").order_by("pk")
    assert list(jobs) == [
        ("checkout.settle", {"order_id": order.pk}),
        ("shop.relist", {"product_ids": [Product.objects.get().pk]}),
    ]
    assert order.events.get().kind == OrderEvent.Kind.PREPARED


@pytest.mark.django_db(transaction=True)
def test_statements_are_20_at_most_and_do_not_grow_with_the_lines():
    counts = []
    for lines in (1, 3, 50):
        cart = a_cart(*((variant, 2) for variant in many_variants(lines)))
        total = total_of(cart)
        with CaptureQueriesContext(connection) as asked:
            place(cart, expected_total=total)
        counts.append(len(asked))

    assert max(counts) <= 20
    assert max(counts) - min(counts) <= 2


@pytest.mark.django_db(transaction=True)
def test_rows_that_others_keep_locked_are_a_busy_shop(monkeypatch):
    cart = a_cart((a_variant(), 1))
    total = total_of(cart)

    def impatient():
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            place(cart, expected_total=total)
        finally:
            connections.close_all()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM shop_stock FOR NO KEY UPDATE")
        with pytest.raises(CartBusy):
            pool.submit(impatient).result()
    assert nothing_was_written()


def test_no_cache_is_read_where_a_cart_becomes_an_order(monkeypatch):
    cart = a_cart((a_variant(), 1))
    total = total_of(cart)
    for verb in ("get", "set", "get_or_set", "get_many", "delete"):
        monkeypatch.setattr(cache, verb, _fail, raising=False)

    assert place(cart, expected_total=total)


def _fail(*args, **kwargs):
    raise AssertionError("The cache was asked.")
