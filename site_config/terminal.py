"""Words for the person who typed the command."""

import sys
from contextlib import suppress


def say(text: str = "", end: str = "\n") -> None:
    """At once, and without failing when the terminal is gone: stopping goes on."""
    with suppress(OSError):
        sys.stdout.write(f"{text}{end}")
        sys.stdout.flush()


def complain(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
