"""How far a long step has come: a bar on a terminal, a few plain lines elsewhere."""

import time

from django.core.management.base import OutputWrapper

WIDTH = 30


class Progress:
    """``told(done, all)`` shows one step's progress on ``out``."""

    def __init__(self, label: str, out: OutputWrapper):
        self.label = label
        self.out = out
        self.is_terminal = out.isatty()
        self.started = time.monotonic()
        self.last_quarter = 0

    def told(self, done: int, whole: int) -> None:
        if self.is_terminal:
            filled = WIDTH * done // whole
            bar = "█" * filled + "·" * (WIDTH - filled)
            end = f"  {self._seconds()}\n" if done == whole else ""
            line = f"\r{self.label:<10} {bar} {done:,} of {whole:,}{end}"
            self.out.write(line, ending="")
        elif done == whole or done * 4 // whole > self.last_quarter:
            self.last_quarter = done * 4 // whole
            line = f"{self.label:<10} {done:,} of {whole:,}  {self._seconds()}"
            self.out.write(line)
        self.out.flush()

    def _seconds(self) -> str:
        return f"{time.monotonic() - self.started:.1f} s"
