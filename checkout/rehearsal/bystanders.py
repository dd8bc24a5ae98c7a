"""People who want something else while a piece is sold to a crowd. They come in a
process of their own, at the usual priority: what they notice is what the shop does, and
not how busy the crowd's thousands of tasks keep the process that plays them.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from checkout.rehearsal.buyers import filled_in
from checkout.rehearsal.http import Answer, Browser, ShopGone, Traffic

BEFORE, MEANWHILE, AFTERWARDS = "before", "meanwhile", "afterwards"
LIST, PRODUCT, CHECKOUT = "list", "product", "checkout"
# One comes so often, whether or not the one before has had an answer.
EVERY_S = 0.5
# Each looks so often before ordering: a 95th percentile wants some hundred.
LOOKS = 5
ORDERED = 303


class Seen(NamedTuple):
    """An answer to somebody: when it was asked for, by the clock that all processes of
    a machine share (``time.monotonic``), and the seconds it took."""

    asked_at: float
    what: str
    took_s: float
    status: int


@dataclass
class Phases:
    """When there was a crowd, and when there was none."""

    spans: dict[str, tuple[float, float]] = field(default_factory=dict)

    async def pause(self, phase: str, seconds: float) -> None:
        """The others alone are there, for so long."""
        begun = time.monotonic()
        await asyncio.sleep(seconds)
        self.spans[phase] = begun, time.monotonic()

    def took_s(self, seen: list[Seen], phase: str, what: str) -> list[float]:
        """How long the answers took that were asked for in a phase; before the crowd,
        as far as they came before it."""
        begun, ended = self.spans.get(phase, (0.0, 0.0))
        return [
            one.took_s
            for one in seen
            if one.what == what
            and begun <= one.asked_at < ended
            and (phase != BEFORE or one.asked_at + one.took_s < ended)
        ]


@dataclass(frozen=True)
class Bystander:
    """Looks at the list and at a piece that is no drop, and orders it on invoice."""

    url: str
    sku: str
    traffic: Traffic

    async def visit(self) -> None:
        browser = Browser(self.traffic)
        try:
            for _look in range(LOOKS):
                await _timed(LIST, browser.get("/shop/"))
                await _timed(PRODUCT, browser.get(self.url))
            await browser.post("/cart/add/", {"sku": self.sku, "quantity": "1"})
            form = filled_in(await browser.get("/checkout/"), "other@example.org")
            form |= {"payment": "invoice"}
            await _timed(CHECKOUT, browser.post("/checkout/", form))
        except ShopGone:
            return


async def come(url: str, sku: str, traffic: Traffic) -> None:
    """One after the other, until the process is stopped. Writes a line for each
    answer."""
    async with asyncio.TaskGroup() as visits:
        while True:
            visits.create_task(Bystander(url, sku, traffic).visit())
            await asyncio.sleep(EVERY_S)


def read(log: Path) -> list[Seen]:
    """What ``come`` has written."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [Seen(*json.loads(line)) for line in lines if line.startswith("[")]


async def _timed(what: str, asking: Awaitable[Answer]) -> None:
    asked_at = time.monotonic()
    answer = await asking
    seen = Seen(asked_at, what, time.monotonic() - asked_at, answer.status)
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()
