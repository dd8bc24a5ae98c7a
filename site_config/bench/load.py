"""Requests a second that a server answers: by wrk where it is found, else by two
processes of our own, which are slower themselves."""

import re
import secrets
import shutil
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from http.client import HTTPConnection
from multiprocessing import get_context
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

CONNECTIONS = 8
PROCESSES = 2
GZIP = {"Accept-Encoding": "gzip"}
# A word of a campaign is no choice of a list: the same page under a new address.
FRESH = """
local thread = 0
local n = 0
function setup(t) thread = thread + 1; t:set("id", thread) end
function request()
  n = n + 1
  return wrk.format("GET", "{path}utm_source={token}-" .. id .. "-" .. n)
end
"""


class LoadError(Exception):
    """A server that answered with anything but pages."""


def client() -> str:
    """By what requests are made here."""
    return "wrk" if shutil.which("wrk") else "our own client: wrk was not found"


def rate(url: str, seconds: int, *, is_fresh: bool = False) -> float:
    """Answers a second over eight connections. ``is_fresh``: every request for an
    address that nobody has asked for before, so that no cache has the page.

    Raises:
        LoadError
    """
    token = secrets.token_hex(4) if is_fresh else ""
    return (_by_wrk if shutil.which("wrk") else _by_ourselves)(url, seconds, token)


def addressed(url: str, token: str) -> str:
    """The beginning of an address that still lacks its number."""
    return f"{url}{'&' if '?' in url else '?'}" if token else url


def _by_wrk(url: str, seconds: int, token: str) -> float:
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s"]
    command += ["-H", "Accept-Encoding: gzip"]
    with NamedTemporaryFile("w", suffix=".lua") as script:
        if token:
            parts = urlsplit(url)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            script.write(FRESH.format(path=addressed(path, token), token=token))
            script.flush()
            command += ["-s", script.name]
        told = subprocess.run([*command, url], capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if not found or "Non-2xx" in told:
        raise LoadError(f"{url}: {told}")
    return float(found[1])


def _by_ourselves(url: str, seconds: int, token: str) -> float:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        asked = [
            processes.submit(_ask_by_threads, url, seconds, token and f"{token}-{n}")
            for n in range(PROCESSES)
        ]
        return sum(answered.result() for answered in asked) / seconds


def _ask_by_threads(url: str, seconds: int, token: str) -> int:
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(CONNECTIONS // PROCESSES) as threads:
        asked = [
            threads.submit(_ask, url, until, token and f"{token}-{n}")
            for n in range(CONNECTIONS // PROCESSES)
        ]
        return sum(answered.result() for answered in asked)


def _ask(url: str, until: float, token: str) -> int:
    """How many answers came in time, one after another."""
    parts = urlsplit(url)
    path = addressed(url, token).split(parts.netloc, 1)[1]
    connection = HTTPConnection(parts.netloc, timeout=20)
    count = 0
    while time.monotonic() < until:
        here = f"{path}utm_source={token}-{count}" if token else path
        connection.request("GET", here, headers=GZIP)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise LoadError(f"{here}: {answer.status}")
        count += 1
    connection.close()
    return count
