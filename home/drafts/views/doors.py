"""What the doors share: who may come in, and to which workspace."""

from functools import wraps

from django.http import Http404
from wagtail.admin.auth import require_admin_access

from home.models import DraftWorkspace


def for_editors(view):
    """A page in the admin's look: needs access to the admin, and the admin's looser
    content security policy. Without the right to work with drafts: 404."""

    @require_admin_access
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm("home.change_draftworkspace"):
            raise Http404("No drafts for this account.")
        response = view(request, *args, **kwargs)
        response.wears_admin = True
        return response

    return wraps(view)(guarded)


def for_publishers(view):
    """The same for those who may publish workspaces; for others it is not there."""

    @for_editors
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm("home.publish_draftworkspace"):
            raise Http404("Not for this account.")
        return view(request, *args, **kwargs)

    return wraps(view)(guarded)


def visible_workspace(request, uuid) -> DraftWorkspace:
    """The workspace of an address, if the user may see it.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    visible = DraftWorkspace.objects.visible_to(request.user)
    workspace = visible.filter(uuid=uuid).select_related("owner").first()
    if workspace is None:
        raise Http404("No such workspace.")
    return workspace


def own_workspace(request, uuid) -> DraftWorkspace:
    """The same, for what only its owner may do."""
    workspace = visible_workspace(request, uuid)
    if workspace.owner_id != request.user.pk:
        raise Http404("No workspace of yours.")
    return workspace
