"""A fault of ours must not stop a line: an attempt that cannot be decided, alone and
time and again, is set aside, and those behind it are served."""

import logging
import traceback
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.db.models import F

from checkout import rush
from checkout.errors import CartBusy
from checkout.models import CheckoutAttempt

logger = logging.getLogger(__name__)
MOST_TRIES = 3


class StandsStill(Exception):
    """The first in line could not be decided; it is to be tried again in a moment."""


# Of the database or of other workers: no attempt has a part in it.
NOBODYS_FAULT = (
    rush.BeingServed,
    CartBusy,
    StandsStill,
    OperationalError,
    InterfaceError,
)


def serve(product_id: int, *, now: datetime) -> int:
    """As ``rush.serve``, past faults. Where a batch fails, its attempts are decided one
    by one in the order of their places. One that fails alone is tried again, while its
    line waits; after ``MOST_TRIES`` it is refused, and its buyer and the staff are
    told. How many were decided.

    Raises:
        rush.BeingServed, CartBusy
        StandsStill
        OperationalError, InterfaceError: the database is gone.
    """
    try:
        return rush.serve(product_id, now=now)
    except NOBODYS_FAULT:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, the line goes on
        logger.error("Line %s: %s; one by one now.", product_id, _words(fault))
    return _one_by_one(product_id, now)


def _one_by_one(product_id: int, now: datetime) -> int:
    """Until one was set aside: then batches may go on."""
    decided = 0
    while decided < rush.MOST_AT_ONCE and (first := rush.first_in(product_id)):
        try:
            if not rush.serve(product_id, now=now, only=first):
                # Somebody in another line of its cart is before it, or it is decided.
                raise StandsStill
            decided += 1
        except NOBODYS_FAULT:
            raise
        except Exception as fault:  # noqa: BLE001
            _count(product_id, first, fault, now)
            logger.error("Attempt %s is set aside: %s.", first, _words(fault))
            return decided + 1
    return decided


def _count(product_id: int, attempt_id: int, fault: Exception, now: datetime) -> None:
    """One try more; the last sets the attempt aside.

    Raises:
        StandsStill: there are tries left.
    """
    known = CheckoutAttempt.objects.waiting().filter(pk=attempt_id)
    known.update(tries=F("tries") + 1, fault=_words(fault))
    if known.filter(tries__lt=MOST_TRIES).exists():
        raise StandsStill
    rush.set_aside(product_id, attempt_id, now=now)


def _words(fault: Exception) -> str:
    """What happened and where. Not what the fault says: that may be about somebody."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    return f"{type(fault).__name__} in {ours[-1].name}"[:80]
