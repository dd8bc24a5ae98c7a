"""Many visitors of one shared list at once on real PostgreSQL: each piece is one
visitor's; and what happens without the guard."""

import pytest

from tests.builders import NOON, a_product
from tests.checkout.ordering import all_at_once
from tests.home.accounts.coming_in import a_shopper
from tests.wishlist.wishing import HOUR, merged, put
from wishlist import gifts, sharing
from wishlist.models import Gift, Wishlist

pytestmark = pytest.mark.django_db(transaction=True)
VISITORS = 10
GUARD = "WHERE wishlist_gift.giver IN"


def all_mark() -> list:
    """One piece, marked by all of them at the same moment: what each is told."""
    marta, bowl = a_shopper(), a_product(now=NOON - HOUR)
    merged(marta, put(bowl))
    sharing.share(marta.pk, now=NOON)
    wishlist = Wishlist.objects.get()

    def mark(n: int):
        visitor = f"visitor-{n}"
        return gifts.mark(wishlist, bowl.pk, f"browser-{n}", visitor=visitor, now=NOON)

    return all_at_once(mark, range(VISITORS))


def test_of_ten_who_mark_a_piece_at_once_nine_are_told():
    told = all_mark()

    assert sum(answer is None for answer in told) == 1
    assert sum(isinstance(answer, gifts.Taken) for answer in told) == VISITORS - 1
    assert Gift.objects.count() == 1


def test_control_without_the_guard_all_believe_it_is_theirs(monkeypatch):
    assert GUARD in gifts.CLAIM
    unguarded = gifts.CLAIM.replace(GUARD, "WHERE true OR wishlist_gift.giver IN")
    monkeypatch.setattr(gifts, "CLAIM", unguarded)

    assert all_mark() == [None] * VISITORS
