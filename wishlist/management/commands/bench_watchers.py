"""What it takes to tell all who watch one piece that it costs less."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from home.own_database import own_database
from shop.models import Category, Product, Variant
from shop.prices import change_price, record_price
from shop.relist import relist
from wishlist import digests, price_drops
from wishlist.models import Digest, Watch

BEFORE, AFTER = Decimal(50), Decimal(40)
STEP = 10_000
WATCH = """
INSERT INTO wishlist_watch (email, product_id, wants_price, wants_stock, price_then,
    currency, asked_at, confirmed_at, is_back, visitor)
SELECT 'w' || n || '@example.org', %s, true, false, %s, 'EUR', %s, %s, false, ''
FROM generate_series(%s, %s) AS n
"""


class Command(BaseCommand):
    help = "Count statements and memory of a price drop with very many watchers."

    def add_arguments(self, parser):
        parser.add_argument("--watchers", type=int, default=100_000)
        parser.add_argument("--letters", type=int, help="write so many; else all")

    def handle(self, *args, watchers: int, letters: int | None, **options):
        letters = watchers if letters is None else min(letters, watchers)
        # Letters are written and then not sent: a mail server is not under test.
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        now = timezone.now()
        with own_database():
            _watch_one_piece(watchers, now)
            self.stdout.write(
                f"{watchers:,} watchers of one piece, {letters:,} letters"
            )
            self._measure("find who is told", watchers, lambda: _find(now))
            self._measure("begin letters", watchers, lambda: _begin(now))
            _keep(letters, now)
            self._measure("write letters", letters, lambda: _write(letters, now))

    def _measure(self, name: str, n: int, deed: Callable[[], None]) -> None:
        statements = 0

        def count(execute, *args):
            nonlocal statements
            statements += 1
            return execute(*args)

        before_kb = _peak_kb()
        began, cpu = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(count):
            deed()
        self.stdout.write(
            f"{name:<18}{statements:>9,} statements{statements * 1000 / n:>9,.1f}"
            f" per 1,000{(_peak_kb(is_new=False) - before_kb) / 1024:>7.1f} MB more"
            f"{time.process_time() - cpu:>8.1f} s CPU"
            f"{time.perf_counter() - began:>8.1f} s"
        )


def _watch_one_piece(watchers: int, now: datetime) -> None:
    then = now - timedelta(days=60)
    shelf = Category.objects.create(name="Bowls", slug="bowls")
    product = Product.objects.create(
        title="Bowl", slug="bowl", category=shelf, created_at=then
    )
    variant = Variant.objects.create(product=product, sku="BOWL", price=BEFORE)
    record_price(variant, now=then)
    change_price(variant.pk, AFTER, now=now)
    relist([product.pk])
    with connection.cursor() as cursor:
        # In steps: the shop's own limit for a statement holds here, too.
        for first in range(1, watchers + 1, STEP):
            last = min(first + STEP - 1, watchers)
            cursor.execute(WATCH, [product.pk, BEFORE, then, then, first, last])
        cursor.execute("ANALYZE wishlist_watch")


def _find(now: datetime) -> None:
    price_drops.find(now=now)
    if Watch.objects.filter(due_price=None).exists():
        raise CommandError("Somebody was not found.")


def _begin(now: datetime) -> None:
    opened: str | None = ""
    while opened is not None:
        opened = digests.open_digests(opened, day=timezone.localdate(now), now=now)


def _keep(letters: int, now: datetime) -> None:
    """Of the others' letters say that they are sent."""
    kept = Digest.objects.order_by("pk")[:letters].values("pk")
    Digest.objects.exclude(pk__in=kept).update(sent_at=now)


def _write(letters: int, now: datetime) -> None:
    if digests.write(day=timezone.localdate(now), now=now) != letters:
        raise CommandError("A letter was not written.")


def _peak_kb(*, is_new: bool = True) -> int:
    """The most memory that this process has had since the last new peak was begun, as
    Linux counts it; migrating took more than all that is measured here."""
    if is_new:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    [peak] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(peak.split()[1])
