"""The jobs of this room, where procrastinate looks for them."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from home import published, scheduled
from home.accounts import letters as account_letters
from home.drafts import schedule
from home.drafts import sweep as sweeping
from home.drafts.clock import database_now
from home.drafts.letters import send_expiry_warning, send_refusal
from home.newsletter import signup
from home.newsletter.letters import send_confirmation

__all__ = [
    "account_letters",
    "act_on_schedules",
    "compact_published",
    "forget_done_jobs",
    "send_confirmation",
    "send_expiry_warning",
    "send_refusal",
    "sweep_drafts",
    "sweep_newsletter",
]


@app.periodic(cron="17 * * * *")
@app.task(name="home.compact_published")
def compact_published(timestamp: int) -> None:
    """Fold the changes that are an hour old, so that counting them costs nothing."""
    published.compact(before=timezone.now() - timedelta(hours=1))


@app.periodic(cron="* * * * *")
@app.task(name="home.act_on_schedules")
def act_on_schedules(timestamp: int) -> None:
    """Publish what is due, workspaces first. A worker that was down finds it later."""
    now = database_now()
    schedule.publish_due(now)
    scheduled.act_on(now)


@app.periodic(cron="23 4 * * *")
@app.task(name="home.sweep_drafts")
def sweep_drafts(timestamp: int) -> None:
    sweeping.sweep(database_now())


@app.periodic(cron="17 3 * * *")
@app.task(name="home.sweep_newsletter")
def sweep_newsletter(timestamp: int) -> None:
    signup.sweep(now=timezone.now())


@app.periodic(cron="7 4 * * *")
@app.task(name="home.forget_done_jobs", pass_context=True)
async def forget_done_jobs(context, timestamp: int) -> None:
    """Jobs that are done say to whom letters went: a day later nobody needs to know."""
    await context.app.job_manager.delete_old_jobs(nb_hours=24)
