"""A web process killed with -9 between a click and its answer."""

import pytest
from django.db import IntegrityError
from django.test import Client

from checkout import admission, finalization, orders, views, writing
from checkout.models import Order, OrderEvent
from shop.models import Stock
from tests.builders import a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    assert_invariants,
    broken_rules,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.test_pages import FORM
from tests.faults.dying import die_after, killed
from tests.faults.repeats import times
from tests.faults.unguarded import without_unique

pytestmark = pytest.mark.django_db(transaction=True)
SENT = FORM | {"key": "key-of-this-form", "expected_total": "9.90"}
# Where a web process may die between a click and its answer.
POINTS = {
    "the cart is locked": (finalization, "placed_before"),
    "the order is written": (writing, "write"),
    "its pieces are held": (finalization, "_reserve"),
    "all of it is committed": (admission, "finalize_cart"),
    "it is sold, and not committed": (orders, "sell"),
    "it is settled": (views, "_settle_at_once"),
}


@pytest.fixture(autouse=True)
def _shop(transactional_db):
    a_shop_that_delivers()
    yield
    assert_invariants()


def a_shopper(variant) -> Client:
    client = Client()
    client.cookies["cart"] = a_cart((variant, 1)).token
    return client


def die_on_the_way(shopper: Client, point: str) -> None:
    """Send the form to a process that does not live to answer."""

    def answer():
        die_after(*POINTS[point])
        shopper.post("/checkout/", SENT)

    assert killed(answer)


def test_a_form_sent_again_after_a_kill_is_one_order_wherever_it_struck():
    points = [*POINTS] * times(1, 20)
    variant = a_variant(price="5.00", stock=len(points))
    for point in points:
        shopper = a_shopper(variant)
        die_on_the_way(shopper, point)

        again = shopper.post("/checkout/", SENT)

        assert again.status_code == 303, point
        assert Order.objects.get(token=again.url.split("/")[2])
    start_jobs_now()
    work_off_jobs()

    row = Stock.objects.get(variant=variant)
    assert (row.on_hand, row.reserved) == (0, 0)
    assert set(Order.objects.values_list("status", flat=True)) == {"confirmed"}
    letters = OrderEvent.objects.filter(kind=OrderEvent.Kind.CONFIRMATION_SENT)
    assert Order.objects.count() == letters.count() == len(points)


def look_for_no_first_order(monkeypatch) -> None:
    for room in (views, finalization):
        monkeypatch.setattr(room, "placed_before", lambda cart, submission: None)


def test_control_who_does_not_look_for_the_first_order_fails(monkeypatch):
    shopper = a_shopper(a_variant(price="5.00"))
    die_on_the_way(shopper, "all of it is committed")

    look_for_no_first_order(monkeypatch)

    # The database has the last word: there is no second order, but no answer either.
    with pytest.raises(IntegrityError):
        shopper.post("/checkout/", SENT)


def test_control_without_look_and_database_the_form_is_two_orders(monkeypatch):
    shopper = a_shopper(a_variant(price="5.00", stock=2))
    die_on_the_way(shopper, "all of it is committed")

    look_for_no_first_order(monkeypatch)
    with without_unique("checkout_order", "cart_id", "form_key"):
        assert shopper.post("/checkout/", SENT).status_code == 303

        assert Order.objects.count() == 2
        assert "a cart is at most one order" in broken_rules()
