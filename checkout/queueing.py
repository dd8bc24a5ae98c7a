"""Orders that cannot be placed at once: each is written down with its place in the line
and, in the same transaction, with a job that serves the line."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from checkout import places, serving
from checkout.conflicts import repeat_on_conflict
from checkout.errors import EmptyCart, LineFull
from checkout.finalization import placed_before
from checkout.models import Cart, CheckoutAttempt, Drop, Order, lines_of
from checkout.writing import Wanted

MOST_WAITING = 5000
FULL_FOR_S = 20
DEPTHS = """
SELECT line.id, count(*) FROM checkout_checkoutattempt,
    unnest(product_ids) AS line (id)
WHERE state = 'waiting' AND line.id = ANY(%s) GROUP BY line.id
"""


@repeat_on_conflict
def join(cart_id: int, wanted: Wanted, *, now: datetime) -> Order | CheckoutAttempt:
    """Let a cart stand in line for what it holds, or give back the order or the place
    that it has already.

    Locks the cart until commit. An attempt that says something else than the one that
    waits takes another place, the last: the one before is given up.

    Raises:
        Cart.DoesNotExist
        KeyReused: the form was sent before and said something else then.
        EmptyCart: nothing in it is known to the shop any more.
        LineFull
        CartBusy
    """
    with transaction.atomic(durable=True):
        cart = Cart.objects.lock(cart_id)
        had = _had(cart, wanted)
        if had and _is_same(had, cart, wanted):
            return had
        if isinstance(had, CheckoutAttempt):
            _give_up(had, now)
        lines = lines_of(cart)
        # Where a row was busy and there is no line yet, nobody can tell for which.
        product_ids = [pk for pk, is_lined in lines.items() if is_lined] or list(lines)
        if not product_ids:
            raise EmptyCart
        _refuse_when_full(product_ids)
        places.pass_gates(product_ids)
        attempt = places.take(cart, wanted, product_ids, now=now)
        # Whoever serves one line of the cart sees to the others as well.
        serving.defer(product_ids[0])
    return attempt


def had_already(cart: Cart, wanted: Wanted) -> Order | CheckoutAttempt | None:
    """The order of this cart or form, or the place in line if it says the same.

    Raises:
        KeyReused: the form was sent before and said something else then.
    """
    had = _had(cart, wanted)
    return had if had and _is_same(had, cart, wanted) else None


def _had(cart: Cart, wanted: Wanted) -> Order | CheckoutAttempt | None:
    """The order, or the place in line whatever it says."""
    return placed_before(cart, wanted.submission) or cart.attempts.waiting().first()


def depths(product_ids: Collection[int]) -> dict[int, int]:
    """{product id: how many wait for it}; those for which nobody does are left out."""
    with connection.cursor() as cursor:
        cursor.execute(DEPTHS, [list(product_ids)])
        return dict(cursor.fetchall())


def _is_same(had: Order | CheckoutAttempt, cart: Cart, wanted: Wanted) -> bool:
    """Whether it says the same, from whichever tab it comes. An order stands."""
    if isinstance(had, Order):
        return True
    known = replace(places.wanted_of(had), submission=None)
    is_same = known == replace(wanted, submission=None)
    return is_same and had.cart_version == cart.version


def _give_up(attempt: CheckoutAttempt, now: datetime) -> None:
    attempt.state = CheckoutAttempt.State.REFUSED
    attempt.reason = CheckoutAttempt.Reason.CART_CHANGED
    attempt.decided_at = now
    attempt.save(update_fields=["state", "reason", "decided_at"])


def _refuse_when_full(product_ids: Collection[int]) -> None:
    drops = Drop.objects.filter(product_id__in=product_ids)
    most = dict(drops.values_list("product_id", "most_waiting"))
    for product_id, depth in depths(product_ids).items():
        if depth >= most.get(product_id, MOST_WAITING):
            raise LineFull(FULL_FOR_S)
