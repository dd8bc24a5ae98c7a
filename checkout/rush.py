"""Many buyers of one product, settled in one transaction.

A worker claims a line for itself, takes the oldest attempts in it, locks each row once,
decides them in the order of their places and writes all that follows with as many
statements as one order takes. Killed anywhere, it leaves every attempt either decided
with its order, or waiting.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from checkout import deciding, places
from checkout.conflicts import repeat_on_conflict
from checkout.deciding import Waiting
from checkout.errors import SaleClosed, SetAside
from checkout.models import CheckoutAttempt, Drop

MOST_AT_ONCE = 200
LATER = timedelta(seconds=1)
CLAIM = "hashtextextended('line-claim:' || %s, 0)"
OPEN_LINES = """
SELECT DISTINCT line.id FROM checkout_checkoutattempt,
    unnest(product_ids) AS line (id)
WHERE state = 'waiting'
    AND NOT EXISTS (
        SELECT FROM checkout_drop WHERE product_id = line.id AND is_paused
    )
"""


class BeingServed(Exception):
    """Another worker has claimed the line."""


@repeat_on_conflict
def serve(product_id: int, *, now: datetime, only: int | None = None) -> int:
    """Decide the oldest attempts in a product's line, at most a batch of them, and
    those that stand between them in the other lines they wait in; or ``only`` this
    attempt, if it is the first of all these. How many it were; 0: nobody waits who can
    be served.

    Claims the lines, then locks carts, stock and promotions, until commit. Attempts
    that wait for a drop that is paused keep their places, and others pass.

    Raises:
        BeingServed
        CartBusy
    """
    with transaction.atomic(durable=True):
        if not _claim(product_id):
            raise BeingServed
        batch = _oldest(product_id)
        if only is not None:
            batch = [one for one in batch[:1] if one.pk == only]
        if batch:
            deciding.decide(batch, now=now)
    return len(batch)


@repeat_on_conflict
def drain(product_id: int, *, now: datetime) -> int:
    """Refuse the oldest who wait for a drop that is paused. How many it were; 0 also
    where it has been resumed meanwhile.

    Raises:
        BeingServed
        CartBusy
    """
    with transaction.atomic(durable=True):
        if not _claim(product_id):
            raise BeingServed
        if not Drop.objects.filter(product_id=product_id, is_paused=True).exists():
            return 0
        line = CheckoutAttempt.objects.waiting().in_line_for([product_id])
        batch = _at_most_a_batch(line)
        if batch:
            deciding.refuse(batch, SaleClosed(), now=now)
    return len(batch)


@repeat_on_conflict
def set_aside(product_id: int, attempt_id: int, *, now: datetime) -> None:
    """Refuse an attempt that waits in a line, for a fault that is not its buyer's.

    Raises:
        BeingServed
        CartBusy
    """
    with transaction.atomic(durable=True):
        if not _claim(product_id):
            raise BeingServed
        one = CheckoutAttempt.objects.waiting().filter(pk=attempt_id)
        if batch := _at_most_a_batch(one):
            deciding.refuse(batch, SetAside(), now=now)


def first_in(product_id: int) -> int | None:
    """The key of the oldest attempt in a line that can be served. Claims nothing."""
    return _servable([product_id]).values_list("pk", flat=True).first()


def open_lines() -> list[int]:
    """The products for which somebody waits who can be served."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_LINES)
        return [row[0] for row in cursor.fetchall()]


def _oldest(product_id: int) -> list[Waiting]:
    """The oldest attempts of a line, as far as every line that they stand in could be
    claimed too: with those of these lines, in the order of their places.

    Raises:
        BeingServed: the first of them waits for another worker's line as well.
    """
    claimed, refused = {product_id}, set[int]()
    while True:
        batch = _first_in(claimed)
        wanted = {pk for one in batch for pk in one.product_ids} - claimed - refused
        if not wanted:
            break
        for pk in sorted(wanted):
            # Waiting for a higher key than all one has cannot go round in a circle.
            is_ours = _claim(pk, is_patient=pk > max(claimed))
            (claimed if is_ours else refused).add(pk)
    for at, one in enumerate(batch):
        if refused.intersection(one.product_ids):
            # Nobody behind it may be served before it.
            if at == 0:
                raise BeingServed
            return batch[:at]
    return batch


def _first_in(claimed: Collection[int]) -> list[Waiting]:
    line = _servable(claimed)
    last = _last_place(line, claimed)
    return _at_most_a_batch(line.filter(pk__lte=last))


def _servable(product_ids: Collection[int]):
    line = CheckoutAttempt.objects.waiting().in_line_for(product_ids)
    paused = Drop.objects.filter(is_paused=True).values_list("product_id", flat=True)
    return line.exclude(product_ids__overlap=list(paused))


def _at_most_a_batch(line) -> list[Waiting]:
    columns = line.values_list("pk", "cart_id", "product_ids")
    return [Waiting(*row) for row in columns[:MOST_AT_ONCE]]


def _last_place(line, claimed: Collection[int]) -> int:
    """The last place up to which all are to be seen: read while the gates are closed.
    They open with the end of the savepoint."""
    sid = transaction.savepoint()
    places.close_gates(claimed)
    last = line.order_by("-pk").values_list("pk", flat=True).first()
    transaction.savepoint_rollback(sid)
    return last or 0


def _claim(product_id: int, *, is_patient: bool = False) -> bool:
    """Whether the line is ours until commit."""
    with connection.cursor() as cursor:
        if is_patient:
            cursor.execute(f"SELECT pg_advisory_xact_lock({CLAIM})", [product_id])
            return True
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({CLAIM})", [product_id])
        return cursor.fetchone()[0]
