"""A flash sale, played through: the shop's own processes, made-up buyers, real HTTP."""

import asyncio
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from checkout.models import CheckoutAttempt, Order
from checkout.rehearsal import bystanders, crew, elsewhere, report, stage
from checkout.rehearsal.buyers import Buyer, Opening, Outcome
from checkout.rehearsal.http import Traffic
from checkout.rehearsal.watching import Watch

LEAST_KILLS = 20
SETTLED_WITHIN_S = 120
# Those who were asked last have had their answer by then.
LAST_ANSWER_S = 2
NUMBERS = {
    "buyers": 2000,
    "stock": 200,
    "products": 1,
    "lines": 1,
    "workers": 2,
    "web": 2,
    # Of the web processes, so many serve those who want the piece, and nobody else.
    "apart": 1,
    "concurrency": 64,
    "deadline": 900,
    # Seconds in which there is no crowd, before it and after it: what is compared with.
    "quiet": 15,
}
FLAGS = {
    "chaos": f"Kill processes at random, at least {LEAST_KILLS} times.",
    "kill_redis": "Kill Redis midway.",
}


@contextmanager
def _stopped_by_a_plain_kill():
    """It ends as with Ctrl-C, and so does all that was started."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Command(BaseCommand):
    help = (
        "Sell a few pieces to many made-up buyers at once, in a database made for it, "
        "and print how it went. Ends by itself."
    )

    def add_arguments(self, parser):
        for name, default in NUMBERS.items():
            parser.add_argument(f"--{name}", type=int, default=default)
        for name, words in FLAGS.items():
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, action="store_true", help=words)
        parser.add_argument(
            "--here",
            action="store_true",
            help="In the present database, which must hold no orders.",
        )

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Made-up buyers pay at the demo bank: DEMO=1 only.")
        if options["lines"] > options["products"]:
            raise CommandError("A cart cannot have more lines than there are products.")
        with _stopped_by_a_plain_kill():
            if not options["here"]:
                self._play_elsewhere(options)
            elif Order.objects.exists():
                raise CommandError("This database has orders.")
            else:
                self._play_here(options)

    def _play_elsewhere(self, options: dict) -> None:
        """The same command, in a database that is made and dropped for it."""
        words = [f"--{number}={options[number]}" for number in NUMBERS]
        words += [f"--{flag.replace('_', '-')}" for flag in FLAGS if options[flag]]
        # Pages are served as in production: with files that bear their own digest.
        call_command("collectstatic", interactive=False, verbosity=0)
        try:
            elsewhere.run("flash_sale", "--here", *words)
        except subprocess.CalledProcessError as error:
            raise CommandError("The rehearsal failed.") from error

    def _play_here(self, options: dict) -> None:
        self.options = options
        lots, other = stage.set_up(options["products"], options["stock"])
        with tempfile.TemporaryDirectory() as folder:
            found = self._play(lots, other, Path(folder))
        for line in found.lines():
            self.stdout.write(line)
        if complaints := found.complaints:
            raise CommandError("\n".join(complaints))
        self.stdout.write("All invariants hold.")

    def _play(
        self, lots: list[stage.Lot], other: stage.Lot, folder: Path
    ) -> report.Report:
        options = self.options
        hired = crew.hire(
            options["web"],
            options["apart"],
            options["workers"],
            folder,
            other=other.shown,
            has_redis=options["kill_redis"],
        )
        apart = [member.port for member in hired.apart]
        ports = [member.port for member in hired.web if member not in hired.apart]
        traffic = Traffic(ports, apart, asyncio.Semaphore(options["concurrency"]))
        phases = bystanders.Phases()
        watch = Watch()
        watch.start()
        try:
            hired.start()
            hired.make_way()
            outcomes, wall = asyncio.run(self._sell(lots, traffic, phases, hired))
            self._wait_until_settled()
        except (crew.NotReady, TimeoutError) as error:
            raise CommandError(f"Not done in time. {error}") from error
        finally:
            hired.stop()
            watch.end()
        is_all_wanted = options["lines"] == options["products"]
        sold = min(options["stock"], options["buyers"]) if is_all_wanted else None
        return report.Report(
            outcomes,
            traffic,
            lots,
            sold,
            wall,
            hired.kills,
            watch,
            hired.most_connections,
            phases,
            bystanders.read(hired.others.log),
        )

    async def _sell(
        self, lots, traffic: Traffic, phases: bystanders.Phases, hired: crew.Crew
    ) -> tuple[list[Outcome], timedelta]:
        """The crowd, while others were there before it and stay after it."""
        await phases.pause(bystanders.BEFORE, self.options["quiet"])
        sold = await self._sell_to_a_crowd(lots, traffic, phases, hired)
        await phases.pause(bystanders.AFTERWARDS, self.options["quiet"])
        await asyncio.sleep(LAST_ANSWER_S)
        return sold

    async def _sell_to_a_crowd(
        self, lots, traffic: Traffic, phases: bystanders.Phases, hired: crew.Crew
    ) -> tuple[list[Outcome], timedelta]:
        """Everybody fills in the form; then the sale opens for all at once."""
        options = self.options
        opening = Opening(options["buyers"])
        shown = [lot.shown for lot in lots]
        async with asyncio.timeout(options["deadline"]):
            buying = []
            for n in range(options["buyers"]):
                turned = shown[n % len(shown) :] + shown[: n % len(shown)]
                buyer = Buyer(n, turned[: options["lines"]], opening, traffic)
                buying.append(asyncio.create_task(buyer.buy()))
            await opening.everybody.wait()
            disaster = threading.Thread(target=self._strike, args=[hired])
            begun = time.monotonic()
            disaster.start()
            opening.open.set()
            outcomes: list[Outcome] = await asyncio.gather(*buying)
        ended = time.monotonic()
        phases.spans[bystanders.MEANWHILE] = begun, ended
        wall = timedelta(seconds=ended - begun)
        hired.is_over.set()
        await asyncio.to_thread(disaster.join)
        return outcomes, wall

    def _strike(self, hired: crew.Crew) -> None:
        if self.options["kill_redis"] and hired.redis:
            time.sleep(1)
            hired.redis.kill()
        if self.options["chaos"]:
            hired.kill_at_random(LEAST_KILLS)

    def _wait_until_settled(self) -> None:
        """Jobs of those who died, and orders on invoice, take a moment more."""
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while time.monotonic() < deadline:
            unsettled = Order.objects.filter(status=Order.Status.PREPARED)
            if not unsettled.exists() and not CheckoutAttempt.objects.waiting():
                return
            time.sleep(0.2)
