"""Locks that PostgreSQL breaks off for another's sake: try again, or say it is busy."""

import functools
import itertools
import random
import time
from datetime import timedelta

from django.db import IntegrityError, OperationalError, connection

from checkout.errors import CartBusy

DEADLOCK, SERIALIZATION = "40P01", "40001"
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "55P03", "57014"
TRY_AGAIN = {DEADLOCK, SERIALIZATION}
WAITED_LONG_ENOUGH = {LOCK_TIMEOUT, STATEMENT_TIMEOUT}
# Two sendings of one form at the same moment, or two first pieces of one account: the
# second finds the first's order, or cart.
TWINS = {"order_once_per_form", "cart_one_open_per_customer"}
ATTEMPTS = 4
PAUSE_S = 0.02


def repeat_on_conflict(deed):
    """Run a whole deed again after a deadlock, a serialization failure, or because its
    twin was quicker.

    For functions that open the outermost transaction themselves (``durable=True``):
    a broken transaction cannot be continued from inside. A connection that was lost
    is no conflict: nobody knows whether it was committed, so only what may come twice
    is repeated, and at the door (``home.repeatable``).

    Raises:
        CartBusy: a lock or an answer was not had in time, or every attempt was
            broken off.
    """

    @functools.wraps(deed)
    def repeated(*args, **kwargs):
        for attempt in itertools.count(1):
            try:
                return deed(*args, **kwargs)
            except OperationalError as error:
                _give_up_or_wait(error, attempt)
            except IntegrityError as error:
                if attempt == ATTEMPTS or not _is_twin(error):
                    raise

    return repeated


def _is_twin(error: IntegrityError) -> bool:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) in TWINS


def _give_up_or_wait(error: OperationalError, attempt: int) -> None:
    state = getattr(error.__cause__, "sqlstate", None)
    if state not in TRY_AGAIN | WAITED_LONG_ENOUGH:
        raise error
    if state in WAITED_LONG_ENOUGH or attempt == ATTEMPTS:
        raise CartBusy from error
    time.sleep(attempt * random.uniform(PAUSE_S, 2 * PAUSE_S))  # noqa: S311


def wait_at_most(limit: timedelta) -> None:
    """Until commit, wait for no lock longer than that."""
    milliseconds = f"{limit / timedelta(milliseconds=1):.0f}ms"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [milliseconds])
