"""Wishes as cards: what the piece is, costs and cost, and whether it is there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from shop import tree
from shop.availability import Availability, availability
from shop.cards import get_cards
from shop.models import Product, Variant
from shop.price_history import shown_at
from shop.queries import dress_cards
from wishlist.gifts import Mark


@dataclass(frozen=True)
class WishCard:
    """``less`` is how much cheaper it is than when it was put on, or None. ``sku`` is
    what goes into the basket, or "" where there is something to choose first."""

    product: Product
    added_at: datetime
    price_then: Decimal
    less: Decimal | None
    sku: str
    availability: Availability
    mark: Mark = Mark.FREE


def cards_of_items(items: Iterable, *, now: datetime) -> list[WishCard]:
    """Of a customer's items, in their order."""
    listed = [(item.product_id, item.added_at) for item in items]
    then = {item.product_id: (item.price_then, item.currency) for item in items}
    products = _products([pk for pk, _moment in listed], now)
    prices = {
        pk: price if products[pk].currency == currency else products[pk].current_price
        for pk, (price, currency) in then.items()
        if pk in products
    }
    return _cards(listed, products, prices)


def cards_of_moments(
    listed: list[tuple[int, datetime]], *, now: datetime
) -> list[WishCard]:
    """Of [(product id, since when)]; prices then are the ledger's. What is not in the
    shop is left out."""
    products = _products([pk for pk, _moment in listed], now)
    within = [
        (pk, min(max(moment, products[pk].created_at), now))
        for pk, moment in listed
        if pk in products
    ]
    return _cards(within, products, shown_at(dict(within)) if within else {})


def with_marks(cards: list[WishCard], marks: Mapping[int, Mark]) -> list[WishCard]:
    """The same cards, saying which pieces somebody is getting."""
    return [replace(card, mark=marks.get(card.product.pk, Mark.FREE)) for card in cards]


def _products(ids: list[int], now: datetime) -> dict[int, Product]:
    found = get_cards(ids)
    dress_cards(list(found.values()), tree.current(), now=now)
    return found


def _cards(listed, products, prices) -> list[WishCard]:
    skus = _only_skus(products)
    return [
        _card(products[pk], moment, prices.get(pk), skus.get(pk, ""))
        for pk, moment in listed
        if pk in products
    ]


def _card(product: Product, moment, then: Decimal | None, sku: str) -> WishCard:
    now = product.current_price
    then = now if then is None else then
    return WishCard(
        product=product,
        added_at=moment,
        price_then=then,
        less=then - now if now < then else None,
        sku=sku,
        availability=availability(product.stock_quantity),
    )


def _only_skus(products: dict) -> dict[int, str]:
    """{product id: SKU} of products that come in one way only."""
    skus: dict[int, list[str]] = {}
    active = Variant.objects.filter(product__in=products, is_active=True)
    for pk, sku in active.order_by("pk").values_list("product", "sku"):
        skus.setdefault(pk, []).append(sku)
    return {pk: found[0] for pk, found in skus.items() if len(found) == 1}
