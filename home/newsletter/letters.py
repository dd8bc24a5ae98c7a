"""The letter that asks whether an address wants letters."""

from procrastinate.contrib.django import app

from home.letters import PATIENCE, compose
from home.models.newsletter import NewsletterSubscriber
from home.newsletter import links


@app.task(name="home.send_newsletter_confirmation", retry=PATIENCE)
def send_confirmation(subscriber_id: int) -> None:
    """Ask an address, unless it is on the list by now or has left."""
    outside = NewsletterSubscriber.objects.outside().exclude(asked_at=None)
    subscriber = outside.filter(pk=subscriber_id).first()
    if subscriber is None:
        return
    leave_url = links.leave_url(subscriber)
    context = {
        "subscriber": subscriber,
        "confirm_url": links.confirm_url(subscriber),
        "leave_url": leave_url,
    }
    asked = int(subscriber.asked_at.timestamp())
    letter = compose(
        "email/newsletter_confirm",
        context,
        to=subscriber.email,
        message_id=f"newsletter.{subscriber.pk}.{asked}",
    )
    letter.extra_headers |= {
        "List-Unsubscribe": f"<{leave_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    letter.send()
