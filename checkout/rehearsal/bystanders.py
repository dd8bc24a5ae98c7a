"""People who want something else while a piece is sold to a crowd: how long the shop
takes for them before, meanwhile and afterwards."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field

from checkout.rehearsal.buyers import filled_in
from checkout.rehearsal.http import Answer, Browser, ShopGone, Traffic
from checkout.rehearsal.stage import Lot

BEFORE, MEANWHILE, AFTERWARDS = "before", "meanwhile", "afterwards"
LIST, PRODUCT, CHECKOUT = "list", "product", "checkout"
# One comes so often, whether or not the one before has had an answer.
EVERY_S = 0.5


@dataclass
class Bystanders:
    """Each looks at the list and at a piece that is no drop, and orders it on invoice.
    ``took_s``: {(phase, what was asked for): seconds of each answer}; ``refused`` are
    orders that were not taken."""

    lot: Lot
    traffic: Traffic
    phase: str = ""
    took_s: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    refused: int = 0
    _visits: set[asyncio.Task] = field(default_factory=set)

    async def come(self) -> None:
        """One after the other, until it is cancelled."""
        while True:
            visit = asyncio.create_task(self._visit())
            self._visits.add(visit)
            visit.add_done_callback(self._visits.discard)
            await asyncio.sleep(EVERY_S)

    async def pause(self, phase: str, seconds: float) -> None:
        """They alone are there, for so long, and until each has had an answer."""
        self.phase = phase
        await asyncio.sleep(seconds)
        self.phase = ""
        await asyncio.gather(*self._visits)

    async def _visit(self) -> None:
        phase, browser = self.phase, Browser(self.traffic)
        url, sku = self.lot.shown
        try:
            await self._timed(phase, LIST, browser.get("/shop/"))
            await self._timed(phase, PRODUCT, browser.get(url))
            await browser.post("/cart/add/", {"sku": sku, "quantity": "1"})
            form = filled_in(await browser.get("/checkout/"), "other@example.org")
            form |= {"payment": "invoice"}
            pressing = browser.post("/checkout/", form)
            answer = await self._timed(phase, CHECKOUT, pressing)
            self.refused += answer.status != 303
        except ShopGone:
            # Counted by the traffic.
            return

    async def _timed(self, phase: str, what: str, asking: Awaitable[Answer]) -> Answer:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        answer = await asking
        if phase:
            self.took_s.setdefault((phase, what), []).append(loop.time() - begun)
        return answer
