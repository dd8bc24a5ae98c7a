"""Jobs written in the transaction that they follow from.

Procrastinate's own ``task.defer`` does so in a web process only: inside a worker it
uses a connection of its own, and a job would outlive the rollback of its cause. This
one always uses Django's connection.
"""

from datetime import timedelta

from django.db import connection
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.tasks import Task

_outbox = App(connector=DjangoConnector())


def defer(
    task: Task, *, lock: str | None = None, after: timedelta | None = None, **arguments
) -> None:
    """Have a task done once the present transaction has committed; never if it is
    rolled back. ``arguments`` are ids and the like, never objects.

    Jobs of one ``lock`` run one after the other. ``after`` puts the start off.

    Raises:
        DatabaseError
    """
    job = _outbox.configure_task(
        task.name,
        queue=task.queue,
        lock=lock,
        schedule_in={"seconds": int(after.total_seconds())} if after else None,
    )
    try:
        job.defer(**arguments)
    except ConnectorException as error:
        # In Django's words: whoever tries again, or says that it is busy, goes by them.
        with connection.wrap_database_errors:
            raise error.__cause__ or error from None
