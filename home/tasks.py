"""The jobs of this room, where procrastinate looks for them."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from home import published


@app.periodic(cron="17 * * * *")
@app.task(name="home.compact_published")
def compact_published(timestamp: int) -> None:
    """Fold the changes that are an hour old, so that counting them costs nothing."""
    published.compact(before=timezone.now() - timedelta(hours=1))
