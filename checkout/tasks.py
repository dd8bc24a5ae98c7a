"""The jobs of this room, where procrastinate looks for them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from checkout import guessing
from checkout.demo_bank import send_notice
from checkout.emails import send_confirmation, send_news, send_refund_letter
from checkout.invoices import write_invoice
from checkout.lapsed import sweep
from checkout.orders import settle
from checkout.payments import give_up
from checkout.refunds import give_back, refund_late_payment
from checkout.resending import write_again
from checkout.serving import drain_line, forget_places, serve_line, serve_lines
from checkout.verdicts import send_verdict

__all__ = [
    "drain_line",
    "forget_places",
    "forget_refused_codes",
    "give_back",
    "give_up",
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


@app.periodic(cron="* * * * *")
@app.task(name="checkout.resume_stalled_jobs", pass_context=True)
async def resume_stalled_jobs(context, timestamp: int) -> None:
    """Give the jobs of workers that died back to the queue. Every job of the shop may
    run twice, so none needs to be looked at."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
