"""The jobs of this room, where procrastinate looks for them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from wishlist import digests, gifts, price_drops, watching
from wishlist.letters import send_confirmation

__all__ = ["find_news", "send_confirmation", "sweep", "write_digests"]


@app.periodic(cron="*/15 * * * *")
@app.task(name="wishlist.find_news", queueing_lock="wishlist-find-news")
def find_news(timestamp: int) -> None:
    price_drops.find(now=timezone.now())


@app.periodic(cron="30 8-20 * * *")
@app.task(
    name="wishlist.write_digests", queueing_lock="wishlist-digests", lock="wishlist"
)
def write_digests(timestamp: int) -> None:
    """By day, never by night; an hour that was missed is made up for by the next."""
    digests.write(day=timezone.localdate(), now=timezone.now())


@app.periodic(cron="53 3 * * *")
@app.task(name="wishlist.sweep")
def sweep(timestamp: int) -> None:
    now = timezone.now()
    watching.sweep(now=now)
    gifts.sweep(now=now)
