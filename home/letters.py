"""Letters: one template as HTML, one as text, one for the subject, of the same name."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from procrastinate import RetryStrategy
from wagtail.models import Site

from home.models.settings import SiteSettings

# 2 s, 4 s, 8 s … together about nine hours, should the mail server be down.
PATIENCE = RetryStrategy(max_attempts=13, exponential_wait=2)


def uncounted(kind: str, key: int) -> str:
    """A name for a row that does not say how many there are, always the same."""
    return salted_hmac(f"home.letters.{kind}", str(key)).hexdigest()[:16]


def compose(
    template: str, context: dict, *, to: str, message_id: str
) -> EmailMultiAlternatives:
    """The letter, ready to send. Templates also get ``settings`` and ``public_url``.

    ``message_id`` is the same for the same letter, by which mail programs know one
    that comes twice.
    """
    shop = SiteSettings.read(Site.objects.filter(is_default_site=True).first())
    context = context | {"settings": shop, "public_url": settings.PUBLIC_URL}
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    subject = render_to_string(f"{template}.subject.txt", context)
    letter = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{template}.txt", context),
        to=[to],
        headers={"Message-ID": f"<{message_id}@{host}>"},
    )
    html = render_to_string(f"{template}.html", context)
    letter.attach_alternative(html, "text/html")
    return letter
