"""The same in bulk, for tests that need fifty and look at none of them alone."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.text import slugify

from checkout.models import Cart, CartItem
from home import goods, published
from home.models import LayoutBlock, Picture
from shop import movements
from shop.models import (
    AttributeValue,
    Category,
    Product,
    ProductAttribute,
    Stock,
    StockMovement,
    Variant,
)
from shop.prices import record_prices
from shop.relist import relist
from tests.builders import (
    NOON,
    a_category,
    a_warehouse,
    an_item,
    next_number,
    stream_of,
)


def many_products(
    count: int,
    title: str = "Bowl",
    *,
    price: str = "36.50",
    stock: int = 10,
    categories: Sequence[Category] = (),
    values: Sequence = (),
    pictures: Sequence[Picture | None] = (None,),
    now: datetime = NOON,
    **more,
) -> list[Product]:
    """``a_product`` so many times, numbered from 0, in a dozen statements. Categories
    and pictures are given out in turn."""
    categories = categories or [a_category()]
    products = Product.objects.bulk_create(
        Product(
            title=f"{title} {n}",
            slug=f"{slugify(title)}-{n}-{next_number()}",
            category=categories[n % len(categories)],
            main_image=pictures[n % len(pictures)],
            created_at=now,
            **more,
        )
        for n in range(count)
    )
    ProductAttribute.objects.bulk_create(
        ProductAttribute(product=product, value=value)
        for product in products
        for value in values
    )
    _for_sale(
        [Variant(product=product, sku=f"KL-{next_number()}") for product in products],
        Decimal(price),
        stock,
        now,
    )
    relist([product.pk for product in products])
    goods.changed()
    return list(Product.objects.in_bulk([product.pk for product in products]).values())


def further_variants(
    product: Product,
    options: Sequence[AttributeValue],
    *,
    price: str = "36.50",
    stock: int = 10,
    now: datetime = NOON,
) -> None:
    """``a_variant`` of a product for each of the values."""
    variants = [
        Variant(product=product, sku=f"KL-{next_number()}", option_label=option.label)
        for option in options
    ]
    _for_sale(variants, Decimal(price), stock, now)
    choice = Variant.options.through
    choice.objects.bulk_create(
        choice(variant=variant, attributevalue=option)
        for variant, option in zip(variants, options, strict=True)
    )
    relist([product.pk])


def _for_sale(
    variants: list[Variant], price: Decimal, pieces: int, now: datetime
) -> None:
    for variant in variants:
        variant.price = price
    Variant.objects.bulk_create(variants)
    record_prices(variants, now=now)
    _count_first(variants, pieces, now)


def _count_first(variants: list[Variant], pieces: int, now: datetime) -> None:
    warehouse = a_warehouse()
    rows = Stock.objects.bulk_create(
        Stock(variant=variant, warehouse=warehouse) for variant in variants
    )
    kind = StockMovement.Kind.INITIAL
    movements.write(
        [movements.Move(row.pk, kind, on_hand=pieces) for row in rows], now=now
    )


def many_variants(count: int, **more) -> list[Variant]:
    """``a_variant`` so many times, each of a product of its own."""
    products = many_products(count, **more)
    return list(
        Variant.objects.filter(product__in=products)
        .select_related("product")
        .order_by("pk")
    )


def many_layout_blocks(count: int, position: str = "home", **more) -> list[LayoutBlock]:
    """Blocks that stand, numbered from 0, without revisions. Values of ``more`` that
    are lists are given out in turn."""
    text = stream_of(("text", {"text": "<p>Block</p>"}))
    in_turn = {name: more.pop(name) for name, v in [*more.items()] if type(v) is list}
    blocks = LayoutBlock.objects.bulk_create(
        LayoutBlock(
            position=position,
            title=f"Block {n}",
            content=text,
            **{"sort_order": 0} | more | {k: v[n % len(v)] for k, v in in_turn.items()},
        )
        for n in range(count)
    )
    published.changed()
    return blocks


def many_carts(
    count: int, *items: tuple[Variant, int], now: datetime = NOON, code: str = ""
) -> list[Cart]:
    """``a_cart`` so many times, each of the same pairs."""
    carts = Cart.objects.bulk_create(
        Cart(created_at=now, updated_at=now, coupon_code=code) for _ in range(count)
    )
    CartItem.objects.bulk_create(
        an_item(cart, variant, quantity, now=now)
        for cart in carts
        for variant, quantity in items
    )
    return carts
