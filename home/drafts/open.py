"""Begin, resume and leave a workspace."""

from datetime import datetime

from django.http import HttpResponse

from home.drafts.viewing import AS_OF_KEY, OPEN_COOKIE, SESSION_KEY
from home.models import DraftWorkspace
from home.models.drafts import KEEP_UNUSED

REFRESH_S = 24 * 3600


def begin(name: str, owner, *, now: datetime) -> DraftWorkspace:
    """A new, empty workspace."""
    return DraftWorkspace.objects.create(
        name=name,
        owner=owner,
        created_at=now,
        updated_at=now,
        used_at=now,
        expires_at=now + KEEP_UNUSED,
    )


def enter(
    request, response: HttpResponse, workspace: DraftWorkspace, *, now: datetime
) -> None:
    """Let the session look through a workspace from the next request on.

    The caller has checked that the user may see it.
    """
    request.session[SESSION_KEY] = str(workspace.uuid)
    keep(workspace, now=now)
    mark(request, response)


def leave(request, response: HttpResponse) -> None:
    """Back to the published shop; the workspace stays as it is."""
    request.session.pop(SESSION_KEY, None)
    request.session.pop(AS_OF_KEY, None)
    response.delete_cookie(OPEN_COOKIE, samesite="Lax")


def come_back(request, response: HttpResponse) -> None:
    """From another moment to now; a workspace that is open stays so."""
    request.session.pop(AS_OF_KEY, None)
    if not request.session.get(SESSION_KEY):
        response.delete_cookie(OPEN_COOKIE, samesite="Lax")


def mark(request, response: HttpResponse) -> None:
    """The cookie that makes requests look into their session."""
    response.set_cookie(
        OPEN_COOKIE, "1", secure=request.is_secure(), httponly=True, samesite="Lax"
    )


def keep(workspace: DraftWorkspace, *, now: datetime) -> None:
    """Using a workspace keeps it for another thirty days; written once a day."""
    if (
        now - workspace.used_at
    ).total_seconds() < REFRESH_S and not workspace.warned_at:
        return
    DraftWorkspace.objects.open().filter(pk=workspace.pk).update(
        used_at=now, expires_at=now + KEEP_UNUSED, warned_at=None
    )
