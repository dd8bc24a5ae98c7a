"""What is loaded for the stream that is being shown at this moment, if one is.

Blocks, choosers and links in rich text ask here; ``home.blocks.preload`` fills it.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from home.blocks.preload import Loaded

_current: ContextVar["Loaded | None"] = ContextVar("loaded", default=None)


def current() -> "Loaded | None":
    return _current.get()


def here() -> "Loaded":
    """The same, for those who are asked only while something is loaded."""
    loaded = _current.get()
    if loaded is None:
        raise LookupError("No stream is being shown.")
    return loaded


@contextmanager
def using(loaded: "Loaded"):
    token = _current.set(loaded)
    try:
        yield loaded
    finally:
        _current.reset(token)
