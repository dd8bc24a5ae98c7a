"""How many carts become orders in a second, as a ratio to pgbench with the same
statements in the same run; and what fifty lines cost beside three."""

import shutil
import statistics

from django.core.management.base import BaseCommand, CommandError

from checkout.bench import replay, stocking
from checkout.bench.buyers import Pace, buy_all
from checkout.invariants import violations
from home.own_database import own_database

FEW, MANY = 3, 50
HEAD = ("finalize", "orders/s", "statements", "CPU ms an order")
ROW = "{:<28}{:>10}{:>12}{:>17}"


class Command(BaseCommand):
    help = "Measure finalize_cart against pgbench, in a database of its own."

    def add_arguments(self, parser):
        parser.add_argument("--processes", type=int, default=8)
        parser.add_argument("--orders", type=int, default=40, help="of each process")
        parser.add_argument("--rounds", type=int, default=3)
        parser.add_argument("--pgbench", default="pgbench", help="where it is")

    def handle(self, *args, **options):
        pgbench = shutil.which(options["pgbench"])
        if not pgbench:
            raise CommandError(
                f"{options['pgbench']} was not found: it comes with PostgreSQL's "
                "server. Say where it is with --pgbench."
            )
        self.processes, self.orders = options["processes"], options["orders"]
        self.next_cart = 0
        with own_database():
            stocking.stock_shop()
            self._measure(pgbench, options["rounds"])

    def _measure(self, pgbench: str, rounds: int) -> None:
        number = self._carts(1, FEW)[0]
        sent, order = replay.capture(number, FEW)
        script = replay.script(sent, order, number, FEW)
        many_sent, _order = replay.capture(self._carts(1, MANY)[0], MANY)
        few, many, bare = [], [], []
        for turn in range(rounds):
            few.append(self._buy(self.orders, FEW))
            many.append(self._buy(self.orders // 4, MANY))
            if turn == 0:
                # pgbench makes up the keys of lines: nothing adds up after it.
                self._check()
            bare.append(self._replay(pgbench, script))
        self._tell(few, len(sent), FEW)
        self._tell(many, len(many_sent), MANY)
        pace = f"{statistics.median(bare):.0f}"
        self.stdout.write(ROW.format(f"pgbench, {FEW} lines", pace, len(sent), ""))
        ratio = statistics.median(
            ours.orders_per_s / theirs for ours, theirs in zip(few, bare, strict=True)
        )
        longer = _median(few) / _median(many)
        self.stdout.write(
            f"{ratio:.2f} × pgbench (to be at least 0.4); an order of {MANY} lines "
            f"takes {longer:.1f} × as long as one of {FEW} (at most 2)."
        )

    def _check(self) -> None:
        for rule, sentence in violations():
            raise CommandError(f"{rule.code} {rule.name}: {sentence}")

    def _buy(self, each: int, lines: int) -> Pace:
        numbers = self._carts(self.processes * (each + 1), lines)
        return buy_all(numbers, lines=lines, processes=self.processes)

    def _replay(self, pgbench: str, script: str) -> float:
        numbers = self._carts(self.processes * self.orders, FEW)
        return replay.run(
            pgbench,
            script,
            first=numbers[0],
            runs=self.orders,
            clients=self.processes,
        )

    def _carts(self, carts: int, lines: int) -> range:
        self.next_cart += carts
        return stocking.fill_carts(self.next_cart - carts, carts, lines)

    def _tell(self, paces: list[Pace], statements: int, lines: int) -> None:
        cpu = statistics.median(pace.cpu_ms for pace in paces)
        pace = f"{_median(paces):.0f}"
        cells = (f"finalize of {lines} lines", pace, statements, f"{cpu:.1f}")
        self.stdout.write(ROW.format(*cells))


def _median(paces: list[Pace]) -> float:
    return statistics.median(pace.orders_per_s for pace in paces)
