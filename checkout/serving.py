"""The jobs that serve lines. One waits to be started for each line at most; whoever
runs it goes on until nobody waits."""

from collections.abc import Callable

from django.utils import timezone
from procrastinate.contrib.django import app

from checkout import places, rush, setting_aside
from checkout.errors import CartBusy
from home import outbox

# So many batches, then other jobs have their turn.
MOST_BATCHES = 50


def defer(product_id: int, **when) -> None:
    """Have a line served once the present transaction has committed."""
    outbox.defer_unless_waiting(
        serve_line, f"line-{product_id}", product_id=product_id, **when
    )


def defer_drain(product_id: int, **when) -> None:
    """Have everybody sent away who waits in a line that is paused."""
    outbox.defer_unless_waiting(
        drain_line, f"drain-{product_id}", product_id=product_id, **when
    )


@app.task(name="checkout.serve_line")
def serve_line(product_id: int) -> None:
    """Serve a line, batch by batch.

    No lock of the job queue's: a worker that dies would keep it until somebody notices,
    while the claim in the database is gone with its connection. No retry of its either:
    it would come back beside the job that waits already.
    """
    if not _is_done(setting_aside.serve, product_id):
        defer(product_id, after=rush.LATER)


@app.task(name="checkout.drain_line")
def drain_line(product_id: int) -> None:
    """Send everybody away who waits in a line, while it is paused."""
    if not _is_done(rush.drain, product_id):
        defer_drain(product_id, after=rush.LATER)


def _is_done(deed: Callable[..., int], product_id: int) -> bool:
    """Whether batch after batch was decided until nobody was left."""
    for _n in range(MOST_BATCHES):
        try:
            if not deed(product_id, now=timezone.now()):
                return True
        except (rush.BeingServed, CartBusy, setting_aside.StandsStill):
            return False
    return False


@app.periodic(cron="* * * * * */15")
@app.task(name="checkout.serve_lines", queueing_lock="serve-lines")
def serve_lines(timestamp: int) -> None:
    """See to every line: its worker may have died, or its drop have been resumed."""
    for product_id in rush.open_lines():
        defer(product_id)


@app.periodic(cron="50 3 * * *")
@app.task(name="checkout.forget_places", queueing_lock="forget-places")
def forget_places(timestamp: int) -> None:
    places.forget(now=timezone.now())
