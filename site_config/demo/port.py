"""The port of the demo: free, or about to be."""

import time

from site_config import embedded
from site_config.demo.failure import DemoError
from site_config.demo.preparation import whole_number
from site_config.servers import locks
from site_config.servers.server import is_free

# Longer than gunicorn gives its last requests (see `children`).
LET_GO_WITHIN_S = 10


def free_port() -> int:
    """`PORT`, free to listen on.

    Raises:
        DemoError: someone else has it.
    """
    port = whole_number("PORT", "8000", range(1, 65536))
    if not (is_free(port) or _is_let_go(port)):
        raise DemoError(
            f"Port {port} is in use by another program: stop it, or choose another "
            f"one, as in: make demo PORT={port % 65535 + 1}"
        )
    return port


def _is_let_go(port: int) -> bool:
    """Is it free once the web server of an earlier demo, killed with -9, has ended?

    Back at once when it is not such a server that has it.
    """
    folder = embedded.lock_folder()
    if not locks.is_free(folder, "demo"):
        return False
    deadline = time.monotonic() + LET_GO_WITHIN_S
    while not locks.is_free(folder, "web") and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_free(port)
