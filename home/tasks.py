"""The jobs of this room, where procrastinate looks for them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from home.newsletter import signup
from home.newsletter.letters import send_confirmation

__all__ = ["send_confirmation", "sweep_newsletter"]


@app.periodic(cron="17 3 * * *")
@app.task(name="home.sweep_newsletter")
def sweep_newsletter(timestamp: int) -> None:
    signup.sweep(now=timezone.now())
