"""How often a fault is tried: a few times with every run, many times with
``make faults``. How many of a crowd come at the very same moment: twenty or so with
every run, and all of them with ``make faults`` and ``.ci/run`` (``CROWD=1``)."""

import os

FULL = os.environ.get("FULL") == "1"
IS_CROWD_WHOLE = FULL or os.environ.get("CROWD") == "1"


def times(usually: int, with_all_repeats: int) -> int:
    return with_all_repeats if FULL else usually


def at_once(usually: int, everybody: int) -> int:
    return everybody if IS_CROWD_WHOLE else usually
