"""The jobs that serve lines. One waits to be started for each line at most; whoever
runs it goes on until nobody waits."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from checkout import places, rush
from checkout.errors import CartBusy
from home import outbox

PATIENCE = RetryStrategy(max_attempts=20, wait=1)
# So many batches, then other jobs have their turn.
MOST_BATCHES = 50


def defer(product_id: int, **when) -> None:
    """Have a line served once the present transaction has committed."""
    outbox.defer_unless_waiting(
        serve_line, f"line-{product_id}", product_id=product_id, **when
    )


@app.task(name="checkout.serve_line", retry=PATIENCE)
def serve_line(product_id: int) -> None:
    """Serve a line, batch by batch.

    No lock of the job queue's: a worker that dies would keep it until somebody notices,
    while the claim in the database is gone with its connection.
    """
    for _n in range(MOST_BATCHES):
        try:
            if not rush.serve(product_id, now=timezone.now()):
                return
        except (rush.BeingServed, CartBusy):
            break
    defer(product_id, after=rush.LATER)


def defer_drain(product_id: int) -> None:
    """Have everybody sent away who waits in a line that is paused."""
    outbox.defer_unless_waiting(
        drain_line, f"drain-{product_id}", product_id=product_id
    )


@app.task(name="checkout.drain_line", retry=PATIENCE)
def drain_line(product_id: int) -> None:
    """
    Raises:
        BeingServed, CartBusy: so that the job is tried again.
    """
    while rush.drain(product_id, now=timezone.now()):
        pass


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
