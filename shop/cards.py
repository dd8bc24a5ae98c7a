"""Products by key, with what a card shows. A list asks by one statement that is always
the same: Django would write it anew for every page, for longer than the database needs
to answer."""

import json
from collections.abc import Collection, Iterable

from django.db.models import Field, Model

from home import reading
from home.models import Picture
from shop.models import Product
from shop.queries import CARD, PICTURE


def _fields(model: type[Model], names: Iterable[str]) -> list[Field]:
    """The key and those fields, in the order in which Django makes an object."""
    wanted = {model._meta.pk.name, *names}
    return [field for field in model._meta.concrete_fields if field.name in wanted]


OF_PRODUCT = _fields(Product, (*CARD, "main_image"))
OF_PICTURE = _fields(Picture, PICTURE)
PRODUCT_NAMES = [field.attname for field in OF_PRODUCT]
PICTURE_NAMES = [field.attname for field in OF_PICTURE]
CARDS = (
    f"SELECT {', '.join(f'product.{field.column}' for field in OF_PRODUCT)},"
    f" {', '.join(f'picture.{field.column}' for field in OF_PICTURE)}"
    " FROM shop_product product"
    " LEFT JOIN home_picture picture ON picture.id = product.main_image_id"
    " WHERE product.id = ANY(%s) AND product.live AND product.current_price IS NOT NULL"
)


def get_cards(ids: Collection[int]) -> dict[int, Product]:
    """Those of the products that are active, by key, as ``get_card_queryset`` loads
    them: 1 query, none without ids."""
    if not ids:
        return {}
    connection = reading.connection()
    with connection.cursor() as cursor:
        cursor.execute(CARDS, [list(ids)])
        rows = cursor.fetchall()
    return {row[0]: _product(row, connection.alias) for row in rows}


def _product(row: tuple, database: str) -> Product:
    own, of_picture = row[: len(OF_PRODUCT)], row[len(OF_PRODUCT) :]
    product = Product.from_db(database, PRODUCT_NAMES, own)
    is_there = product.main_image_id is not None
    picture = _picture(of_picture, database) if is_there else None
    Product._meta.get_field("main_image").set_cached_value(product, picture)
    return product


def _picture(row: tuple, database: str) -> Picture:
    values = dict(zip(PICTURE_NAMES, row, strict=True))
    values["cuts"] = json.loads(values["cuts"])
    return Picture.from_db(database, PICTURE_NAMES, list(values.values()))
