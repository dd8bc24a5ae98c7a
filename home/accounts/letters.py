"""Letters about an account, each a job. Links are made when the letter is written, so
none lies in the queue."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from home.letters import PATIENCE, compose

NOT_YOU = _("If it was not you, set a new password and end all other sessions.")
# {kind: (heading, sentence, (name of the address to go on to, its button) or None)}
NOTICES = {
    "account_known": (
        _("You have an account here already"),
        _("Somebody, we hope you, asked for an account with this address."),
        ("account_reset_password", _("Set a new password")),
    ),
    "unknown_account": (
        _("There is no account with this address"),
        _("Somebody asked for a new password. Perhaps you used another address."),
        ("account_signup", _("Make an account")),
    ),
    "password_changed": (_("Your password was changed"), NOT_YOU, None),
    "password_reset": (_("Your password was set anew"), NOT_YOU, None),
    "password_set": (_("Your account has a password"), NOT_YOU, None),
    "email_changed": (_("Your account's address was changed"), NOT_YOU, None),
    "email_deleted": (_("An address was taken off your account"), NOT_YOU, None),
    "totp_activated": (_("An authenticator app was added"), NOT_YOU, None),
    "totp_deactivated": (_("The authenticator app was removed"), NOT_YOU, None),
    "recovery_codes_generated": (_("Recovery codes were made"), NOT_YOU, None),
    "webauthn_added": (_("A passkey was added"), NOT_YOU, None),
    "webauthn_removed": (_("A passkey was removed"), NOT_YOU, None),
}


@app.task(name="home.send_account_confirmation", retry=PATIENCE)
def send_confirmation(address_id: int) -> None:
    """Ask an address to say that it is theirs, unless it has."""
    address = EmailAddress.objects.filter(pk=address_id, verified=False).first()
    if address is None:
        return
    key = EmailConfirmationHMAC(address).key
    url = settings.PUBLIC_URL + reverse("account_confirm_email", args=[key])
    _send("email/account_confirm", address.email, {"confirm_url": url})


@app.task(name="home.send_account_reset", retry=PATIENCE)
def send_reset(user_id: int, email: str) -> None:
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    key = {
        "uidb36": user_pk_to_url_str(user),
        "key": default_token_generator.make_token(user),
    }
    path = reverse("account_reset_password_from_key", kwargs=key)
    _send("email/account_reset", email, {"reset_url": settings.PUBLIC_URL + path})


@app.task(name="home.send_account_notice", retry=PATIENCE)
def send_notice(kind: str, email: str) -> None:
    """Tell an address what happened; see ``NOTICES``."""
    heading, sentence, way_on = NOTICES[kind]
    name, label = way_on or ("account_reset_password", _("Set a new password"))
    context = {
        "heading": heading,
        "sentence": sentence,
        "url": settings.PUBLIC_URL + reverse(name),
        "label": label,
    }
    _send("email/account_notice", email, context)


def _send(template: str, email: str, context: dict) -> None:
    """Each letter is a letter of its own: asked for twice, it comes twice."""
    message_id = f"account.{get_random_string(16)}"
    compose(template, context, to=email, message_id=message_id).send()
