"""Products for the blocks of a page, loaded together. Knows nothing of selling:
the room named by ``settings.SHELF_SOURCE`` does."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

USUAL_COUNT = 4


def key(shelf) -> tuple:
    """What decides a shelf's products: equal keys hold equal products."""
    picked = tuple(product.pk for product in shelf.get("products") or () if product)
    category = shelf.get("category")
    rule = shelf.get("rule") or "newest"
    return (
        rule,
        picked if rule == "picked" else (),
        category.pk if category and rule == "category" else None,
        shelf.get("count") or USUAL_COUNT,
        bool(shelf.get("skip_sold_out")),
    )


def load(stream) -> dict[tuple, list]:
    """{key: products} for every product shelf of a stream of blocks."""
    return fill(block.value for block in stream if block.block_type == "product_shelf")


def fill(shelves: Iterable) -> dict[tuple, list]:
    """{key: products} from the room that sells, in one pass over all shelves."""
    keys = list(dict.fromkeys(key(shelf) for shelf in shelves))
    if not keys:
        return {}
    return import_string(settings.SHELF_SOURCE)(keys, now=timezone.now())
