"""Pieces into the database, all tables of a batch in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from home.models import Picture
from shop.demo.catalogue import Catalogue
from shop.demo.copying import copy, draw_ids
from shop.demo.pieces import Choice, Piece
from shop.models import (
    PriceChange,
    Product,
    ProductAttribute,
    ProductImage,
    Stock,
    StockMovement,
    Variant,
)
from shop.relist import relist

TABLES = """
shop_product shop_productimage shop_productattribute shop_variant shop_variant_options
shop_pricechange shop_stock shop_stockmovement
""".split()


@dataclass(frozen=True)
class Writer:
    """Writes pieces whose times are counted back from ``moment``."""

    catalogue: Catalogue
    pictures: dict[str, Picture]
    moment: datetime

    def write(self, pieces: Sequence[Piece], *, is_first: bool = False) -> list[int]:
        """Write the pieces with variants, prices and stock: all of them or none.

        ``is_first``: the planner may still think that there is nothing, and choose
        plans that take minutes. Returns the products' keys.
        """
        with transaction.atomic():
            products = dict(zip(draw_ids(Product, len(pieces)), pieces, strict=True))
            chosen = [
                (product_id, position, choice)
                for product_id, piece in products.items()
                for position, choice in enumerate(piece.choices)
            ]
            variants = dict(zip(draw_ids(Variant, len(chosen)), chosen, strict=True))
            self._write_products(products)
            self._write_variants(variants)
            self._write_prices(variants)
            self._write_stock(variants, products)
            if is_first:
                learn_sizes()
            relist(list(products))
        return list(products)

    def _write_products(self, products: dict[int, Piece]) -> None:
        copy(
            Product,
            "id title slug caption description category_id brand_id"
            " primary_warehouse_id main_image_id created_at first_published_at"
            " last_published_at popularity".split(),
            (self._product_row(*item) for item in products.items()),
        )
        copy(
            ProductImage,
            ["product_id", "sort_order", "picture_id"],
            (
                (product_id, order, self.pictures[name].pk)
                for product_id, piece in products.items()
                for order, name in enumerate(piece.pictures[1:])
            ),
        )
        copy(
            ProductAttribute,
            ["product_id", "value_id"],
            (
                (product_id, self.catalogue.values[value])
                for product_id, piece in products.items()
                for value in piece.values
            ),
        )

    def _product_row(self, product_id: int, piece: Piece) -> tuple:
        created = self._days_ago(piece.age)
        return (
            product_id,
            piece.title,
            piece.slug,
            piece.caption,
            piece.description,
            self.catalogue.categories[piece.leaf],
            self.catalogue.brands[piece.workshop],
            self.catalogue.porto if piece.is_in_porto else self.catalogue.lisbon,
            self.pictures[piece.pictures[0]].pk,
            created,
            created,
            created,
            piece.popularity,
        )

    def _write_variants(self, variants: dict[int, tuple[int, int, Choice]]) -> None:
        copy(
            Variant,
            "id product_id sku option_label picture_id position price compare_at_price"
            " weight_g".split(),
            (
                (
                    variant_id,
                    product_id,
                    choice.sku,
                    choice.label,
                    self.pictures[choice.picture].pk if choice.picture else None,
                    position,
                    choice.price,
                    choice.compare_at,
                    choice.weight_g,
                )
                for variant_id, (product_id, position, choice) in variants.items()
            ),
        )
        copy(
            Variant.options.through,
            ["variant_id", "attributevalue_id"],
            (
                (variant_id, self.catalogue.values[value])
                for variant_id, (_, _, choice) in variants.items()
                for value in choice.values
            ),
        )

    def _write_prices(self, variants: dict[int, tuple[int, int, Choice]]) -> None:
        copy(
            PriceChange,
            ["variant_id", "price", "currency", "changed_at"],
            (
                (variant_id, price, settings.SHOP_CURRENCY, self._days_ago(days))
                for variant_id, (_, _, choice) in variants.items()
                for days, price in choice.prices
            ),
        )

    def _write_stock(
        self, variants: dict[int, tuple[int, int, Choice]], products: dict[int, Piece]
    ) -> None:
        counts = list(self._counts(variants))
        rows = list(zip(draw_ids(Stock, len(counts)), counts, strict=True))
        copy(
            Stock,
            ["id", "variant_id", "warehouse_id", "on_hand"],
            ((stock_id, *count) for stock_id, count in rows),
        )
        copy(
            StockMovement,
            ["stock_id", "kind", "on_hand", "moved_at"],
            (
                (
                    stock_id,
                    StockMovement.Kind.INITIAL,
                    on_hand,
                    self._days_ago(products[variants[variant_id][0]].age),
                )
                for stock_id, (variant_id, _, on_hand) in rows
            ),
        )

    def _counts(self, variants) -> Iterator[tuple[int, int, int]]:
        """(variant, warehouse, pieces), the warehouses beside each other."""
        for variant_id, (_, _, choice) in variants.items():
            in_lisbon, in_porto = choice.stock
            yield variant_id, self.catalogue.lisbon, in_lisbon
            yield variant_id, self.catalogue.porto, in_porto

    def _days_ago(self, days: float) -> datetime:
        return self.moment - timedelta(days=days)


def learn_sizes() -> None:
    """Tell the planner how large the tables have become."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
