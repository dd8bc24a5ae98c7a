"""Let people without an account look through a workspace: a signed link that ends,
that can be withdrawn, and that leaves the address bar at once."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.core import signing
from django.utils import timezone

from home.drafts.viewing import REVIEW_COOKIE, Viewing
from home.models import DraftWorkspace, ShareLink

# Two salts: the token of an address does not open anything as a cookie.
LINK_SALT = "home.drafts.share.link"
COOKIE_SALT = "home.drafts.share.cookie"


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


def viewing(request) -> Viewing | None:
    """What a reviewer's cookie lets them see now."""
    now = timezone.now()
    link = find(request.COOKIES[REVIEW_COOKIE], now=now, salt=COOKIE_SALT)
    return Viewing(workspace=link.workspace, link=link) if link else None
