import pytest
from django.db import DatabaseError, transaction

from shop import inventory
from shop.inventory import Demand, NotEnoughStock, Shortage
from shop.models import Stock, StockMovement
from tests.builders import NOON, a_variant

pytestmark = pytest.mark.django_db


def hold(*demands):
    stock = inventory.lock_stock({demand.variant_id for demand in demands})
    inventory.reserve(stock, demands, now=NOON)


def levels(variant) -> list[tuple[int, int]]:
    rows = Stock.objects.filter(variant=variant).order_by("warehouse__priority")
    return list(rows.values_list("on_hand", "reserved"))


def test_a_reservation_holds_pieces_and_writes_a_movement():
    mug = a_variant(stock=5)

    hold(Demand(mug.pk, 3, order_line_id=1))

    assert levels(mug) == [(5, 3)]
    assert StockMovement.objects.get(order_line_id=1).reserved == 3


def test_all_lines_are_held_or_none():
    mug, bowl = a_variant(stock=5), a_variant(stock=1)

    with pytest.raises(NotEnoughStock) as refusal:
        hold(Demand(mug.pk, 3, 1), Demand(bowl.pk, 2, 2))

    assert refusal.value.shortages == [Shortage(bowl.pk, wanted=2, left=1)]
    assert levels(mug) == [(5, 0)]


def test_two_lines_of_one_variant_are_counted_together():
    mug = a_variant(stock=5)

    with pytest.raises(NotEnoughStock):
        hold(Demand(mug.pk, 3, 1), Demand(mug.pk, 3, 2))


def test_a_line_is_split_over_warehouses_in_order_of_priority():
    mug = a_variant(stock={"near": 2, "far": 5})

    hold(Demand(mug.pk, 4, 1))

    assert levels(mug) == [(2, 2), (5, 2)]


def test_the_usual_warehouse_of_a_product_ships_first():
    mug = a_variant(stock={"near": 2, "far": 5})
    mug.product.primary_warehouse = mug.stock.get(warehouse__code="far").warehouse
    mug.product.save()

    hold(Demand(mug.pk, 4, 1))

    assert levels(mug) == [(2, 0), (5, 4)]


def test_a_warehouse_that_does_not_ship_sells_nothing():
    mug = a_variant(stock=5)
    mug.stock.get().warehouse.__class__.objects.update(is_active=False)

    with pytest.raises(NotEnoughStock):
        hold(Demand(mug.pk, 1, 1))


@pytest.mark.parametrize(
    ("close", "left"), [(inventory.sell, (2, 0)), (inventory.release, (5, 0))]
)
def test_a_reservation_is_closed_once(close, left):
    mug = a_variant(stock=5)
    hold(Demand(mug.pk, 3, 1))

    close([1], now=NOON)
    close([1], now=NOON)
    inventory.release([1], now=NOON)

    assert levels(mug) == [left]


def test_pieces_that_are_promised_cannot_be_counted_away():
    mug = a_variant(stock=5)
    hold(Demand(mug.pk, 3, 1))

    with pytest.raises(NotEnoughStock):
        inventory.receive(mug.stock.get().pk, -3, now=NOON)


def test_the_database_refuses_more_held_than_there_is():
    mug = a_variant(stock=5)

    with pytest.raises(DatabaseError), transaction.atomic():
        mug.stock.update(reserved=6)


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_a_movement_stands_for_ever(deed):
    movements = StockMovement.objects.filter(stock=a_variant().stock.get())

    with pytest.raises(DatabaseError), transaction.atomic():
        movements.update(note="x") if deed == "update" else movements.delete()
