"""What a browser remembers becomes part of a customer's list, once.

The union is exact: one row for each product, the earliest moment and the price that the
shop showed then. What was taken off later than it was put on stays off. Nothing that a
browser says is believed but which products, and when: never a price, a name or whose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction

from shop.models import Product
from shop.price_history import shown_at
from wishlist import watching
from wishlist.models import Wishlist, WishlistItem

MOST_ITEMS = 200
# How much a list may hold, whatever is merged into it.
MOST_KEPT = 1_000
REMEMBER = """
INSERT INTO wishlist_mergedoperation (wishlist_id, key, merged_at)
VALUES (%(list)s, %(key)s, %(now)s) ON CONFLICT (wishlist_id, key) DO NOTHING
RETURNING (
    SELECT count(*) FROM wishlist_mergedoperation
    WHERE wishlist_id = %(list)s AND merged_at > %(since)s
)
"""
MINUTE = timedelta(minutes=1)
MOST_PER_MINUTE = 60


@dataclass(frozen=True)
class Wish:
    """A product that was put on at ``added_at``, or taken off at ``removed_at``."""

    product_id: int
    added_at: datetime | None = None
    removed_at: datetime | None = None


class Result(StrEnum):
    """What became of a wish. Whichever it is, the browser may forget it, but for what
    is offered."""

    SAVED = "saved"
    KEPT = "kept"  # It was on the list already.
    REMOVED = "removed"  # Taken off: just now, or later than it was put on.
    UNKNOWN = "unknown"  # Nothing of that number is in the shop.
    FULL = "full"
    OFFERED = "offered"  # From before the last log-out here: theirs, if they say so.


class TooManyItems(Exception):
    """More than ``MOST_ITEMS`` at once."""


class TooManyMerges(Exception):
    """More than ``MOST_PER_MINUTE`` into one list; nothing was merged."""


def merge_items(
    owner_id: int,
    wishes: Sequence[Wish],
    *,
    operation: str,
    now: datetime,
    left_at: datetime | None = None,
) -> dict[int, Result]:
    """Merge wishes into the owner's list: {product id: result}, all or nothing.

    ``operation`` names this merge among the owner's: sent again, it changes nothing and
    says how things stand. Wishes from before ``left_at``, when somebody last logged out
    in that browser, are offered and not taken. Six queries; the list is locked until
    commit.

    Raises:
        TooManyItems
        TooManyMerges
    """
    latest = _latest(wishes, now)
    if len(latest) > MOST_ITEMS:
        raise TooManyItems
    offered = _before(latest, left_at)
    asked = {pk: wish for pk, wish in latest.items() if pk not in offered}
    results = dict.fromkeys(offered, Result.OFFERED)
    with transaction.atomic():
        locked = Wishlist.objects.lock_of(owner_id, now=now)
        is_new = _remember(locked.pk, operation, now)
        rows = {item.product_id: item for item in _rows_of(locked.pk)}
        products = Product.objects.active().in_bulk(asked) if asked else {}
        if not is_new:
            return results | {pk: _standing(pk, rows, products) for pk in asked}
        changed = _Changes(locked.pk, rows, products, now)
        for pk, wish in sorted(asked.items()):
            results[pk] = changed.take(wish)
        changed.write()
        if locked.is_watched:
            watching.follow(locked.pk, now=now)
    return results


class _Changes:
    """Rows of one list that a merge makes or changes, written together."""

    def __init__(self, wishlist_id: int, rows: dict, products: dict, now: datetime):
        self.wishlist_id, self.rows, self.products = wishlist_id, rows, products
        self.now = now
        self.changed: dict[int, WishlistItem] = {}
        self.left = MOST_KEPT - sum(row.removed_at is None for row in rows.values())

    def take(self, wish: Wish) -> Result:
        row = self.rows.get(wish.product_id)
        if wish.removed_at:
            return self._take_off(wish, row)
        product = self.products.get(wish.product_id)
        if product is None:
            return Result.UNKNOWN
        added_at = _within(wish.added_at, product.created_at, self.now)
        if row is None or (row.removed_at and row.removed_at < added_at):
            return self._put_on(product, added_at)
        if row.removed_at:
            return Result.REMOVED
        if added_at < row.added_at:
            row.added_at = added_at
            self.changed[wish.product_id] = row
        return Result.KEPT

    def _put_on(self, product: Product, added_at: datetime) -> Result:
        if self.left <= 0:
            return Result.FULL
        self.left -= 1
        self.changed[product.pk] = WishlistItem(
            wishlist_id=self.wishlist_id, product_id=product.pk, added_at=added_at
        )
        return Result.SAVED

    def _take_off(self, wish: Wish, row: WishlistItem | None) -> Result:
        removed_at = min(wish.removed_at or self.now, self.now)
        is_on = row is not None and row.removed_at is None
        if row and is_on and row.added_at <= removed_at:
            row.removed_at = removed_at
            self.changed[wish.product_id] = row
        elif is_on:
            return Result.KEPT
        return Result.REMOVED

    def write(self) -> None:
        if not self.changed:
            return
        put_on = {
            pk: row.added_at
            for pk, row in self.changed.items()
            if row.removed_at is None
        }
        prices = shown_at(put_on) if put_on else {}
        for pk in put_on:
            product, row = self.products[pk], self.changed[pk]
            row.price_then = prices.get(pk, product.current_price)
            row.currency = product.currency
        write_rows(list(self.changed.values()))


def write_rows(rows: list[WishlistItem]) -> None:
    """One row for each product, whoever writes at the same time."""
    for row in rows:
        # Found by list and product: all rows in one statement, new ones or not.
        row.pk = None
    WishlistItem.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["wishlist", "product"],
        update_fields=["added_at", "removed_at", "price_then", "currency"],
    )


def _remember(wishlist_id: int, operation: str, now: datetime) -> bool:
    """Whether the operation is new to the list.

    Raises:
        TooManyMerges
    """
    named: dict[str, int | str | datetime] = {
        "list": wishlist_id,
        "key": operation,
        "now": now,
        "since": now - MINUTE,
    }
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, named)
        found = cursor.fetchone()
    if found and found[0] >= MOST_PER_MINUTE:
        raise TooManyMerges
    return found is not None


def _rows_of(wishlist_id: int):
    return WishlistItem.objects.filter(wishlist=wishlist_id)


def _latest(wishes: Sequence[Wish], now: datetime) -> dict[int, Wish]:
    """{product id: what was done last with it}; of two wishes the earlier one counts,
    as in any union."""
    latest: dict[int, Wish] = {}
    for wish in wishes:
        known = latest.get(wish.product_id)
        if known is None or _outdoes(wish, known, now):
            latest[wish.product_id] = wish
    return latest


def _outdoes(wish: Wish, known: Wish, now: datetime) -> bool:
    both_put_on = not wish.removed_at and not known.removed_at
    is_later = _moment(wish, now) > _moment(known, now)
    return not is_later if both_put_on else is_later


def _moment(wish: Wish, now: datetime) -> datetime:
    return min(wish.removed_at or wish.added_at or now, now)


def _before(latest: dict[int, Wish], left_at: datetime | None) -> set[int]:
    if left_at is None:
        return set()
    return {
        pk for pk, wish in latest.items() if wish.added_at and wish.added_at < left_at
    }


def _within(moment: datetime | None, earliest: datetime, latest: datetime) -> datetime:
    return min(max(moment or latest, earliest), latest)


def _standing(pk: int, rows: dict, products: dict) -> Result:
    """How things stand with a product of an operation that has been merged before."""
    row = rows.get(pk)
    if row is not None:
        return Result.REMOVED if row.removed_at else Result.KEPT
    return Result.FULL if pk in products else Result.UNKNOWN
