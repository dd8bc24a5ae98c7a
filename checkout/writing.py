"""Orders written down, one or many with the same statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from checkout import numbers, orders, rows, words
from checkout.address import Address
from checkout.errors import DeliveryNotOffered, EmptyCart, NotForSale, OutOfStock
from checkout.models import Cart, Order, OrderLine
from checkout.review import Review
from checkout.shipping import Method
from checkout.submission import Submission
from home import outbox
from shop import inventory
from shop.tasks import relist

HOLD = timedelta(minutes=15)
NOTE = """
INSERT INTO checkout_orderevent (order_id, kind, happened_at, note, pieces)
SELECT id, 'prepared', %s, '', '[]' FROM unnest(%s::bigint[]) AS placed (id)
"""
CONVERT = """
UPDATE checkout_cart SET converted_at = %s, updated_at = %s, version = version + 1
WHERE id = ANY(%s::bigint[])
"""


@dataclass(frozen=True)
class Wanted:
    """What a shopper asked for when they pressed the button, and for which total."""

    address: Address
    delivery_code: str
    payment_method: str
    expected_total: Decimal
    submission: Submission | None = None


@dataclass(frozen=True)
class Agreed:
    """What is wanted, looked at: nothing stands against it, unless others are quicker
    at the last pieces."""

    wanted: Wanted
    cart: Cart
    # Of this cart, or of another with the same in it.
    seen: Review
    method: Method


@dataclass(frozen=True)
class Written:
    """An order with its lines, in the order of its quote."""

    order: Order
    lines: list[OrderLine]

    @property
    def demands(self) -> list[inventory.Demand]:
        """What it wants from stock."""
        return [
            inventory.Demand(line.variant_id or 0, line.quantity, line.pk)
            for line in self.lines
        ]


def agree(cart: Cart, seen: Review, wanted: Wanted) -> Agreed:
    """What is wanted, if it is what the shopper was shown.

    Raises:
        EmptyCart, NotForSale, OutOfStock, DeliveryNotOffered, TotalChanged,
        CouponRefused
    """
    _refuse_what_cannot_be(seen)
    method = _method(seen, wanted.delivery_code)
    _refuse_another_total(seen, wanted.expected_total)
    return Agreed(wanted, cart, seen, method)


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


def write(agreed: Sequence[Agreed], *, now: datetime) -> list[Written]:
    """Write orders with all that follows from them, but for their stock and promotions.
    As many statements for one as for many. The caller holds the locks of their carts.
    """
    known = zip(agreed, numbers.next_numbers(len(agreed)), strict=True)
    placed = [_order(one, number, now) for one, number in known]
    rows.insert(placed)
    written = [
        Written(order, _lines(order, one.seen))
        for order, one in zip(placed, agreed, strict=True)
    ]
    rows.insert([line for one in written for line in one.lines])
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [now, [order.pk for order in placed]])
        cursor.execute(CONVERT, [now, now, [one.cart.pk for one in agreed]])
    products = {pk for one in agreed for pk in one.seen.product_ids}
    outbox.defer_all(
        [
            *(orders.settlement_job(one) for one in placed if not one.is_paid_online),
            outbox.job(relist, product_ids=sorted(products)),
        ]
    )
    return written


def _order(agreed: Agreed, number: str, now: datetime) -> Order:
    wanted, cart, method = agreed.wanted, agreed.cart, agreed.method
    submission = wanted.submission
    quote = agreed.seen.quote
    return Order(
        cart=cart,
        customer_id=cart.customer_id,
        number=number,
        principal=cart.principal,
        form_key=submission.key if submission else None,
        form_digest=submission.digest if submission else "",
        status=Order.Status.PREPARED,
        placed_at=now,
        hold_expires_at=now + HOLD,
        payment_method=wanted.payment_method,
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
        **vars(wanted.address),
    )


def _lines(order: Order, seen: Review) -> list[OrderLine]:
    offers = seen.look.offers
    return [
        OrderLine(
            order=order,
            variant_id=line.key,
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
    ]
