"""Buyers: processes that all finalize their carts at the same time."""

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from threading import BrokenBarrierError

from django.db import connection
from django.utils import timezone

from checkout.address import Address
from checkout.bench.stocking import CART, total
from checkout.finalization import finalize_cart
from checkout.models import Order
from checkout.submission import Submission

PATIENCE_S = 60
MARTA = Address(
    email="marta@example.org",
    name="Marta Kowalska",
    street="Rua do Forno 14",
    postcode="1200-109",
    city="Lisboa",
    country="PT",
)
_gate: list = []


@dataclass(frozen=True)
class Pace:
    """Orders a second of all processes together, on the clock; milliseconds of CPU
    that an order takes of Python."""

    orders_per_s: float
    cpu_ms: float


def buy(number: int, lines: int) -> Order:
    """Finalize a cart at the total that it has."""
    return finalize_cart(
        CART + number,
        address=MARTA,
        delivery_code="post",
        payment_method=Order.PaymentMethod.INVOICE,
        expected_total=total(lines),
        submission=Submission(key=f"form-{number:08d}", digest="0" * 64),
        now=timezone.now(),
    )


def buy_all(numbers: Sequence[int], *, lines: int, processes: int) -> Pace:
    """Finalize the carts, shared out among processes that start at the same moment.
    The first cart of each only warms it up, and is not counted."""
    shares = [numbers[n::processes] for n in range(processes)]
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(processes)
    with ProcessPoolExecutor(processes, fork, _meet_at, (gate,)) as pool:
        found = list(pool.map(_buy_share, shares, [lines] * processes))
    counted = len(numbers) - processes
    begun, ended = min(one[0] for one in found), max(one[1] for one in found)
    cpu_s = sum(one[2] for one in found)
    return Pace(counted / (ended - begun), cpu_s * 1000 / counted)


def _meet_at(gate) -> None:
    _gate[:] = [gate]


def _buy_share(numbers: Sequence[int], lines: int) -> tuple[float, float, float]:
    """(begun, ended, seconds of CPU)"""
    [gate] = _gate
    try:
        first, *others = numbers
        buy(first, lines)
        gate.wait(PATIENCE_S)
    except BrokenBarrierError:
        raise
    except Exception:
        gate.abort()
        raise
    begun, worked = time.monotonic(), time.process_time()
    for number in others:
        buy(number, lines)
    ended, worked = time.monotonic(), time.process_time() - worked
    connection.close()
    return begun, ended, worked
