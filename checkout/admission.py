"""Who may order now: at once where nobody waits, else in line, or not at all.

Nothing here decides who gets a piece. What is read without a lock only sends away, with
the truth of that moment, those whom a look under the lock would send away as well.
"""

from datetime import datetime, timedelta

from django.db import connection

from checkout import clicks, queueing, writing
from checkout.errors import (
    CartBusy,
    CheckoutError,
    FormUnseen,
    LineFull,
    OutOfStock,
    ShortLine,
)
from checkout.finalization import finalize_cart
from checkout.models import Cart, CheckoutAttempt, Drop, Order, lines_of
from checkout.review import Review, review
from checkout.submission import is_ours
from checkout.writing import Wanted

# So long a row is waited for before a line is joined.
PATIENCE = timedelta(milliseconds=250)
# Asked by everybody who comes too late, so it is put together once.
SHORT = """
SELECT v.sku, item.title, item.quantity, greatest(stock.pieces, 0)
FROM checkout_cartitem item
JOIN shop_variant v ON v.id = item.variant_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(s.on_hand - s.reserved), 0)::int AS pieces
    FROM shop_stock s JOIN shop_warehouse w ON w.id = s.warehouse_id AND w.is_active
    WHERE s.variant_id = v.id
) stock
WHERE item.cart_id = %s AND stock.pieces < item.quantity
ORDER BY item.added_at, item.id
"""


def order_or_wait(
    cart: Cart, wanted: Wanted, *, now: datetime
) -> Order | CheckoutAttempt:
    """Place the order at once, or have it wait for its turn.

    Raises:
        FormUnseen: for a drop, without the form that the shop has given out.
        LineFull
        what ``finalize_cart`` raises, but for its ``CartBusy``, which means a place in
        line; and ``CartBusy`` where not even that could be written.
    """
    lines = [pk for pk, is_lined in lines_of(cart).items() if is_lined]
    if lines:
        try:
            _refuse_at_the_door(cart, lines, wanted, now)
        except CheckoutError:
            # Sent twice, the other may have had the last piece by now.
            cart.refresh_from_db()
            if had := queueing.had_already(cart, wanted):
                return had
            raise
        return queueing.join(cart.pk, wanted, now=now)
    try:
        return finalize_cart(
            cart.pk,
            address=wanted.address,
            delivery_code=wanted.delivery_code,
            payment_method=wanted.payment_method,
            expected_total=wanted.expected_total,
            submission=wanted.submission,
            now=now,
            patience=PATIENCE,
        )
    except CartBusy:
        return queueing.join(cart.pk, wanted, now=now)


def _refuse_at_the_door(
    cart: Cart, product_ids: list[int], wanted: Wanted, now: datetime
) -> None:
    """Nobody shall wait for what is to be refused anyhow."""
    refuse_sold_out(cart)
    _refuse_strangers(product_ids, wanted)
    writing.agree(cart, _seen(cart, wanted, now), wanted)


def _seen(cart: Cart, wanted: Wanted, now: datetime) -> Review:
    return review(
        cart,
        country=wanted.address.country,
        delivery_code=wanted.delivery_code,
        email=wanted.address.email,
        now=now,
    )


def refuse_sold_out(cart: Cart) -> None:
    """One read, without a lock: what is gone need not be waited for.

    Raises:
        OutOfStock
    """
    with connection.cursor() as cursor:
        cursor.execute(SHORT, [cart.pk])
        short = [ShortLine(*row) for row in cursor.fetchall()]
    if short:
        raise OutOfStock(short)


def _refuse_strangers(product_ids: list[int], wanted: Wanted) -> None:
    """Buyers of a drop come with a form of ours, and so many a second.

    Raises:
        FormUnseen
        LineFull
    """
    drops = Drop.objects.filter(product_id__in=product_ids)
    for drop in drops:
        if wanted.submission is None or not is_ours(wanted.submission.key):
            raise FormUnseen
        if drop.clicks_per_second and not clicks.admit(
            drop.product_id, drop.clicks_per_second
        ):
            raise LineFull(clicks.RETRY_AFTER_S)
