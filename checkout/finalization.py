"""The one place where a cart becomes an order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from checkout import coupons, writing
from checkout.address import Address
from checkout.conflicts import repeat_on_conflict, wait_at_most
from checkout.errors import EmptyCart, KeyReused, LineAhead, OutOfStock, ShortLine
from checkout.models import Cart, Order, with_lines
from checkout.review import Review, review
from checkout.submission import Submission
from checkout.writing import Wanted, Written
from shop import inventory


@repeat_on_conflict
def finalize_cart(
    cart_id: int,
    *,
    address: Address,
    delivery_code: str,
    payment_method: str,
    expected_total: Decimal,
    now: datetime,
    submission: Submission | None = None,
    patience: timedelta | None = None,
) -> Order:
    """Turn a cart into an order with its stock reserved, or change nothing at all.

    Locks the cart, then the stock of all lines in primary-key order, then promotions
    that have a limit, until commit. A cart that is an order already gives that order
    back, and so does a form that was sent before. Prices, tax, delivery, promotions and
    stock come from live rows; no cache and no network is touched. The jobs that follow
    are written in the same transaction. ``patience`` is how long stock and promotions
    are waited for, where that is less than usual.

    Raises:
        Cart.DoesNotExist
        KeyReused: the form was sent before and said something else then.
        EmptyCart, NotForSale, OutOfStock, DeliveryNotOffered
        TotalChanged: the total is not ``expected_total``, the one the shopper saw.
        CouponRefused: nor is it, because a promotion no longer takes anything off.
        CartBusy
        LineAhead: others stand in line for one of the pieces.
    """
    wanted = Wanted(address, delivery_code, payment_method, expected_total, submission)
    with transaction.atomic(durable=True):
        cart = Cart.objects.lock(cart_id)
        if cart.merged_at:
            # At a log-in meanwhile; its pieces lie in the account's cart.
            raise EmptyCart
        if placed := placed_before(cart, submission):
            return placed
        seen = review(
            cart,
            country=address.country,
            delivery_code=delivery_code,
            email=address.email,
            now=now,
        )
        [written] = writing.write([writing.agree(cart, seen, wanted)], now=now)
        # Last, so that others wait for these rows as briefly as can be.
        if patience is not None:
            wait_at_most(patience)
        _reserve(written, seen, now)
        coupons.hold(written.order, seen.quote.discounts, now=now)
    return written.order


def placed_before(cart: Cart, submission: Submission | None) -> Order | None:
    """The order of this cart, or of this form when its owner sent it from another cart.

    Raises:
        KeyReused: the form was sent before and said something else then.
    """
    if cart.converted_at is None and not (submission and cart.customer_id):
        # A guest's forms are all of one cart, and this one is no order yet.
        return None
    asked = Q(cart=cart)
    if submission:
        asked |= Q(principal=cart.principal, form_key=submission.key)
    placed = Order.objects.filter(asked).order_by("pk").first()
    if submission is None or placed is None or placed.form_key != submission.key:
        return placed
    if placed.form_digest != submission.digest:
        raise KeyReused(placed.number, placed.token)
    return placed


def _reserve(written: Written, seen: Review, now: datetime) -> None:
    """Hold the stock of all lines, counted again under the lock, or of none."""
    stock = inventory.lock_stock(seen.variant_ids)
    # Asked under the lock: nobody passes whoever has joined a line by now.
    if with_lines(seen.product_ids):
        raise LineAhead
    try:
        inventory.reserve(stock, written.demands, now=now)
    except inventory.NotEnoughStock as error:
        raise out_of_stock(seen, error.shortages) from error


def out_of_stock(seen: Review, shortages: Sequence[inventory.Shortage]) -> OutOfStock:
    return OutOfStock([_short(seen, one) for one in shortages])


def _short(seen: Review, shortage: inventory.Shortage) -> ShortLine:
    offer = seen.look.offers[shortage.variant_id]
    return ShortLine(offer.sku, offer.full_title, shortage.wanted, shortage.left)
