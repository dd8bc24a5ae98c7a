"""The jobs of this room, where procrastinate looks for them."""

from procrastinate.contrib.django import app

from checkout.emails import send_confirmation
from checkout.orders import settle

__all__ = ["resume_stalled_jobs", "send_confirmation", "settle"]


@app.periodic(cron="* * * * *")
@app.task(name="checkout.resume_stalled_jobs", pass_context=True)
async def resume_stalled_jobs(context, timestamp: int) -> None:
    """Give the jobs of workers that died back to the queue. Every job of the shop may
    run twice, so none needs to be looked at."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
