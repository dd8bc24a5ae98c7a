"""Fill the shelves up to a number of pieces. What is there stays as it is."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from home.models import Picture
from shop import admin_search, tree, vocabulary
from shop.demo.catalogue import lay_out
from shop.demo.invention import piece
from shop.demo.pieces import FIRST_ARTICLE, STEP
from shop.demo.writing import Writer, learn_sizes
from shop.models import Product

BATCH = 1000


def fill(
    wanted: int,
    pictures: dict[str, Picture],
    *,
    now: datetime,
    told: Callable[[int, int], None],
) -> int:
    """Write the pieces that are missing up to that number; returns how many.

    Starts after the last article number that was ever written, so that a broken run
    goes on and a piece that someone deleted stays deleted. Memory is that of a batch.
    """
    first = made_so_far()
    if first >= wanted:
        return 0
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    writer = Writer(lay_out(pictures), pictures, moment=today)
    for start in range(first, wanted, BATCH):
        stop = min(start + BATCH, wanted)
        pieces = [piece(number) for number in range(start, stop)]
        written = writer.write(pieces, is_first=start == first)
        # COPY sends the admin's choosers no signal.
        products = Product.objects.filter(pk__in=written).only("title", "live")
        admin_search.learn(products)
        told(stop - first, wanted - first)
    learn_sizes()
    vocabulary.learn()
    tree.changed()
    return wanted - first


def made_so_far() -> int:
    """How many pieces have been written, told by the highest article number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(substring(sku from '^KL-([0-9]+)')::bigint) FROM shop_variant"
        )
        [highest] = cursor.fetchone()
    return 0 if highest is None else max(0, (highest - FIRST_ARTICLE) // STEP + 1)
