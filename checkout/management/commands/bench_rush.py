"""How fast a line is served, as a ratio to pgbench in the same run: the statements of
one order, word for word, an order a transaction, all of the same piece."""

import shutil
import statistics
import time

from django.core.management.base import BaseCommand
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkout import rush
from checkout.bench import lines, replay, stocking
from home.own_database import own_database

CLIENTS = 8
ASKED_FOR = 2


class Command(BaseCommand):
    help = "Serve a line of one product, and let pgbench place orders one by one."

    def add_arguments(self, parser):
        parser.add_argument("--orders", type=int, default=2000, help="of each round")
        parser.add_argument("--rounds", type=int, default=3)
        parser.add_argument("--pgbench", default="pgbench", help="where it is")

    def handle(self, *args, **options):
        self.next_cart = 0
        with own_database():
            stocking.stock_shop()
            self._measure(
                options["orders"], options["rounds"], shutil.which(options["pgbench"])
            )

    def _measure(self, orders: int, rounds: int, program: str | None) -> None:
        number = self._carts(1)[0]
        sent, order = replay.capture(number, 1)
        script = replay.script(sent, order, number, 1, stride=0)
        self._write(f"a batch of {rush.MOST_AT_ONCE}: {self._statements()} statements")
        served, bare = [], []
        for _round in range(rounds):
            served.append(self._serve(orders))
            if program:
                bare.append(self._replay(program, script, orders))
        cpu = statistics.median(cpu_ms for _pace, cpu_ms in served)
        self._write(
            f"a line, one worker: {_median(pace for pace, _cpu_ms in served)} orders/s,"
            f" {cpu:.2f} ms of Python's CPU an order"
        )
        if program is None:
            self._write("pgbench was not found; nothing to compare with")
            return
        ratio = statistics.median(
            pace / theirs for (pace, _cpu_ms), theirs in zip(served, bare, strict=True)
        )
        self._write(
            f"pgbench, {CLIENTS} clients: {_median(bare)} orders/s, "
            f"one a transaction of {len(sent)} statements"
        )
        self._write(f"a line is {ratio:.1f} × that (to be at least {ASKED_FOR})")

    def _write(self, words: str) -> None:
        self.stdout.write(words)

    def _statements(self) -> int:
        lines.fill(self._carts(rush.MOST_AT_ONCE))
        with CaptureQueriesContext(connection) as captured:
            self._serve_once()
        return len(captured)

    def _serve(self, orders: int) -> tuple[float, float]:
        """(orders a second, milliseconds of CPU that an order takes of Python)"""
        lines.fill(self._carts(orders))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE checkout_checkoutattempt")
        begun, worked = time.perf_counter(), time.process_time()
        while self._serve_once():
            pass
        took, worked = time.perf_counter() - begun, time.process_time() - worked
        return orders / took, worked * 1000 / orders

    def _serve_once(self) -> int:
        return rush.serve(stocking.PRODUCT, now=timezone.now())

    def _replay(self, program: str, script: str, orders: int) -> float:
        numbers = self._carts(orders)
        return replay.run(
            program, script, first=numbers[0], runs=orders // CLIENTS, clients=CLIENTS
        )

    def _carts(self, carts: int) -> range:
        """So many carts of one piece, all of the same product."""
        self.next_cart += carts
        return stocking.fill_carts(self.next_cart - carts, carts, 1, stride=0)


def _median(paces) -> str:
    return f"{statistics.median(paces):.0f}"
