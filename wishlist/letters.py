"""Letters to those who watch. Each can be ended by one press in the mail program
(RFC 8058), and leads to a page where each piece can be ended by itself."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from home.letters import PATIENCE, compose
from wishlist.models import Digest, Watch

CONFIRM, ADDRESS = "wishlist.confirm", "wishlist.address"
VALID_FOR = timedelta(days=7)


def digest(day: Digest, news: Sequence[Watch]) -> EmailMultiAlternatives | None:
    """The letter of a day; None when nothing in it is true any more."""
    cheaper = [watch for watch in news if _is_cheaper(watch, day.day)]
    back = [watch for watch in news if _is_back(watch, day.day)]
    if not (cheaper or back):
        return None
    context = {"cheaper": cheaper, "back": back}
    return _letter("email/wishlist_news", context, day.email, f"wishes.{day.pk}")


@app.task(name="wishlist.send_confirmation", retry=PATIENCE)
def send_confirmation(watch_id: int) -> None:
    """Ask an address whether it wants letters, unless it has said so by now."""
    waiting = Watch.objects.select_related("product").filter(confirmed_at=None)
    watch = waiting.filter(pk=watch_id).first()
    if watch is None:
        return
    context = {"product": watch.product, "confirm_url": confirm_url(watch)}
    asked = int(watch.asked_at.timestamp())
    name = f"watch.{watch.pk}.{asked}"
    _letter("email/wishlist_confirm", context, watch.email, name).send()


def confirm_url(watch: Watch) -> str:
    token = signing.dumps(watch.pk, salt=CONFIRM)
    return settings.PUBLIC_URL + reverse("wishlist:confirm", args=[token])


def confirmed_by(token: str) -> Watch | None:
    """Who may be confirmed by that link; None when it is forged, old or ended."""
    try:
        pk = signing.loads(token, salt=CONFIRM, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return Watch.objects.select_related("product").filter(pk=pk).first()


def address_of(token: str) -> str | None:
    """The address that a letter's link was for; good for ever."""
    try:
        return signing.loads(token, salt=ADDRESS)
    except signing.BadSignature:
        return None


def page_url(email: str, name: str = "mail") -> str:
    token = signing.dumps(email, salt=ADDRESS)
    return settings.PUBLIC_URL + reverse(f"wishlist:{name}", args=[token])


def _letter(template: str, context: dict, email: str, name: str):
    context = context | {"page_url": page_url(email)}
    letter = compose(template, context, to=email, message_id=name)
    letter.extra_headers |= {
        "List-Unsubscribe": f"<{page_url(email, 'stop')}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return letter


def _is_cheaper(watch: Watch, day: date) -> bool:
    """Whether a drop was told that day, and it costs no more than that now."""
    if not _is_of(watch.told_at, day):
        return False
    product, told = watch.product, watch.told_price
    is_priced = product.live and product.current_price is not None
    return (
        is_priced
        and watch.currency == product.currency
        and (product.current_price <= told)
    )


def _is_back(watch: Watch, day: date) -> bool:
    is_there = watch.product.live and watch.product.stock_quantity > 0
    return is_there and _is_of(watch.stock_told_at, day)


def _is_of(moment: datetime | None, day: date) -> bool:
    return moment is not None and timezone.localdate(moment) == day
