from decimal import Decimal

import pytest

from checkout import cart as carts
from checkout.cart import Wish
from checkout.errors import LinesRefused, QuantityRefused, UnknownSku
from checkout.models import Cart, CartItem
from shop.models import Warehouse
from tests.builders import NOON, a_cart, a_product, a_variant
from tests.checkout.ordering import a_shop_that_delivers, all_at_once, place

Reason = QuantityRefused.Reason
pytestmark = pytest.mark.django_db


def add(variant, quantity=1, token=""):
    return carts.add(token, variant.sku, quantity, now=NOON)


def the_reason(refusal) -> tuple:
    return refusal.value.reason, refusal.value.left, refusal.value.in_cart


def test_the_first_piece_opens_a_cart():
    variant = a_variant(price="36.50")

    cart = add(variant, 2)

    item = cart.items.get()
    assert (item.variant, item.quantity) == (variant, 2)
    assert item.price_seen == Decimal("36.50")


def test_the_same_piece_adds_up_on_one_line():
    variant = a_variant(stock=5)
    cart = add(variant, 2)

    add(variant, 3, token=cart.token)

    assert cart.items.get().quantity == 5


def test_no_more_can_be_added_than_is_left_and_nothing_is_lost():
    variant = a_variant(stock=3)
    cart = add(variant, 2)

    with pytest.raises(QuantityRefused) as refusal:
        add(variant, 2, token=cart.token)

    assert the_reason(refusal) == (Reason.ABOVE_STOCK, 3, 2)
    assert cart.items.get().quantity == 2


def test_a_sold_out_piece_cannot_be_added():
    with pytest.raises(QuantityRefused) as refusal:
        add(a_variant(stock=0))

    assert refusal.value.reason == Reason.SOLD_OUT
    assert not Cart.objects.exists()


def test_stock_in_a_warehouse_that_does_not_ship_is_not_sold():
    variant = a_variant(stock={"lisbon": 1, "porto": 5})
    Warehouse.objects.filter(code="porto").update(is_active=False)

    with pytest.raises(QuantityRefused) as refusal:
        add(variant, 2)

    assert refusal.value.left == 1


def test_a_withdrawn_variant_cannot_be_added():
    with pytest.raises(QuantityRefused) as refusal:
        add(a_variant(is_active=False))

    assert refusal.value.reason == Reason.NOT_FOR_SALE


@pytest.mark.parametrize("sku", ["", "NO-SUCH", "ÅÄÖ", "x" * 500])
def test_an_unknown_sku_is_told_apart_from_a_refusal(sku):
    with pytest.raises(UnknownSku):
        carts.add("", sku, 1, now=NOON)


def test_an_unpublished_product_is_as_unknown_as_any():
    variant = a_variant(a_product(price=None, live=False))

    with pytest.raises(UnknownSku):
        add(variant)


@pytest.mark.parametrize("token", ["", "short", "x" * 41, "x" * 39 + "\0", "é" * 30])
def test_a_mangled_token_is_no_cart(token):
    assert carts.find(token) is None


def test_a_cart_that_became_an_order_is_no_cart_but_is_still_known():
    cart = a_cart((a_variant(), 1))
    Cart.objects.filter(pk=cart.pk).update(converted_at=NOON)

    assert carts.find(cart.token) is None
    assert carts.find_any(cart.token) == cart
    assert add(a_variant(), token=cart.token) != cart


def test_quantities_are_set_line_by_line():
    one, other = a_variant(), a_variant()
    cart = a_cart((one, 1), (other, 1))
    first, second = cart.items.all()

    carts.change(cart.token, {first.pk: Wish("4"), second.pk: Wish("1")}, now=NOON)

    assert [item.quantity for item in cart.items.all()] == [4, 1]


def test_a_quantity_of_0_takes_the_line_out():
    cart = a_cart((a_variant(), 2), (a_variant(), 1))
    first, second = cart.items.all()

    carts.change(cart.token, {first.pk: Wish("0")}, now=NOON)

    assert list(cart.items.all()) == [second]


def test_a_refused_line_leaves_every_line_as_it_was():
    cart = a_cart((a_variant(stock=2), 1), (a_variant(), 1))
    first, second = cart.items.all()

    with pytest.raises(LinesRefused) as refused:
        carts.change(cart.token, {first.pk: Wish("3"), second.pk: Wish("5")}, now=NOON)

    assert refused.value.refusals[first.pk].left == 2
    assert [item.quantity for item in cart.items.all()] == [1, 1]


def test_one_fewer_of_what_is_no_longer_there_goes_down_to_what_is():
    cart = a_cart((a_variant(stock=2), 5))
    item = cart.items.get()

    carts.change(cart.token, {item.pk: Wish("5", step=-1)}, now=NOON)

    assert cart.items.get().quantity == 2


def test_a_line_above_stock_may_stay_while_another_changes():
    cart = a_cart((a_variant(stock=2), 5), (a_variant(), 1))
    short, fine = cart.items.all()

    carts.change(cart.token, {short.pk: Wish("5"), fine.pk: Wish("2")}, now=NOON)

    assert [item.quantity for item in cart.items.all()] == [5, 2]


def test_a_vanished_variant_can_be_taken_out():
    variant = a_variant()
    cart = a_cart((variant, 1))
    CartItem.objects.update(variant=None)
    item = cart.items.get()

    carts.change(cart.token, {item.pk: Wish("0")}, now=NOON)

    assert not cart.items.exists()


def test_items_of_another_cart_are_out_of_reach():
    mine, theirs = a_cart((a_variant(), 1)), a_cart((a_variant(), 1))
    item = theirs.items.get()

    carts.change(mine.token, {item.pk: Wish("0")}, now=NOON)

    assert theirs.items.count() == 1


def test_a_full_cart_takes_no_further_line(monkeypatch):
    monkeypatch.setattr(carts, "MOST_LINES", 1)
    cart = add(a_variant())

    with pytest.raises(QuantityRefused) as refusal:
        add(a_variant(), token=cart.token)

    assert refusal.value.reason == Reason.CART_IS_FULL


@pytest.mark.django_db(transaction=True)
def test_tabs_that_add_at_once_lose_nothing():
    variant, cart = a_variant(stock=100), a_cart()

    all_at_once(lambda n: add(variant, 2, token=cart.token), range(12))

    assert cart.items.get().quantity == 24


@pytest.mark.django_db(transaction=True)
def test_adding_while_the_cart_becomes_an_order_lands_in_a_new_cart():
    a_shop_that_delivers()
    variant = a_variant(stock=100)
    cart = a_cart((variant, 1))

    def order_or_add(n):
        return place(cart) if n == 0 else add(variant, token=cart.token)

    answers = all_at_once(order_or_add, range(7))

    assert not [answer for answer in answers[1:] if isinstance(answer, Exception)]
    assert sum(CartItem.objects.values_list("quantity", flat=True)) == 7
