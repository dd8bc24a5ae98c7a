"""Many shoppers at once on real PostgreSQL, each guard with a control that lacks it."""

import threading
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from checkout import finalization, writing
from checkout.errors import OutOfStock
from checkout.models import Cart, Order, OrderLine
from checkout.models.cart import CartQuerySet
from checkout.orders import settle_order
from checkout.submission import Submission
from shop.models import Stock
from shop.models.stock import LOCK_FOR_SALE, StockQuerySet
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    broken_rules,
    place,
    total_of,
)
from tests.faults.repeats import at_once, times
from tests.faults.unguarded import without_transaction, without_unique
from tests.many import many_carts

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, PLACES = 200, at_once(20, 200)


@pytest.fixture(autouse=True)
def _shop(transactional_db):
    a_shop_that_delivers()


def orders_and_refusals(answers: list) -> tuple[int, int, list]:
    """How many got an order, how many were refused for want of stock, and the rest."""
    orders = [answer for answer in answers if isinstance(answer, Order)]
    refused = [answer for answer in answers if isinstance(answer, OutOfStock)]
    rest = [answer for answer in answers if answer not in [*orders, *refused]]
    return len(orders), len(refused), rest


def carts_of_one(variant, buyers: int) -> tuple[list, object]:
    """A cart for each buyer, and what each agreed to pay."""
    carts = many_carts(buyers, (variant, 1))
    return carts, total_of(carts[0])


@pytest.mark.parametrize("run", range(times(1, 50)))
@pytest.mark.parametrize("stock", [1, 50])
def test_200_buyers_get_what_there_is_and_not_a_piece_more(stock, run):
    variant = a_variant(stock=stock)
    carts, total = carts_of_one(variant, BUYERS)

    answers = all_at_once(
        lambda cart: place(cart, expected_total=total), carts, places=PLACES
    )

    assert orders_and_refusals(answers) == (stock, BUYERS - stock, [])
    assert Stock.objects.get(variant=variant).available == 0
    assert_invariants()


def test_everyone_who_was_served_can_be_settled_at_once():
    variant = a_variant(stock=10)
    carts, total = carts_of_one(variant, 10)
    orders = [place(cart, expected_total=total) for cart in carts]

    all_at_once(lambda order: settle_order(order.pk, now=NOON), [*orders, *orders])

    row = Stock.objects.get(variant=variant)
    assert (row.on_hand, row.reserved) == (0, 0)
    assert_invariants()


def once_for_each_of(threads: int) -> Callable[[], None]:
    """A function in which every thread, at its first call, waits for all others."""
    gate, here = threading.Barrier(threads), threading.local()

    def meet() -> None:
        if not hasattr(here, "has_met"):
            here.has_met = True
            gate.wait(timeout=60)

    return meet


def without_a_lock(buyers: int, monkeypatch) -> None:
    """Read stock plainly, and go on only when every buyer has read it."""
    meet = once_for_each_of(buyers)
    plain = LOCK_FOR_SALE.replace("FOR NO KEY UPDATE OF s", "")

    def read(self, variant_ids):
        rows = list(self.raw(plain, [list(variant_ids)]))
        meet()
        return rows

    monkeypatch.setattr(StockQuerySet, "lock_for_sale", read)


def test_control_without_the_lock_shoppers_see_the_database_refuse(monkeypatch):
    variant = a_variant(stock=1)
    carts, total = carts_of_one(variant, 8)
    without_a_lock(8, monkeypatch)

    answers = all_at_once(lambda cart: place(cart, expected_total=total), carts)

    orders, refusals, rest = orders_and_refusals(answers)
    assert (orders, refusals) == (1, 0)
    assert {type(answer) for answer in rest} == {IntegrityError}


@contextmanager
def without_the_databases_word():
    """Stock without the check that no more is promised than is there."""
    name = "stock_reserved_is_on_hand"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE shop_stock DROP CONSTRAINT {name}")
        yield
        cursor.execute("UPDATE shop_stock SET reserved = 0")
        check = "CHECK (reserved <= on_hand)"
        cursor.execute(f"ALTER TABLE shop_stock ADD CONSTRAINT {name} {check}")


def test_control_without_lock_and_check_one_piece_is_sold_many_times(monkeypatch):
    variant = a_variant(stock=1)
    carts, total = carts_of_one(variant, 8)
    without_a_lock(8, monkeypatch)

    with without_the_databases_word():
        answers = all_at_once(lambda cart: place(cart, expected_total=total), carts)

        assert orders_and_refusals(answers)[0] > 1
        with pytest.raises(SystemExit):
            call_command("check_invariants")


def test_opposite_line_orders_do_not_deadlock():
    buyers = times(20, 100)
    one, other = a_variant(stock=buyers), a_variant(stock=buyers)
    pairs = [(one, 1), (other, 1)]
    carts = [a_cart(*(pairs if n % 2 else reversed(pairs))) for n in range(buyers)]
    total = total_of(carts[0])

    answers = all_at_once(lambda cart: place(cart, expected_total=total), carts)

    assert orders_and_refusals(answers) == (buyers, 0, [])
    assert_invariants()


def in_line_order(monkeypatch) -> None:
    """Lock each row by itself, as the lines come; both have their first row before
    either asks for its second."""
    guarded = StockQuerySet.lock_for_sale
    meet = once_for_each_of(2)

    def lock(self, variant_ids):
        rows = []
        for variant_id in wanted_by_thread.variant_ids:
            rows += guarded(self, [variant_id])
            meet()
        return rows

    monkeypatch.setattr(StockQuerySet, "lock_for_sale", lock)


wanted_by_thread = threading.local()


def test_control_rows_locked_in_line_order_do_deadlock(monkeypatch):
    one, other = a_variant(stock=40), a_variant(stock=40)
    carts = [a_cart((one, 1), (other, 1)), a_cart((other, 1), (one, 1))]
    total = total_of(carts[0])
    in_line_order(monkeypatch)
    monkeypatch.setattr("checkout.conflicts.ATTEMPTS", 1)

    def place_in_line_order(cart):
        wanted_by_thread.variant_ids = [item.variant_id for item in cart.items.all()]
        return place(cart, expected_total=total)

    answers = all_at_once(place_in_line_order, carts)

    assert orders_and_refusals(answers)[0] == 1
    assert [type(answer).__name__ for answer in orders_and_refusals(answers)[2]] == [
        "CartBusy"
    ]


def test_one_cart_submitted_20_times_at_once_is_one_order():
    cart = a_cart((a_variant(stock=30), 2))
    total = total_of(cart)

    answers = all_at_once(lambda n: place(cart, expected_total=total), range(20))

    assert {answer.pk for answer in answers} == {Order.objects.get().pk}
    assert OrderLine.objects.count() == 1
    assert_invariants()


def submitted_without_the_carts_lock(tabs: int, monkeypatch) -> list:
    """One cart at once from so many tabs; each goes on when all have read it."""
    cart = a_cart((a_variant(stock=30), 2))
    total, meet = total_of(cart), once_for_each_of(tabs)

    def read(self, pk):
        found = self.get(pk=pk)
        meet()
        return found

    monkeypatch.setattr(CartQuerySet, "lock", read)
    return all_at_once(lambda n: place(cart, expected_total=total), range(tabs))


def test_control_without_the_carts_lock_tabs_see_the_database_refuse(monkeypatch):
    answers = submitted_without_the_carts_lock(4, monkeypatch)

    orders, refused, rest = orders_and_refusals(answers)
    assert (orders, refused) == (1, 0)
    assert {type(answer) for answer in rest} == {IntegrityError}


def test_control_without_lock_and_database_one_cart_is_many_orders(monkeypatch):
    with without_unique("checkout_order", "cart_id"):
        answers = submitted_without_the_carts_lock(4, monkeypatch)

        assert orders_and_refusals(answers) == (4, 0, [])
        assert "a cart is at most one order" in broken_rules()


def test_one_form_sent_from_two_carts_of_one_owner_is_one_order(django_user_model):
    lena = django_user_model.objects.create(username="lena")
    variant = a_variant(stock=30)
    sent = Submission(key="key-of-this-form", digest="the same")

    def cart_of_lena() -> Cart:
        cart = a_cart((variant, 1))
        Cart.objects.filter(pk=cart.pk).update(customer=lena)
        return Cart.objects.get(pk=cart.pk)

    first = cart_of_lena()
    total = total_of(first)
    place(first, submission=sent)
    carts = [first, cart_of_lena()]
    answers = all_at_once(
        lambda n: place(carts[n % 2], expected_total=total, submission=sent), range(10)
    )

    assert {answer.pk for answer in answers} == {Order.objects.get().pk}
    assert Stock.objects.get().available == 29
    assert_invariants()


@pytest.mark.parametrize("run", range(times(1, 50)))
def test_lines_are_all_held_or_none_even_in_a_crowd(run):
    plenty, scarce = a_variant(stock=100), a_variant(stock=3)
    carts = many_carts(20, (plenty, 1), (scarce, 1))
    total = total_of(carts[0])

    answers = all_at_once(lambda cart: place(cart, expected_total=total), carts)

    assert orders_and_refusals(answers) == (3, 17, [])
    assert Stock.objects.get(variant=plenty).available == 97
    assert_invariants()


def test_control_without_a_transaction_an_order_is_left_without_its_pieces(monkeypatch):
    plenty, scarce = a_variant(stock=9), a_variant(stock=1)
    carts = [a_cart((plenty, 1), (scarce, 1)) for _ in range(2)]
    total = total_of(carts[0])
    without_transaction(monkeypatch, finalization)
    meet, write = once_for_each_of(2), writing.write

    def write_when_both_have_looked(*agreed, **more):
        meet()
        return write(*agreed, **more)

    monkeypatch.setattr(writing, "write", write_when_both_have_looked)

    answers = all_at_once(lambda cart: place(cart, expected_total=total), carts)

    assert orders_and_refusals(answers)[0] == 1
    assert Order.objects.count() == 2
    [name] = broken_rules()
    assert name.startswith("an open order holds its pieces")
