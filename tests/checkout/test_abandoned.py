from datetime import timedelta

import pytest

from checkout import abandoned, tasks
from checkout.merging import merge_carts
from checkout.models import Cart, CartItem, CartMerge, SavedItem
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import a_shop_that_delivers, place

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_cart_that_was_left_is_kept_for_so_many_days_and_an_order_for_ever(
    settings, django_user_model
):
    settings.CART_DAYS = 7
    a_shop_that_delivers()
    bowl = a_variant()
    ordered, left, fresh, guest = (
        a_cart((bowl, 1), now=NOON - days * DAY) for days in (8, 8, 6, 8)
    )
    place(ordered, now=NOON - 8 * DAY)
    SavedItem.objects.create(
        cart=left, variant=bowl, quantity=1, title="Bowl", price_seen=1, saved_at=NOON
    )
    marta = django_user_model.objects.create(username="marta")
    own = merge_carts(guest.token, marta.pk, now=NOON - 8 * DAY).into

    assert abandoned.sweep(now=NOON - DAY) == 0
    assert abandoned.sweep(now=NOON) == 3

    assert set(Cart.objects.all()) == {ordered, fresh}
    assert CartItem.objects.count() == 2
    assert not SavedItem.objects.exists() and not CartMerge.objects.exists()
    assert not Cart.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("n", [3, 7])
def test_they_are_thrown_away_so_many_at_once(n, monkeypatch):
    monkeypatch.setattr(abandoned, "AT_ONCE", 3)
    for _ in range(n):
        a_cart(now=NOON - 999 * DAY)

    if n == 3:
        assert abandoned.sweep(now=NOON) == n
    else:
        # By the clock on the wall, which has long gone on.
        tasks.sweep_carts(timestamp=0)

    assert not Cart.objects.exists()


def test_who_comes_back_at_that_moment_finds_a_new_cart_or_keeps_the_old_one():
    from checkout import cart as carts

    bowl = a_variant()
    old = a_cart((bowl, 1), now=NOON - 91 * DAY)
    carts.add(old.token, bowl.sku, 1, now=NOON)
    assert abandoned.sweep(now=NOON) == 0

    abandoned.sweep(now=NOON + 91 * DAY)
    again = carts.add(old.token, bowl.sku, 1, now=NOON + 91 * DAY)

    assert again.pk != old.pk
