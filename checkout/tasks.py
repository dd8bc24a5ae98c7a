"""The jobs of this room, where procrastinate looks for them."""

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation

from checkout import abandoned, guessing
from checkout.crediting import number_credit_note
from checkout.demo_bank import send_notice
from checkout.earlier_jobs import refund_late_payment, send_refund_letter
from checkout.emails import send_confirmation, send_news
from checkout.invoices import write_invoice
from checkout.lapsed import sweep
from checkout.orders import settle
from checkout.payments import give_up, go_on
from checkout.refunds import give_back
from checkout.resending import write_again
from checkout.serving import drain_line, forget_places, serve_line, serve_lines
from checkout.verdicts import send_verdict

# Of a worker that writes its heartbeat every three (PROCRASTINATE_WORKER_DEFAULTS).
SILENT_FOR_S = 12

__all__ = [
    "drain_line",
    "forget_done_jobs",
    "forget_places",
    "forget_refused_codes",
    "give_back",
    "give_up",
    "go_on",
    "number_credit_note",
    "refund_late_payment",
    "resume_stalled_jobs",
    "send_confirmation",
    "send_news",
    "send_notice",
    "send_refund_letter",
    "send_verdict",
    "serve_line",
    "serve_lines",
    "settle",
    "sweep_carts",
    "sweep_payments",
    "write_again",
    "write_invoice",
]


@app.periodic(cron="* * * * *")
@app.task(name="checkout.sweep_payments", queueing_lock="sweep-payments")
def sweep_payments(timestamp: int) -> None:
    """See to orders whose hold has lapsed; what waits for its turn is done once."""
    sweep(now=timezone.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="checkout.forget_refused_codes", queueing_lock="forget-refused-codes")
def forget_refused_codes(timestamp: int) -> None:
    guessing.forget(now=timezone.now())


@app.periodic(cron="10 4 * * *")
@app.task(name="checkout.sweep_carts", queueing_lock="sweep-carts")
def sweep_carts(timestamp: int) -> None:
    abandoned.sweep(now=timezone.now())


@app.periodic(cron="* * * * * */10")
@app.task(
    name="checkout.resume_stalled_jobs",
    queueing_lock="resume-stalled-jobs",
    pass_context=True,
)
async def resume_stalled_jobs(context, timestamp: int) -> None:
    """Give the jobs of workers that died back to the queue: every ten seconds those of
    workers that have missed four heartbeats. Every job of the shop may run twice, so
    none needs to be looked at."""
    manager = context.app.job_manager
    stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR_S)
    for job in stalled:
        # Another of its kind waits already, and only one may; it is asked again.
        with suppress(UniqueViolation):
            await manager.retry_job(job)


@app.periodic(cron="50 3 * * *")
@app.task(name="checkout.forget_done_jobs", pass_context=True)
async def forget_done_jobs(context, timestamp: int) -> None:
    """Jobs that went well are kept for a day. Those that failed are kept."""
    await context.app.job_manager.delete_old_jobs(nb_hours=24)
