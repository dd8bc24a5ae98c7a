"""Which workspace the admin's editors read and save, and where it is looked at."""

from typing import cast
from uuid import UUID

from django.http import Http404
from wagtail.models import Page

from home.drafts.viewing import editing_workspace
from home.models import DraftWorkspace, WorkspacePage


def open_workspace(request) -> DraftWorkspace | None:
    """The workspace that its owner has open, asked for once a request; None: Wagtail
    works as everybody knows it."""
    if not hasattr(request, "_open_workspace"):
        request._open_workspace = editing_workspace(request)
    return request._open_workspace


def entered(request) -> DraftWorkspace:
    """The same inside a view of ours, which no request reaches without one."""
    return cast(DraftWorkspace, open_workspace(request))


def token(request) -> str:
    """Names what a form of this request saves into: a workspace, or nothing of ours."""
    workspace = open_workspace(request)
    return str(workspace.pk) if workspace else ""


def entries(request) -> dict[int, WorkspacePage]:
    """{page: its entry} of the open workspace, one query a request, without content."""
    if not hasattr(request, "_workspace_entries"):
        workspace = open_workspace(request)
        pages = workspace.pages.exclude(page=None) if workspace else None
        found = pages.defer("content", "base_content") if pages is not None else ()
        request._workspace_entries = {entry.page_id: entry for entry in found}
    return request._workspace_entries


def entry_of(workspace: DraftWorkspace, page: Page) -> WorkspacePage | None:
    return workspace.pages.filter(page=page).first()


def entry_name(text: str) -> UUID:
    """
    Raises:
        Http404: it is none.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404("No such page.") from error


def new_page_entry(workspace: DraftWorkspace, name: str) -> WorkspacePage | None:
    """The entry of a page that exists in the workspace only."""
    new = workspace.pages.filter(kind=WorkspacePage.Kind.CREATE)
    return new.filter(uuid=entry_name(name)).first()
