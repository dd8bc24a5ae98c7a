"""Where django-allauth does as this shop does: letters are jobs, secrets are sealed."""

import base64
from hashlib import sha256

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.urls import reverse
from django.utils.encoding import force_bytes

from home import outbox, visitor
from home.accounts import letters

OUR_STAGE = "home.accounts.stages.VerifyEmail"
THEIR_STAGE = "allauth.account.stages.EmailVerificationStage"


class AccountAdapter(DefaultAccountAdapter):
    """Every letter is deferred in the transaction that it tells of. A job carries ids,
    never a link or a code: those are made when the letter is written."""

    def get_client_ip(self, request) -> str:
        return visitor.address(request)

    def get_login_stages(self) -> list[str]:
        stages = super().get_login_stages()
        return [OUR_STAGE if stage == THEIR_STAGE else stage for stage in stages]

    def get_login_redirect_url(self, request) -> str:
        """Whoever works here goes to work."""
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def send_confirmation_mail(self, request, emailconfirmation, signup) -> None:
        address = emailconfirmation.email_address
        outbox.defer(letters.send_confirmation, address_id=address.pk)

    def send_password_reset_mail(self, user, email, context) -> None:
        outbox.defer(letters.send_reset, user_id=user.pk, email=email)

    def send_account_already_exists_mail(self, email) -> None:
        outbox.defer(letters.send_notice, kind="account_known", email=email)

    def send_mail(self, template_prefix, email, context) -> None:
        """The rest: that an account is unknown, and what happened to one."""
        kind = template_prefix.rpartition("/")[2]
        outbox.defer(letters.send_notice, kind=kind, email=email)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keys of second factors lie in the database under the shop's secret key."""

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME


def _seal() -> MultiFernet:
    """Closed with the present secret key, opened with earlier ones too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(Fernet(_derived(key)) for key in keys)


def _derived(key: str | bytes) -> bytes:
    digest = sha256(b"second factors " + force_bytes(key)).digest()
    return base64.urlsafe_b64encode(digest)
