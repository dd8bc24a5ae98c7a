"""Taking something away inside a workspace, where Wagtail would do it at once."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.models import Page

from home.drafts import edit
from home.drafts.errors import WorkspaceClosed
from home.drafts.items import block_item
from home.editing import refusals
from home.editing.contents import find_block
from home.editing.workspace import entered, token
from home.models import LayoutBlock
from home.same_origin import next_path


class Removal(View):
    """Asks, and stages. Works without script, like Wagtail's own confirmation."""

    def get(self, request, *args, **kwargs):
        context = self.words() | {"ws_token": token(request), "back": self.back}
        return render(request, "home/editing/confirm.html", context)

    def post(self, request, *args, **kwargs):
        try:
            self.stage(entered(request), timezone.now())
        except WorkspaceClosed:
            return refusals.closed(request)
        messages.success(request, self.words()["done"])
        return redirect(self.back)


class TakeOffPage(Removal):
    """The page leaves the site when the workspace is published, not before."""

    def setup(self, request, page_id, *args, **kwargs):
        super().setup(request, page_id, *args, **kwargs)
        self.page = get_object_or_404(Page, pk=page_id)

    def dispatch(self, request, *args, **kwargs):
        may = self.page.permissions_for_user(request.user)
        if not (self.page.live and may.can_edit()) or self.page.is_root():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def back(self) -> str:
        parent = reverse("wagtailadmin_explore", args=[self.page.get_parent().pk])
        return next_path(self.request, parent)

    def words(self) -> dict:
        names = {"thing": self.page.title, "workspace": entered(self.request)}
        return {
            "title": _("Take “%(thing)s” off the site?") % names,
            "text": _(
                "Only in the workspace “%(workspace)s” for now. Visitors lose the page "
                "when the workspace is published; until then you can bring it back."
            )
            % names,
            "label": _("Take off the site in this workspace"),
            "done": _("“%(thing)s” is off the site in “%(workspace)s”.") % names,
        }

    def stage(self, workspace, now) -> None:
        edit.unpublish_page(workspace, self.page, now=now)


class RemoveBlock(PermissionCheckedMixin, Removal):
    """A published block is removed when the workspace is published; one that exists in
    the workspace only goes at once."""

    model = LayoutBlock
    any_permission_required = ["change", "delete"]

    def setup(self, request, pk, *args, **kwargs):
        super().setup(request, pk, *args, **kwargs)
        self.block, self.copy = find_block(entered(request), pk)

    @property
    def back(self) -> str:
        return next_path(self.request, reverse("wagtailsnippets_home_layoutblock:list"))

    def words(self) -> dict:
        names = {"thing": self.block.title, "workspace": entered(self.request)}
        later = _(
            "Only in the workspace “%(workspace)s” for now. The block goes when the "
            "workspace is published; until then you can bring it back."
        )
        gone = _("It exists in the workspace “%(workspace)s” only, and is lost.")
        return {
            "title": _("Remove “%(thing)s”?") % names,
            "text": (gone if self.block.is_draft() else later) % names,
            "label": _("Remove in this workspace"),
            "done": _("“%(thing)s” is removed in “%(workspace)s”.") % names,
        }

    def stage(self, workspace, now) -> None:
        if self.block.is_draft():
            edit.forget(workspace, block_item(self.block), now=now)
        else:
            edit.change_block(workspace, self.block, now=now, draft_deleted=True)
