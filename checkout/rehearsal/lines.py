"""Carts and places by the thousand, written as the shop writes one."""

from dataclasses import asdict
from decimal import Decimal

from django.utils import timezone

from checkout import codes
from checkout.address import Address
from checkout.models import Cart, CartItem, CheckoutAttempt, Order
from checkout.rehearsal.stage import Lot
from checkout.review import review

BATCH = 2000


def fill(lot: Lot, places: int) -> None:
    """So many buyers of a product in line, each with a cart and an address."""
    first = carts(lot, places)
    now = timezone.now()
    total = review(Cart.objects.get(pk=first), country="PT", now=now).quote.total
    CheckoutAttempt.objects.bulk_create(
        (_place(lot, first + n, total, now) for n in range(places)), batch_size=BATCH
    )


def carts(lot: Lot, count: int) -> int:
    """So many carts with one piece; the key of the first, which the others follow."""
    now = timezone.now()
    made = Cart.objects.bulk_create(
        (Cart(created_at=now, updated_at=now) for _ in range(count)), batch_size=BATCH
    )
    CartItem.objects.bulk_create(
        (
            CartItem(
                cart=cart,
                variant=lot.variant,
                quantity=1,
                title=lot.product.title,
                price_seen=lot.variant.price,
                added_at=now,
            )
            for cart in made
        ),
        batch_size=BATCH,
    )
    return made[0].pk


def _place(lot: Lot, cart_id: int, total: Decimal, now) -> CheckoutAttempt:
    address = Address(
        email=f"buyer-{cart_id}@example.org",
        name="Marta Kowalska",
        street="Rua do Forno 14",
        postcode="1200-109",
        city="Lisboa",
        country="PT",
    )
    return CheckoutAttempt(
        cart_id=cart_id,
        cart_version=0,
        customer=codes.customer(address.email),
        product_ids=[lot.product.pk],
        asked=asdict(address)
        | {"delivery": "post", "payment": Order.PaymentMethod.FAKE.value},
        expected_total=total,
        currency=lot.variant.currency,
        clicked_at=now,
    )
