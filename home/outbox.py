"""Jobs written in the transaction that they follow from.

Procrastinate's own ``task.defer`` does so in a web process only: inside a worker it
uses a connection of its own, and a job would outlive the rollback of its cause. This
one always uses Django's connection.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import connection, transaction
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.tasks import Task

_outbox = App(connector=DjangoConnector())
# What procrastinate's own way to defer many comes down to, as one text for hundreds.
DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY(
    SELECT job FROM json_populate_recordset(NULL::procrastinate_job_to_defer_v1, %s) job
))
"""


def defer(
    task: Task, *, lock: str | None = None, after: timedelta | None = None, **arguments
) -> None:
    """Have a task done once the present transaction has committed; never if it is
    rolled back. ``arguments`` are ids and the like, never objects.

    Jobs of one ``lock`` run one after the other. ``after`` puts the start off.

    Raises:
        DatabaseError
    """
    defer_all([job(task, lock=lock, after=after, **arguments)])


def defer_all(jobs: Sequence[Job]) -> None:
    """The same for many jobs, in one statement.

    Raises:
        DatabaseError
    """
    if jobs:
        text = json.dumps([_columns(job) for job in jobs], default=str)
        with connection.cursor() as cursor:
            cursor.execute(DEFER, [text])


def _columns(job: Job) -> dict[str, object]:
    return {
        "queue_name": job.queue,
        "task_name": job.task_name,
        "priority": job.priority,
        "lock": job.lock,
        "queueing_lock": job.queueing_lock,
        "args": job.task_kwargs,
        "scheduled_at": job.scheduled_at,
    }


def defer_unless_waiting(
    task: Task, queueing_lock: str, *, after: timedelta | None = None, **arguments
) -> None:
    """The same for one, unless a job of that queueing lock waits to be started already.

    Others who defer it at this moment are waited for until they commit.
    """
    todo = ProcrastinateJob.objects.filter(status="todo", queueing_lock=queueing_lock)
    if todo.exists():
        return
    waiting = job(task, after=after, **arguments).evolve(queueing_lock=queueing_lock)
    with suppress(AlreadyEnqueued), transaction.atomic(), _errors_in_djangos_words():
        _outbox.job_manager.defer_job(waiting)


def job(
    task: Task, *, lock: str | None = None, after: timedelta | None = None, **arguments
) -> Job:
    """A job for ``defer_all``."""
    known = _outbox.configure_task(
        task.name,
        queue=task.queue,
        lock=lock,
        schedule_in={"seconds": int(after.total_seconds())} if after else None,
    )
    return known.job.evolve(task_kwargs=arguments)


@contextmanager
def _errors_in_djangos_words() -> Iterator[None]:
    """Whoever tries again, or says that it is busy, goes by them."""
    try:
        yield
    except ConnectorException as error:
        with connection.wrap_database_errors:
            raise error.__cause__ or error from None
