"""`make demo`: everything up, filled and served; Ctrl-C, and everything gone."""

import os
import signal
import sys

from site_config import embedded
from site_config.demo.children import Children
from site_config.demo.failure import DemoError
from site_config.demo.port import free_port
from site_config.demo.preparation import prepare, step
from site_config.servers import locks
from site_config.servers.server import die_with_parent
from site_config.terminal import complain, say

WELCOME = """
Vitrine is open:  {address}

  Accounts, each with the password vitrine-demo
    admin       may do everything
    publisher   publishes what editors prepare
    editor      composes pages and blocks
    staff       orders and stock
    shopper     a customer, with orders, addresses and a wishlist

  Five things to try
    1. {home}  the home page, made of blocks
    2. {shop}  a category: narrow it, sort it
    3. Buy something as a guest, with the code GLAZE10: the mail appears here
    4. {drafts}  as editor: begin a campaign and change pages in it
    5. {admin}  as staff: find your order

  Logs are in {logs}. Ctrl-C stops everything.
"""


class StopAsked(Exception):
    """No error: Ctrl-C, or a plain kill."""


def main() -> int:
    children = Children()
    _listen_for_stop()
    try:
        port = free_port()
        with locks.shared(embedded.lock_folder(), "demo"):
            prepare(port)
            with step("Server and worker"):
                children.start(port)
            _welcome(port)
            children.watch()
    except StopAsked:
        say("\nStopping …")
    except (DemoError, embedded.EmbeddedError) as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"{error.filename or 'System'}: {error.strerror}.")
    finally:
        children.stop()
        embedded.release()
    say("Stopped.")
    return 0


def _listen_for_stop() -> None:
    asking = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(*_) -> None:
        # Once: a second Ctrl-C must not interrupt the stopping, which is bounded.
        for number in asking:
            signal.signal(number, signal.SIG_IGN)
        raise StopAsked

    for number in asking:
        signal.signal(number, stop)
    if "MAKELEVEL" in os.environ:
        # make killed with -9 takes us, and so everything, with it.
        die_with_parent(signal.SIGTERM)()


def _welcome(port: int) -> None:
    address = f"http://127.0.0.1:{port}/"
    rooms = {"home": "", "shop": "shop/", "drafts": "drafts/", "admin": "admin/"}
    places = {name: f"{address}{path}" for name, path in rooms.items()}
    width = max(map(len, places.values()))
    aligned = {name: place.ljust(width) for name, place in places.items()}
    logs = embedded.var_dir() / "log"
    say(WELCOME.format(address=address, logs=logs, **aligned))


def _failed(sentence: str) -> int:
    complain(f"\n{sentence}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
