"""Stock, its ledger and the orders that hold pieces are brought to agree again."""

import pytest
from django.core.management import CommandError, call_command

from checkout import reconciling
from checkout.models import Order
from shop.models import Stock, StockMovement
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    place,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db) -> Order:
    """Waits for its payment and holds two of five pieces, and one of one."""
    a_shop_that_delivers()
    several = a_variant(sku="KL-MOSS", stock={"lisbon": 1, "porto": 4})
    return place(a_cart((several, 2), (a_variant(stock=1), 1)), payment_method="fake")


def rows() -> list[tuple[int, int]]:
    return list(Stock.objects.order_by("pk").values_list("on_hand", "reserved"))


def test_a_shop_in_order_is_left_alone(order, capsys):
    before = rows()

    call_command("reconcile_stock", "--fix")

    assert capsys.readouterr().out.startswith("Stock is what")
    assert rows() == before == [(1, 1), (4, 1), (1, 1)]


def test_drift_is_told_by_sku_and_warehouse_and_nothing_is_changed(order, capsys):
    Stock.objects.filter(warehouse__code="porto").update(on_hand=3, reserved=0)
    before = rows()

    with pytest.raises(CommandError, match="that differ: 1"):
        call_command("reconcile_stock")

    assert capsys.readouterr().out == (
        "KL-MOSS in porto: 3 on hand, 0 reserved; the ledger says 4 and 1, open orders "
        "hold 1\n"
    )
    assert rows() == before


def test_a_row_that_somebody_wrote_to_says_again_what_its_ledger_does(order):
    Stock.objects.update(on_hand=9, reserved=0)

    call_command("reconcile_stock", "--fix")

    assert rows() == [(1, 1), (4, 1), (1, 1)]
    assert_invariants()


@pytest.mark.parametrize("how", ["over", "gone"])
def test_what_no_open_order_holds_is_given_back_by_a_movement(order, how):
    if how == "over":
        Order.objects.update(status=Order.Status.CANCELLED, hold_expires_at=None)
    else:
        order.lines.all().delete()
        order.delete()

    for _n in range(2):
        call_command("reconcile_stock", "--fix")

    assert rows() == [(1, 0), (4, 0), (1, 0)]
    assert StockMovement.objects.filter(kind="released").count() == 3
    assert StockMovement.objects.filter(note="reconciled").count() == 3


def test_drift_is_found_in_one_query_and_many_rows_in_bounded_transactions(
    order, django_assert_num_queries, monkeypatch
):
    Stock.objects.update(reserved=0)
    monkeypatch.setattr(reconciling, "AT_ONCE", 2)

    with django_assert_num_queries(1):
        assert len(reconciling.drift()) == 3
    assert reconciling.put_right(now=NOON) == 3
    assert reconciling.drift() == []


@pytest.mark.django_db(transaction=True)
def test_shoppers_may_buy_while_it_is_put_right():
    a_shop_that_delivers()
    variant = a_variant(stock=20)
    carts = [a_cart((variant, 1)) for _ in range(10)]
    Stock.objects.update(on_hand=30)

    def buy_or_fix(cart):
        return place(cart) if cart else reconciling.put_right(now=NOON)

    answers = all_at_once(buy_or_fix, [*carts, None, None])

    assert [a for a in answers if isinstance(a, Exception)] == []
    assert rows() == [(20, 10)]
    assert_invariants()
