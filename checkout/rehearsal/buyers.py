"""What a buyer does: look, choose, fill in the form, press the button the moment the
sale opens, wait, pay. Every buyer ends with one answer."""

import asyncio
import json
import random
import re
from dataclasses import dataclass
from html import unescape

from checkout.providers.fake import Card
from checkout.rehearsal.http import Answer, Browser, ShopGone, Traffic

HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|key|expected_total)" value="([^"]*)"')
SAID = re.compile(r'<div class="body">(.*?)</div>', re.S)
TAG = re.compile(r"<[^>]+>")
ADDRESS = {
    "name": "Marta Kowalska",
    "street": "Rua do Forno 14",
    "postcode": "1200-109",
    "city": "Lisboa",
    "country": "PT",
    "delivery": "post",
}
# Of a hundred buyers, so many have a card that is declined first, lose the line at the
# button, and pay on invoice.
DECLINED, HANGING_UP, ON_INVOICE = 10, 5, 20
NO_ANSWER = "no answer"


class Opening:
    """The moment that so many buyers wait for, with their forms filled in."""

    def __init__(self, expected: int):
        self.missing = expected
        self.everybody = asyncio.Event()
        self.open = asyncio.Event()

    async def wait(self) -> None:
        self.arrive()
        await self.open.wait()

    def arrive(self) -> None:
        self.missing -= 1
        if self.missing == 0:
            self.everybody.set()


@dataclass
class Outcome:
    """``answer`` is ordered, or the sentence that a refusal gave. Seconds: when the
    button was pressed, and from then to the answer. ``token`` of a place in line."""

    answer: str = ""
    clicked_at: float = 0.0
    took_s: float = 0.0
    token: str = ""


@dataclass
class Buyer:
    number: int
    products: list[tuple[str, str]]
    opening: Opening
    traffic: Traffic

    async def buy(self) -> Outcome:
        outcome = Outcome()
        try:
            await self._buy(Browser(self.traffic), outcome)
        except ShopGone:
            outcome.answer = NO_ANSWER
            if not outcome.clicked_at:
                self.opening.arrive()
        return outcome

    async def _buy(self, browser: Browser, outcome: Outcome) -> None:
        for url, sku in self.products:
            await browser.get(url)
            await browser.post("/cart/add/", {"sku": sku, "quantity": "1"})
        page = await browser.get("/checkout/")
        form = self._form(page)
        await self.opening.wait()
        loop = asyncio.get_running_loop()
        outcome.clicked_at = loop.time()
        answer = await self._press(browser, form)
        url = answer.headers.get("location", "")
        if answer.status == 303 and "/waiting/" in url:
            outcome.token = url.split("/")[3]
            answer = await self._wait(browser, url)
        outcome.took_s = loop.time() - outcome.clicked_at
        outcome.answer = await self._end(browser, answer)

    def _form(self, page: Answer) -> dict[str, str]:
        is_invoice = self.number % 100 < ON_INVOICE
        form = filled_in(page, f"buyer-{self.number}@example.org")
        return form | {"payment": "invoice" if is_invoice else "fake"}

    async def _press(self, browser: Browser, form: dict[str, str]) -> Answer:
        hang_up = random.randrange(100) < HANGING_UP  # noqa: S311
        answer = await browser.post("/checkout/", form, hang_up=hang_up)
        while answer.status == 429:
            await asyncio.sleep(int(answer.headers["retry-after"]))
            answer = await browser.post("/checkout/", form)
        return answer

    async def _wait(self, browser: Browser, url: str) -> Answer:
        """Ask as often as the page says, until it is decided."""
        while True:
            told = json.loads((await browser.get(f"{url}state/")).body)
            if told["state"] != "waiting":
                return await browser.get(url)
            await asyncio.sleep(told["poll_after"])

    async def _end(self, browser: Browser, answer: Answer) -> str:
        if answer.status != 303:
            return _sentence(answer)
        page = await browser.follow(answer)
        if f"{page.url}pay/" in page.body:
            # A form that was sent again leads to its order, which is still to be paid.
            page = await browser.follow(await browser.get(f"{page.url}pay/"))
        if "/demo-bank/" in page.url:
            page = await self._pay(browser, page)
        return "ordered" if page.url.startswith("/order/") else _sentence(page)

    async def _pay(self, browser: Browser, page: Answer) -> Answer:
        order = ""
        if self.number % 100 >= 100 - DECLINED:
            page = await self._show(browser, page, Card.DECLINES)
            order = page.url
            page = await browser.follow(await browser.get(f"{order}pay/"))
        return await self._show(browser, page, Card.PAYS)

    async def _show(self, browser: Browser, page: Answer, card: Card) -> Answer:
        if "/demo-bank/" not in page.url:
            return page
        answer = await browser.post(page.url, {"card": card.value})
        return await browser.follow(answer)


def filled_in(page: Answer, email: str) -> dict[str, str]:
    """The form of a checkout page, but for the way of payment."""
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.body)}
    return ADDRESS | {"email": email} | hidden


def _sentence(answer: Answer) -> str:
    """The first thing that a page says, for people."""
    said = SAID.search(answer.body)
    words = " ".join(TAG.sub(" ", said[1]).split()) if said else ""
    return f"{answer.status} {unescape(words)[:60]}".strip()
