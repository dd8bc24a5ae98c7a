"""The account itself: what it holds, and its end."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.utils.translation import gettext as _

from home.models import NewsletterSubscriber


def addresses(user) -> list[str]:
    """The e-mail addresses that are proven to be theirs."""
    proven = EmailAddress.objects.filter(user=user, verified=True)
    return list(proven.order_by("pk").values_list("email", flat=True))


def export(user) -> dict:
    letters = NewsletterSubscriber.objects.filter(email__in=addresses(user))
    return {
        "account": {
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "joined": user.date_joined,
            "last_login": user.last_login,
        },
        "email_addresses": list(
            EmailAddress.objects.filter(user=user).values(
                "email", "verified", "primary"
            )
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user).values("type", "created_at")
        ),
        "sessions": list(
            UserSession.objects.filter(user=user).values(
                "created_at", "last_seen_at", "ip", "user_agent"
            )
        ),
        "failed_log_ins": list(
            _attempts(user).values("attempt_time", "failures_since_start")
        ),
        "newsletters": list(
            letters.values("email", "audience", "consent", "confirmed_at", "left_at")
        ),
    }


def obstacle(user) -> str:
    if user.is_superuser or user.groups.exists():
        return _("You work here: an administrator closes this account.")
    return ""


def erase(user) -> None:
    """The account with all that hangs on it; every session of it ends."""
    known = addresses(user)
    for session in UserSession.objects.filter(user=user):
        session.end()
    NewsletterSubscriber.objects.filter(email__in=known).delete()
    _attempts(user).delete()
    user.delete()


def _attempts(user):
    """Failed ones, whoever made them: under the names that the person logs in with."""
    names = {name.lower() for name in (user.username, user.email, *addresses(user))}
    return AccessAttempt.objects.filter(username__in=names)
