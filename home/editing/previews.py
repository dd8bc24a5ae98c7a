"""Previews inside a workspace: the form's content, looked at through that workspace.

Without one, Wagtail's own previews run and look through none. What a form has posted
for its preview is kept apart by workspace, so a stock preview never shows it.
"""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from wagtail.admin.views.pages.preview import (
    PreviewOnCreateView,
    PreviewOnEditView,
    ViewDraftView,
)
from wagtail.models import Page

from home.drafts.viewing import Viewing
from home.editing.contents import page_as_edited
from home.editing.workspace import entered, entry_of


def through_workspace(request) -> dict:
    """Attributes of the made-up request that renders a preview."""
    return {"draft": Viewing(workspace=entered(request), user=request.user)}


class WorkspacePreview:
    """Where a preview's form is kept, and what it looks through."""

    def setup(self, request, *args, **kwargs):
        self.parent_object_id = f"ws:{entered(request).pk}"
        super().setup(request, *args, **kwargs)

    def get_extra_request_attrs(self):
        return super().get_extra_request_attrs() | through_workspace(self.request)


class PreviewWorkspacePage(WorkspacePreview, PreviewOnEditView):
    def get_object(self):
        return page_for(self.request, self.kwargs["page_id"])


class PreviewNewPage(WorkspacePreview, PreviewOnCreateView):
    def get_object(self):
        # Wagtail finds the parent by the name under which it then keeps the form.
        kept_as = f"{self.parent_object_id}:{self.kwargs['parent_page_id']}"
        self.parent_object_id = self.kwargs["parent_page_id"]
        page = super().get_object()
        self.parent_object_id = kept_as
        return page


class ViewWorkspaceDraft(ViewDraftView):
    """“View draft” shows the workspace's copy."""

    def dispatch(self, request, page_id, *args, **kwargs):
        page = page_for(request, page_id)
        if not page.is_previewable():
            raise PermissionDenied
        mode = request.GET.get("mode", page.default_preview_mode)
        return page.make_preview_request(request, mode, through_workspace(request))


def page_for(request, page_id: int) -> Page:
    """The page as the request's workspace has it.

    Raises:
        PermissionDenied: the user may not edit it.
    """
    row = get_object_or_404(Page.objects.select_related("latest_revision"), pk=page_id)
    page = page_as_edited(row, entry_of(entered(request), row))
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page
