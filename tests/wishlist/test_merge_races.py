"""Many devices of one person at once on real PostgreSQL: an exact union; and what
happens without the lock and without the constraint."""

import threading

import pytest
from django.db import connection

from tests.builders import NOON, a_product
from tests.checkout.ordering import all_at_once
from tests.faults.repeats import at_once
from tests.home.accounts.coming_in import a_shopper
from tests.wishlist.wishing import HOUR, kept, merged, put
from wishlist import merge
from wishlist.models import Locked, Wishlist, WishlistItem, WishlistManager

pytestmark = pytest.mark.django_db(transaction=True)
DEVICES, PLACES = 50, at_once(16, 50)
ONCE = "wish_once_per_product"


def all_merge(user, products, devices: int) -> list:
    """Each device brings three products in a row, and a moment of its own."""

    def bring(n: int):
        wishes = [
            put(products[(n + step) % len(products)], NOON - n * HOUR)
            for step in range(3)
        ]
        return merged(user, *wishes, operation=f"operation-{n}")

    return all_at_once(bring, range(devices), places=min(devices, PLACES))


def rows(user) -> list[int]:
    items = WishlistItem.objects.filter(wishlist__owner=user)
    return sorted(items.values_list("product", flat=True))


@pytest.fixture
def marta(transactional_db):
    return a_shopper()


@pytest.fixture
def products(transactional_db):
    return [a_product(now=NOON - 100 * HOUR) for _ in range(5)]


def test_fifty_devices_at_once_make_an_exact_union(marta, products):
    answers = all_merge(marta, products, DEVICES)

    assert [a for a in answers if isinstance(a, Exception)] == []
    assert rows(marta) == sorted(product.pk for product in products)
    latest = DEVICES - 1
    for n, product in enumerate(products):
        brought = [d for d in range(DEVICES) if (n - d) % 5 in (0, 1, 2)]
        assert kept(marta)[product.pk][0] == NOON - max(brought) * HOUR
    assert max(since for since, _ in kept(marta).values()) >= NOON - latest * HOUR


def without_the_lock(monkeypatch, devices: int) -> None:
    """Every device has read the list before any writes into it."""
    gate = threading.Barrier(devices)

    def look(self, owner_id, *, now):
        return Locked(Wishlist.objects.get(owner=owner_id).pk, False)

    rows_of = merge._rows_of

    def read(wishlist_id):
        found = list(rows_of(wishlist_id))
        gate.wait(timeout=60)
        return found

    monkeypatch.setattr(WishlistManager, "lock_of", look)
    monkeypatch.setattr(merge, "_rows_of", read)


def test_without_the_lock_the_constraint_still_keeps_each_product_once(
    marta, products, monkeypatch
):
    Wishlist.objects.create(owner=marta, created_at=NOON, changed_at=NOON)
    without_the_lock(monkeypatch, 6)

    all_merge(marta, products, 6)

    assert rows(marta) == sorted(product.pk for product in products)


def test_control_without_lock_and_constraint_products_are_there_twice(
    marta, products, monkeypatch
):
    Wishlist.objects.create(owner=marta, created_at=NOON, changed_at=NOON)
    without_the_lock(monkeypatch, 6)
    monkeypatch.setattr(merge, "write_rows", WishlistItem.objects.bulk_create)
    table = WishlistItem._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {ONCE}")
    try:
        all_merge(marta, products, 6)
        assert len(rows(marta)) > len(products)
    finally:
        WishlistItem.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {ONCE}"
                " UNIQUE (wishlist_id, product_id)"
            )
