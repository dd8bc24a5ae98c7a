"""A shop for measuring in: products, and carts of some of them, by rule and not by
chance, so that pgbench can be told the same carts.

Keys begin so high that a number of a statement can be nothing else.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from checkout.models import Cart, CartItem, DeliveryMethod, TaxRate
from shop.models import Category, Product, Stock, StockMovement, Variant, Warehouse

PRODUCTS = 3000
# Of each kind the first key; the n-th product has the n-th variant and stock.
PRODUCT, VARIANT, STOCK, CART = 4_000_000, 5_000_000, 6_000_000, 7_000_000
ORDER, LINE = 8_000_000, 9_000_000
# Shares no factor with any share of the products: carts of a run differ. With a stride
# of 0 all carts want the same.
STRIDE = 7919
PRICE, DELIVERY = Decimal("5.00"), Decimal("4.90")
PLENTY = 1_000_000


def stock_shop() -> None:
    """Products of one variant each, a way of delivery and a tax."""
    now = timezone.now()
    DeliveryMethod.objects.create(code="post", name="Post", price=DELIVERY)
    TaxRate.objects.create(country="PT", tax_class="standard", percent=Decimal(23))
    house = Warehouse.objects.create(code="lisbon", name="Lisbon", country="PT")
    shelf = Category.objects.create(name="Bowls", slug="bowls")
    keys = range(PRODUCTS)
    Product.objects.bulk_create(
        Product(
            pk=PRODUCT + n,
            title=f"Bowl {PRODUCT + n}",
            slug=f"bowl-{PRODUCT + n}",
            category=shelf,
            created_at=now,
        )
        for n in keys
    )
    Variant.objects.bulk_create(
        Variant(
            pk=VARIANT + n,
            product_id=PRODUCT + n,
            sku=f"B-{VARIANT + n}",
            price=PRICE,
        )
        for n in keys
    )
    Stock.objects.bulk_create(
        Stock(pk=STOCK + n, variant_id=VARIANT + n, warehouse=house, on_hand=PLENTY)
        for n in keys
    )
    StockMovement.objects.bulk_create(
        StockMovement(stock_id=STOCK + n, kind="initial", on_hand=PLENTY, moved_at=now)
        for n in keys
    )
    with connection.cursor() as cursor:
        for table, first in (("checkout_order", ORDER), ("checkout_orderline", LINE)):
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {first}")


def fill_carts(first: int, carts: int, lines: int, stride: int = STRIDE) -> range:
    """Carts numbered from ``first`` on, each of so many lines; their numbers."""
    now, numbers = timezone.now(), range(first, first + carts)
    Cart.objects.bulk_create(
        Cart(pk=CART + number, created_at=now, updated_at=now) for number in numbers
    )
    CartItem.objects.bulk_create(
        CartItem(
            cart_id=CART + number,
            variant_id=VARIANT + n,
            quantity=1,
            title=f"Bowl {PRODUCT + n}",
            price_seen=PRICE,
            added_at=now,
        )
        for number in numbers
        for n in chosen(number, lines, stride)
    )
    return numbers


def chosen(number: int, lines: int, stride: int = STRIDE) -> Iterator[int]:
    """Which products lie in a cart: one of each equal share of all of them."""
    share = PRODUCTS // lines
    for line in range(lines):
        yield line * share + number * stride % share


def total(lines: int) -> Decimal:
    """What a cart of so many lines costs, delivery included."""
    return lines * PRICE + DELIVERY
