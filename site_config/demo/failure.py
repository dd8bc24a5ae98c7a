from contextlib import suppress
from pathlib import Path


class DemoError(Exception):
    """Why the demo cannot run or go on, for the user."""


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, to be shown under a sentence that says what failed."""
    with suppress(OSError):
        last = log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(f"    {line}" for line in [*last, f"(from {log})"])
    return ""
