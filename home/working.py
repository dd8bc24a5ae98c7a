"""The worker, for as long as nobody tells it to stop.

Procrastinate's own ends when it loses its database. This one waits until the database
is back and begins anew; what it was doing is resumed like the jobs of any worker that
has died.
"""

import asyncio
import logging
import signal
from contextlib import suppress

from django.db import DatabaseError, InterfaceError, connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

logger = logging.getLogger(__name__)

PAUSE_S = 1
# For a connection; by default it says farewell to a database that has gone for 30 s.
WAIT_S = 3


async def work_until_told_to_stop() -> None:
    """Work off jobs until SIGTERM or SIGINT; a job that has begun is finished first."""
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    while not told_to_stop.is_set():
        try:
            await _work(told_to_stop)
        except (ConnectorException, DatabaseError, InterfaceError) as error:
            logger.warning("The worker waits for its database: %s", error)
        with suppress(TimeoutError):
            await asyncio.wait_for(told_to_stop.wait(), PAUSE_S)


async def _work(told_to_stop: asyncio.Event) -> None:
    """Return when told to stop, or when the worker has given up by itself."""
    # Fails at once where a pool that is opened would try for half a minute.
    await asyncio.to_thread(_reach_database)
    connector = PsycopgConnector(
        kwargs=connector_params(), timeout=WAIT_S, reconnect_timeout=WAIT_S
    )
    with app.replace_connector(connector):
        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(install_signal_handlers=False)
            )
            stopping = asyncio.create_task(told_to_stop.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


def _reach_database() -> None:
    try:
        connection.ensure_connection()
    finally:
        connection.close()
