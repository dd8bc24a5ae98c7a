"""Let people without an account look through a workspace: a signed link that ends,
that can be withdrawn, and that leaves the address bar at once."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from home.drafts.viewing import REVIEW_COOKIE, Viewing
from home.models import DraftWorkspace, ShareLink

# Two salts: the token of an address does not open anything as a cookie.
LINK_SALT = "home.drafts.share.link"
COOKIE_SALT = "home.drafts.share.cookie"
# Who has come with a link that asks for a passphrase, until they have said it.
KNOCK_COOKIE, KNOCK_SALT, KNOCK_S = "knock", "home.drafts.share.knock", 600
LONGEST_PATH = 500


def make_link(
    workspace: DraftWorkspace,
    by,
    *,
    until: datetime,
    now: datetime,
    label: str = "",
    passphrase: str = "",
) -> ShareLink:
    return ShareLink.objects.create(
        workspace=workspace,
        created_by=by,
        created_at=now,
        expires_at=until,
        label=label,
        passphrase=make_password(passphrase) if passphrase else "",
    )


def token(link: ShareLink) -> str:
    """What the link's address carries."""
    return signing.dumps(link.nonce, salt=LINK_SALT)


def find(given: str, *, now: datetime, salt: str = LINK_SALT) -> ShareLink | None:
    """The valid link of a token; None for a forged, ended or withdrawn one."""
    try:
        nonce = signing.loads(given, salt=salt)
    except signing.BadSignature:
        return None
    links = ShareLink.objects.valid(now).select_related("workspace__owner")
    return links.filter(nonce=nonce).first()


def admit(request, response, link: ShareLink) -> None:
    """Give the reviewer's browser the cookie that opens the workspace for reading."""
    response.set_cookie(
        REVIEW_COOKIE,
        signing.dumps(link.nonce, salt=COOKIE_SALT),
        expires=link.expires_at,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def let_knock(request, response, link: ShareLink) -> None:
    """Remember for ten minutes which link's passphrase is asked for; opens nothing."""
    response.set_cookie(
        KNOCK_COOKIE,
        signing.dumps(link.nonce, salt=KNOCK_SALT),
        max_age=KNOCK_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def viewing(request) -> Viewing | None:
    """What a reviewer's cookie lets them see now."""
    now = timezone.now()
    link = find(request.COOKIES[REVIEW_COOKIE], now=now, salt=COOKIE_SALT)
    return Viewing(workspace=link.workspace, link=link) if link else None


# Passphrases

MOST_TRIES = 5
PAUSE = timedelta(minutes=15)


def is_right(link: ShareLink, given: str, *, now: datetime) -> bool:
    """Whether that is the link's passphrase. After five wrong ones nothing is right
    for a quarter of an hour; counted in the database, whoever asks and through
    whichever process."""
    ShareLink.objects.filter(pk=link.pk, tries_since__lte=now - PAUSE).update(
        tries=0, tries_since=None
    )
    counted = ShareLink.objects.filter(pk=link.pk, tries__lt=MOST_TRIES).update(
        tries=F("tries") + 1,
        tries_since=Coalesce("tries_since", Value(now, DateTimeField())),
    )
    if not counted or not check_password(given, link.passphrase):
        return False
    ShareLink.objects.filter(pk=link.pk).update(tries=0, tries_since=None)
    return True


def withdraw(link: ShareLink, *, now: datetime) -> None:
    """From the next request on nobody comes in through it."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


# Visits

MOST_VISITS = 1000
VISIT_PAUSE = timedelta(minutes=1)


def note_visit(link: ShareLink, path: str, *, now: datetime) -> None:
    """That somebody looked at a page through the link: once a minute and page, and
    never more than a thousand, which is enough to see that it is in use."""
    path = path[:LONGEST_PATH]
    if _is_noted(link, path, now):
        return
    with transaction.atomic():
        _lock(link)
        if not _is_noted(link, path, now):
            link.visits.create(path=path, at=now)


def _is_noted(link: ShareLink, path: str, now: datetime) -> bool:
    recent = link.visits.filter(path=path, at__gt=now - VISIT_PAUSE)
    return recent.exists() or link.visits.count() >= MOST_VISITS


def _lock(link: ShareLink) -> None:
    """Until commit: nobody else counts its visits meanwhile."""
    ShareLink.objects.select_for_update(no_key=True).filter(pk=link.pk).first()
