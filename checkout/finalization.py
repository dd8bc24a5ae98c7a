"""The one place where a cart becomes an order."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from checkout import coupons, numbers, orders, words
from checkout.address import Address
from checkout.conflicts import repeat_on_conflict
from checkout.errors import (
    DeliveryNotOffered,
    EmptyCart,
    KeyReused,
    NotForSale,
    OutOfStock,
    ShortLine,
)
from checkout.models import Cart, Order, OrderEvent, OrderLine
from checkout.review import Review, review
from checkout.shipping import Method
from checkout.submission import Submission
from home import outbox
from shop import inventory
from shop.tasks import relist

HOLD = timedelta(minutes=15)


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
) -> Order:
    """Turn a cart into an order with its stock reserved, or change nothing at all.

    Locks the cart, then the stock of all lines in primary-key order, then promotions
    that have a limit, until commit. A cart that is an order already gives that order
    back, and so does a form that was sent before. Prices, tax, delivery, promotions and
    stock come from live rows; no cache and no network is touched. The jobs that follow
    are written in the same transaction.

    Raises:
        Cart.DoesNotExist
        KeyReused: the form was sent before and said something else then.
        EmptyCart, NotForSale, OutOfStock, DeliveryNotOffered
        TotalChanged: the total is not ``expected_total``, the one the shopper saw.
        CouponRefused: nor is it, because a promotion no longer takes anything off.
        CartBusy
    """
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
        _refuse_what_cannot_be(seen)
        method = _method(seen, delivery_code)
        _refuse_another_total(seen, expected_total)
        order = _write_order(seen, method, address, payment_method, submission, now)
        lines = _write_lines(order, seen)
        order.record(OrderEvent.Kind.PREPARED, now=now)
        _convert(cart, now)
        if not order.is_paid_online:
            orders.defer_settlement(order)
        outbox.defer(relist, product_ids=_product_ids(seen))
        # Last, so that others wait for these rows as briefly as can be.
        _reserve(lines, seen, now)
        coupons.hold(order, seen.quote.discounts, now=now)
    return order


def placed_before(cart: Cart, submission: Submission | None) -> Order | None:
    """The order of this cart, or of this form when its owner sent it from another cart.

    Raises:
        KeyReused: the form was sent before and said something else then.
    """
    if submission is None:
        return Order.objects.filter(cart=cart).first()
    of_form = Q(principal=cart.principal, form_key=submission.key)
    placed = Order.objects.filter(Q(cart=cart) | of_form).order_by("pk").first()
    if placed is None or placed.form_key != submission.key:
        return placed
    if placed.form_digest != submission.digest:
        raise KeyReused(placed.number, placed.token)
    return placed


def _refuse_what_cannot_be(seen: Review) -> None:
    look = seen.look
    if not look.items:
        raise EmptyCart
    if look.withdrawn:
        raise NotForSale([item.title for item in look.withdrawn])
    if look.short:
        raise OutOfStock(look.short)


def _refuse_another_total(seen: Review, expected_total: Decimal) -> None:
    if change := seen.total_changed(expected_total):
        if refusal := seen.coupon_refusal:
            refusal.change = change
            raise refusal
        raise change


def _method(seen: Review, delivery_code: str) -> Method:
    """The way of delivery that was asked for, not merely the usual one."""
    if seen.method is None or seen.method.code != delivery_code:
        raise DeliveryNotOffered(delivery_code, seen.country)
    return seen.method


def _write_order(
    seen: Review,
    method: Method,
    address: Address,
    payment_method: str,
    submission: Submission | None,
    now: datetime,
) -> Order:
    quote = seen.quote
    return Order.objects.create(
        cart=seen.look.cart,
        customer_id=seen.look.cart.customer_id,
        number=numbers.next_number(),
        principal=seen.look.cart.principal,
        form_key=submission.key if submission else None,
        form_digest=submission.digest if submission else "",
        status=Order.Status.PREPARED,
        placed_at=now,
        hold_expires_at=now + HOLD,
        payment_method=payment_method,
        delivery_code=method.code,
        delivery_name=method.name,
        currency=quote.currency,
        prices_include_tax=quote.prices_include_tax,
        lines_total=quote.lines_total,
        discount_total=quote.discount_total,
        delivery_total=quote.delivery_total,
        tax_total=quote.tax_total,
        total=quote.total,
        taxes=[[str(share.percent), str(share.amount)] for share in quote.taxes],
        discounts=[
            [words.discount(discount), str(discount.amount), str(discount.delivery)]
            for discount in quote.discounts
        ],
        **asdict(address),
    )


def _write_lines(order: Order, seen: Review) -> list[OrderLine]:
    offers = {item.pk: offer for item, offer in seen.look.offered}
    return OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            variant_id=offers[line.key].variant_id,
            position=position,
            sku=offers[line.key].sku,
            title=offers[line.key].title,
            option_label=offers[line.key].option_label,
            product_url=offers[line.key].url,
            image_url=offers[line.key].image_url,
            quantity=line.quantity,
            unit_price=line.unit_price,
            list_price=offers[line.key].list_price,
            discount=line.discount,
            total=line.total,
            tax_percent=line.tax_percent,
            tax=line.tax,
            currency=order.currency,
        )
        for position, line in enumerate(seen.quote.lines)
    )


def _convert(cart: Cart, now: datetime) -> None:
    cart.converted_at = cart.updated_at = now
    cart.version += 1
    cart.save(update_fields=["converted_at", "updated_at", "version"])


def _product_ids(seen: Review) -> list[int]:
    return sorted({offer.product_id for _, offer in seen.look.offered})


def _reserve(lines: Sequence[OrderLine], seen: Review, now: datetime) -> None:
    """Hold the stock of all lines, counted again under the lock, or of none."""
    offers = {item.pk: offer for item, offer in seen.look.offered}
    demands = [
        inventory.Demand(offers[priced.key].variant_id, line.quantity, line.pk)
        for line, priced in zip(lines, seen.quote.lines, strict=True)
    ]
    stock = inventory.lock_stock({demand.variant_id for demand in demands})
    try:
        inventory.reserve(stock, demands, now=now)
    except inventory.NotEnoughStock as error:
        raise OutOfStock([_short(seen, one) for one in error.shortages]) from error


def _short(seen: Review, shortage: inventory.Shortage) -> ShortLine:
    offer = seen.look.offers[shortage.variant_id]
    return ShortLine(offer.sku, offer.full_title, shortage.wanted, shortage.left)
