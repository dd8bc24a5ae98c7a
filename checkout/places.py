"""A place in a line: what was asked for at the click, and the gate to it.

Who joins a line passes its gate, shared with all who join at that moment, until
commit; who serves it closes the gate for an instant, and so sees every place up to the
last one that was taken. Else an older place could appear after a younger was served.
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection

from checkout import codes
from checkout.address import Address
from checkout.models import Cart, CheckoutAttempt
from checkout.submission import Submission
from checkout.writing import Wanted

KEPT = timedelta(days=30)
GATE = """
SELECT pg_advisory_xact_lock_shared(hashtextextended('line-gate:' || id, 0))
FROM unnest(%s::bigint[]) AS lines (id)
"""
CLOSED_GATE = GATE.replace("_shared", "")


def pass_gates(product_ids: Collection[int]) -> None:
    """Hold the gates of lines until commit, together with all others who join."""
    _execute(GATE, product_ids)


def close_gates(product_ids: Collection[int]) -> None:
    """Wait until nobody is in a gate, and let nobody in until the savepoint or the
    transaction is over."""
    _execute(CLOSED_GATE, product_ids)


def _execute(statement: str, product_ids: Collection[int]) -> None:
    # In primary-key order, for all.
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(product_ids)])


def take(
    cart: Cart, wanted: Wanted, product_ids: list[int], *, now: datetime
) -> CheckoutAttempt:
    """The last place in those lines. The caller holds the cart's lock and has passed
    the gates."""
    submission = wanted.submission
    return CheckoutAttempt.objects.create(
        cart=cart,
        cart_version=cart.version,
        customer=codes.customer(wanted.address.email),
        product_ids=product_ids,
        asked=asdict(wanted.address)
        | {"delivery": wanted.delivery_code, "payment": wanted.payment_method},
        expected_total=wanted.expected_total,
        currency=cart.currency,
        form_key=submission.key if submission else None,
        form_digest=submission.digest if submission else "",
        clicked_at=now,
    )


def forget(*, now: datetime) -> None:
    """Drop what was asked for in vain; what was ordered is the order's to keep."""
    refused = CheckoutAttempt.objects.filter(state=CheckoutAttempt.State.REFUSED)
    refused.filter(decided_at__lt=now - KEPT).delete()


def wanted_of(attempt: CheckoutAttempt) -> Wanted:
    """What was asked for, as it was at the click."""
    address = dict(attempt.asked)
    delivery, payment = address.pop("delivery"), address.pop("payment")
    submission = None
    if attempt.form_key:
        submission = Submission(attempt.form_key, attempt.form_digest)
    total = attempt.expected_total
    return Wanted(Address(**address), delivery, payment, total, submission)
