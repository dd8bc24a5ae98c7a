"""How often a fault is tried: a few times with every run, many times with
``make faults``."""

import os

FULL = os.environ.get("FULL") == "1"


def times(usually: int, with_all_repeats: int) -> int:
    return with_all_repeats if FULL else usually
