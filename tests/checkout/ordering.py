"""Placing orders in tests: an address, a finalization in few words, many at once."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from decimal import Decimal
from unittest.mock import patch

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from procrastinate.contrib.django import app

from checkout.address import Address
from checkout.finalization import finalize_cart
from checkout.invariants import RULES, violations
from checkout.models import Cart, Order
from checkout.queueing import join
from checkout.review import review
from checkout.submission import Submission
from checkout.writing import Wanted
from tests.builders import NOON, a_delivery_method, a_tax_rate
from tests.frugal import made_as_new

MARTA = Address(
    email="marta@example.org",
    name="Marta Kowalska",
    street="Rua do Forno 14",
    postcode="1200-109",
    city="Lisboa",
    country="PT",
)
EVERY_RULE = " UNION ALL ".join(
    f"SELECT '{rule.code}', found.* FROM ({rule.query}) found"  # noqa: S608
    for rule in RULES
)
# Left by threads that are done.
idle: list[BaseDatabaseWrapper] = []
MOST_IDLE = 20


def a_shop_that_delivers() -> None:
    a_delivery_method("post", "4.90")
    a_tax_rate("23")


def place(cart: Cart, *, expected_total=None, now=NOON, **more) -> Order:
    """Finalize a cart at the total that it has now, or at another."""
    if expected_total is None:
        expected_total = total_of(cart, now=now)
    return finalize_cart(
        cart.pk,
        address=more.pop("address", MARTA),
        delivery_code=more.pop("delivery_code", "post"),
        payment_method=more.pop("payment_method", Order.PaymentMethod.INVOICE),
        expected_total=expected_total,
        now=now,
        **more,
    )


def wanted_for(cart: Cart, *, address=MARTA, key="", now=NOON, **more) -> Wanted:
    """What is asked for at the total that the cart has now."""
    submission = Submission(key, digest="the same") if key else None
    values = {
        "delivery_code": "post",
        "payment_method": Order.PaymentMethod.INVOICE,
        "expected_total": total_of(cart, now=now),
    }
    return Wanted(address=address, submission=submission, **values | more)


def stand_in_line(cart: Cart, *, now=NOON, **more):
    """A place in line for a cart, as it is when a row was busy."""
    return join(cart.pk, wanted_for(cart, now=now, **more), now=now)


def total_of(cart: Cart, *, now=NOON, **more) -> Decimal:
    return review(cart, now=now, **more).quote.total


def start_jobs_now() -> None:
    """Let no job wait for its hour."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")


def work_off_jobs() -> None:
    """Run a real worker until no job is left to start. It puts down none by itself,
    as it would every few seconds, wherever in a test they turn."""

    def work():
        with (
            app.replace_connector(app.connector.get_worker_connector()),
            patch.object(app.periodic_registry, "periodic_tasks", {}),
        ):
            app.run_worker(
                wait=False, install_signal_handlers=False, listen_notify=False
            )

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(timeout=120)


def all_at_once(deed: Callable, subjects: Iterable, *, places: int = 0) -> list:
    """What ``deed`` gave, or raised, for each subject; each in a thread of its own with
    its own connection, all let go at the same moment. With fewer ``places`` than
    subjects, who is done makes room for the next, on the same connection."""
    subjects = list(subjects)
    answers: list = [None] * len(subjects)
    queue = enumerate(subjects)
    places = min(places or len(subjects), len(subjects))
    gate = threading.Barrier(places)

    def serve(_place) -> None:
        with own_connection():
            _be_patient()
            gate.wait(timeout=120)
            for n, subject in queue:
                answers[n] = _outcome(deed, subject)

    with ThreadPoolExecutor(places) as pool:
        list(pool.map(serve, range(places)))
    return answers


def _outcome(deed: Callable, subject):
    try:
        return deed(subject)
    except Exception as error:  # noqa: BLE001
        return error


@contextmanager
def own_connection():
    """For a thread. A new connection costs as much as two orders, for it knows no table
    yet: it is one that an earlier thread has left, where there is one, with nothing of
    what was set on it."""
    with suppress(IndexError):
        connections[DEFAULT_DB_ALIAS] = idle.pop()
    try:
        yield
    finally:
        _leave_it()
        connections.close_all()


def _leave_it() -> None:
    used = connections[DEFAULT_DB_ALIAS]
    if used.connection and len(idle) < MOST_IDLE and not made_as_new(None):
        used.inc_thread_sharing()
        del connections[DEFAULT_DB_ALIAS]
        idle.append(used)


def _be_patient() -> None:
    """Hundreds of threads on a busy machine: who waits for whom is under test here, and
    not for how long the machine lets them."""
    limits = ("lock", "statement", "idle_in_transaction_session")
    with connection.cursor() as cursor:
        cursor.execute(";".join(f"SET {limit}_timeout = '60s'" for limit in limits))


def broken_rules() -> set[str]:
    """Their names."""
    return {rule.name for rule, _ in violations()}


def assert_invariants() -> None:
    """All rules in one statement, also inside a test's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute(EVERY_RULE)
        assert cursor.fetchall() == []


def broken_by(damage: Callable[[], object]) -> set[str]:
    """The names of the rules that a damage breaks, which is put right again."""
    point = transaction.savepoint()
    damage()
    with connection.cursor() as cursor:
        found = set()
        for rule in RULES:
            cursor.execute(rule.query)
            if cursor.fetchall():
                found.add(rule.name)
    transaction.savepoint_rollback(point)
    return found
