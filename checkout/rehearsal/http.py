"""As much of a browser as a buyer needs: cookies, forms, and a shop of several
addresses, of which any may be gone at any moment."""

import asyncio
import itertools
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from checkout.cookies import CROWD

TIMEOUT_S = 120
# So long a buyer tries again while nobody answers: about a minute.
ATTEMPTS = 60
PAUSE_S = 1.0
UNAVAILABLE = {502, 503, 504}


class ShopGone(Exception):
    """No process of the shop answered, for as long as a buyer has patience."""


@dataclass(frozen=True)
class Answer:
    status: int
    url: str
    headers: dict[str, str]
    body: str


@dataclass
class Traffic:
    """The addresses that answer, those ``apart`` only whoever has the cookie of the
    crowd; and what was seen of all requests together."""

    ports: list[int]
    apart: list[int]
    gate: asyncio.Semaphore
    took_s: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    dropped: int = 0
    turn: itertools.count = field(default_factory=itertools.count)

    def next_port(self, *, is_crowd: bool) -> int:
        ports = self.apart if is_crowd and self.apart else self.ports
        return ports[next(self.turn) % len(ports)]


class Browser:
    def __init__(self, traffic: Traffic):
        self.traffic = traffic
        self.cookies: dict[str, str] = {}
        # Whoever finds nobody where the crowd is served is served with all others.
        self.is_lost = False

    async def get(self, url: str) -> Answer:
        return await self._ask("GET", url, None)

    async def post(self, url: str, form: dict, *, hang_up: bool = False) -> Answer:
        """Send a form. With ``hang_up`` the line breaks before the answer is read, and
        the same form is sent again."""
        if hang_up:
            await self._hang_up("POST", url, form)
        return await self._ask("POST", url, form)

    async def follow(self, answer: Answer) -> Answer:
        """The page that a chain of 303s ends with."""
        for _n in range(10):
            if answer.status not in (301, 302, 303):
                return answer
            answer = await self.get(answer.headers["location"])
        return answer

    async def _ask(self, method: str, url: str, form: dict | None) -> Answer:
        loop = asyncio.get_running_loop()
        for _attempt in range(ATTEMPTS):
            begun = loop.time()
            try:
                async with self.traffic.gate:
                    begun = loop.time()
                    asking = self._send(method, url, form)
                    answer = await asyncio.wait_for(asking, TIMEOUT_S)
            except (OSError, EOFError, ValueError, TimeoutError):
                # A process that was killed; behind a real shop a proxy tries another.
                self.traffic.dropped += 1
                self.is_lost = True
                await asyncio.sleep(PAUSE_S)
                continue
            self.is_lost = False
            self.traffic.took_s.append(loop.time() - begun)
            seen = self.traffic.statuses
            seen[answer.status] = seen.get(answer.status, 0) + 1
            if answer.status in UNAVAILABLE:
                await asyncio.sleep(PAUSE_S)
                continue
            return answer
        raise ShopGone(url)

    async def _hang_up(self, method: str, url: str, form: dict) -> None:
        try:
            async with self.traffic.gate:
                _reader, writer = await self._connect()
                writer.write(self._request(method, url, form))
                await writer.drain()
                await asyncio.sleep(0.05)
                writer.close()
        except OSError:
            self.traffic.dropped += 1

    async def _connect(self):
        is_crowd = bool(self.cookies.get(CROWD)) and not self.is_lost
        port = self.traffic.next_port(is_crowd=is_crowd)
        return await asyncio.open_connection("127.0.0.1", port)

    async def _send(self, method: str, url: str, form: dict | None) -> Answer:
        reader, writer = await self._connect()
        try:
            writer.write(self._request(method, url, form))
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status_line, *lines = head.split("\r\n")
            headers = {}
            for line in filter(None, lines):
                name, _, value = line.partition(":")
                self._keep(name.lower(), value.strip())
                headers[name.lower()] = value.strip()
            body = (await reader.read()).decode(errors="replace")
            if len(body.encode()) < int(headers.get("content-length", 0)):
                raise EOFError("The answer broke off.")
            return Answer(int(status_line.split()[1]), url, headers, body)
        finally:
            writer.close()

    def _request(self, method: str, url: str, form: dict | None) -> bytes:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        body = urlencode(form).encode() if form is not None else b""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Connection: close",
            f"Content-Length: {len(body)}",
        ]
        if form is not None:
            lines.append("Content-Type: application/x-www-form-urlencoded")
        if cookies:
            lines.append(f"Cookie: {cookies}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _keep(self, name: str, value: str) -> None:
        if name == "set-cookie":
            pair, *_ = value.split(";")
            key, _, text = pair.partition("=")
            self.cookies[key.strip()] = text.strip()
