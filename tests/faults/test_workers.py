"""A worker killed with -9, and one whose database goes away."""

import asyncio
import os
import signal
import time
import uuid
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout import emails, orders, tasks
from checkout.models import Order, OrderEvent
from home import outbox, working
from tests import waiting
from tests.builders import a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    assert_invariants,
    place,
    start_jobs_now,
    work_off_jobs,
)
from tests.faults.dying import die_before, killed
from tests.faults.repeats import FULL
from tests.faults.shop import forked, use_database_at

pytestmark = pytest.mark.django_db(transaction=True)
# What takes a second or two, on a machine that is busy with a hundred other things.
LONG_S = 60


@pytest.fixture(autouse=True)
def _shop(transactional_db):
    a_shop_that_delivers()
    yield
    assert_invariants()


@pytest.fixture
def sent(settings, tmp_path):
    """The letters that a mail server has taken, whoever sent them."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return lambda: [
        message_from_bytes(path.read_bytes()) for path in sorted(tmp_path.iterdir())
    ]


def die_before_it_is_noted() -> None:
    def is_note(order, kind, **more):
        return kind == OrderEvent.Kind.CONFIRMATION_SENT

    die_before(Order, "record", is_note)


def work_and_die_before_it_is_noted() -> None:
    def work():
        die_before_it_is_noted()
        work_off_jobs()

    start_jobs_now()
    assert killed(work)


def let_pass(seconds: float) -> None:
    """As the heartbeats of workers see it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers"
            " SET last_heartbeat = last_heartbeat - make_interval(secs => %s)",
            [seconds],
        )


def look_for_the_dead() -> None:
    outbox.defer(tasks.resume_stalled_jobs, timestamp=0)
    work_off_jobs()


def test_a_letter_whose_worker_died_is_sent_again_and_known_for_the_same(sent):
    order = place(a_cart((a_variant(price="5.00"), 1)))
    orders.settle_order(order.pk, now=order.placed_at)
    work_and_die_before_it_is_noted()
    assert len(sent()) == 1

    look_for_the_dead()
    assert len(sent()) == 1, "a worker that was heard of a moment ago is not dead"

    let_pass(tasks.SILENT_FOR_S + 0.1)
    work_off_jobs()
    assert len(sent()) == 1, "the control: nobody looks for the dead"
    look_for_the_dead()
    look_for_the_dead()

    first, second = sent()
    assert first["Message-ID"] == second["Message-ID"]
    assert order.events.filter(kind="confirmation_sent").count() == 1


def test_control_a_letter_named_anew_comes_as_two(sent, monkeypatch):
    order = place(a_cart((a_variant(price="5.00"), 1)))
    orders.settle_order(order.pk, now=order.placed_at)
    compose = emails.compose

    def compose_anew(*asked, message_id, **more):
        return compose(*asked, message_id=uuid.uuid4().hex, **more)

    monkeypatch.setattr(emails, "compose", compose_anew)
    work_and_die_before_it_is_noted()
    let_pass(tasks.SILENT_FOR_S + 0.1)
    look_for_the_dead()

    first, second = sent()
    assert first["Message-ID"] != second["Message-ID"]


def test_a_job_that_may_not_wait_twice_keeps_no_other_from_being_resumed(sent):
    def defer_a_sweep() -> None:
        later = timedelta(hours=1)
        outbox.defer_unless_waiting(
            tasks.sweep_carts, "sweep-carts", after=later, timestamp=0
        )

    defer_a_sweep()
    order = place(a_cart((a_variant(price="5.00"), 1)))
    orders.settle_order(order.pk, now=order.placed_at)
    work_and_die_before_it_is_noted()
    with connection.cursor() as cursor:
        # The dead worker had this one in its hands as well.
        cursor.execute(
            "UPDATE procrastinate_jobs sweep"
            " SET status = 'doing', worker_id = letter.worker_id"
            " FROM procrastinate_jobs letter WHERE letter.status = 'doing'"
            " AND sweep.task_name = 'checkout.sweep_carts'"
        )
    defer_a_sweep()

    let_pass(tasks.SILENT_FOR_S + 0.1)
    look_for_the_dead()
    look_for_the_dead()

    assert len(sent()) == 2
    looks = ProcrastinateJob.objects.filter(task_name="checkout.resume_stalled_jobs")
    # A worker may have put down the next one as it ended: that was not tried yet.
    tried = looks.exclude(status="todo", attempts=0)
    assert set(tried.values_list("status", flat=True)) == {"succeeded"}


def test_a_dead_worker_is_missed_in_half_a_minute(settings):
    """What it takes at most, by the clocks that decide: its silence, the next look for
    the dead, and how often a worker looks for jobs."""
    beat_s = settings.PROCRASTINATE_WORKER_DEFAULTS["update_heartbeat_interval"]
    looks = app.periodic_registry.periodic_tasks["checkout.resume_stalled_jobs", ""]
    first, second = (looks.croniter.get_next(float) for _ in range(2))
    fetches_s = 5

    assert 4 * beat_s <= tasks.SILENT_FOR_S
    assert tasks.SILENT_FOR_S + (second - first) + fetches_s <= 30


def test_jobs_that_went_well_are_forgotten_after_a_day_and_others_are_not():
    for _ in range(2):
        outbox.defer(tasks.forget_refused_codes, timestamp=0)
        work_off_jobs()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed'"
            " WHERE id = (SELECT min(id) FROM procrastinate_jobs)"
        )
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '25 hours'")

    outbox.defer(tasks.forget_done_jobs, timestamp=0)
    work_off_jobs()

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [
            ("checkout.forget_refused_codes", "failed"),
            ("checkout.forget_done_jobs", "succeeded"),
        ]


# Without its database


@pytest.fixture
def hired(wire, monkeypatch):
    """Has a worker begin, at the end of the wire; dismisses it in the end. It waits for
    its database as short a time as the shop of these tests does."""
    monkeypatch.setattr(working, "WAIT_S", 1)
    pids = []

    def hire(work) -> int:
        def work_at_the_wire():
            use_database_at(wire.port)
            work()

        pids.append(forked(work_at_the_wire))
        until(workers)
        return pids[-1]

    yield hire
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def until(is_so) -> None:
    assert waiting.until(is_so, LONG_S)


def workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return cursor.fetchone()[0]


def has_ended(pid: int) -> bool:
    """Looks, and leaves it to be waited for."""
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, pid, options) is not None


def test_a_worker_waits_for_its_database_and_goes_on(wire, hired):
    worker = hired(lambda: asyncio.run(working.work_until_told_to_stop()))
    wire.keep_out()
    order = place(a_cart((a_variant(price="5.00"), 1)))
    start_jobs_now()

    wire.let_in()

    until(lambda: Order.objects.get(pk=order.pk).status == Order.Status.CONFIRMED)
    os.kill(worker, signal.SIGTERM)
    until(lambda: has_ended(worker))
    assert os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT).si_status == 0
    # One that lost its database may not have been able to sign off; others, who miss
    # its heartbeat, take its name from the list.
    until(lambda: workers() <= 1)


def test_control_procrastinates_own_ends_with_its_database(wire, hired):
    worker = hired(lambda: asyncio.run(working._work(asyncio.Event())))

    wire.keep_out()

    until(lambda: has_ended(worker))


@pytest.mark.skipif(not FULL, reason="takes half a minute: make faults")
def test_by_the_clock_the_job_of_a_dead_worker_is_resumed_in_half_a_minute(hired, sent):
    order = place(a_cart((a_variant(price="5.00"), 1)))
    orders.settle_order(order.pk, now=order.placed_at)
    start_jobs_now()

    def work_and_die():
        die_before_it_is_noted()
        asyncio.run(working.work_until_told_to_stop())

    first = hired(work_and_die)
    until(lambda: has_ended(first))
    died = time.monotonic()
    hired(lambda: asyncio.run(working.work_until_told_to_stop()))

    until(lambda: len(sent()) == 2)
    assert time.monotonic() - died <= 30
    until(lambda: order.events.filter(kind="confirmation_sent").exists())
