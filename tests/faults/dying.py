"""A process that is killed with -9 at a point of what it does.

The point is a wrapper that the test puts around a function, in the child alone.
"""

import os
import signal
from collections.abc import Callable
from functools import wraps
from typing import Any

from tests.faults.shop import forked


def killed(deed: Callable[[], object]) -> bool:
    """Do something in a child: whether it was killed while it did."""
    _, status = os.waitpid(forked(deed), 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def die_after(place: Any, name: str, when: Callable[..., bool] | None = None) -> None:
    """Have this process killed as soon as a function has done its work."""
    function = getattr(place, name)

    @wraps(function)
    def fatal(*args, **kwargs):
        result = function(*args, **kwargs)
        if when is None or when(*args, **kwargs):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(place, name, fatal)


def die_before(place: Any, name: str, when: Callable[..., bool]) -> None:
    function = getattr(place, name)

    @wraps(function)
    def fatal(*args, **kwargs):
        if when(*args, **kwargs):
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    setattr(place, name, fatal)
