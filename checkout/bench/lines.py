"""Places in line for carts that are stocked, written as the shop writes one."""

from collections.abc import Iterable
from dataclasses import asdict, replace

from django.utils import timezone

from checkout import codes
from checkout.bench import buyers, stocking
from checkout.models import CheckoutAttempt, Order
from shop.models.fields import shop_currency


def fill(numbers: Iterable[int]) -> None:
    """The carts of these numbers, of one piece each of the first product, stand in
    line for it: each its own customer, each on invoice as ``buyers.buy`` has it."""
    CheckoutAttempt.objects.bulk_create(_place(number) for number in numbers)


def _place(number: int) -> CheckoutAttempt:
    address = replace(buyers.MARTA, email=f"buyer-{number}@example.org")
    return CheckoutAttempt(
        cart_id=stocking.CART + number,
        cart_version=0,
        customer=codes.customer(address.email),
        product_ids=[stocking.PRODUCT],
        asked=asdict(address)
        | {"delivery": "post", "payment": Order.PaymentMethod.INVOICE.value},
        expected_total=stocking.total(1),
        currency=shop_currency(),
        form_key=f"form-{number:08d}",
        form_digest="0" * 64,
        clicked_at=timezone.now(),
    )
