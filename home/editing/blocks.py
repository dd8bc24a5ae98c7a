"""The editor of layout blocks inside a workspace."""

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel, PreviewSidePanel
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    PreviewOnCreateView,
    PreviewOnEditView,
)

from home.drafts import edit
from home.drafts.content import block_digest
from home.drafts.errors import Stale, WorkspaceClosed
from home.drafts.items import block_item
from home.editing import marks, notices
from home.editing.contents import block_as_edited, find_block
from home.editing.marks import InWorkspace, same_or_raise
from home.editing.panels import for_workspace
from home.editing.previews import WorkspacePreview
from home.editing.workspace import entered
from home.models import LayoutBlock


class BlockForm(InWorkspace):
    """What editing a block and making one have in common."""

    copy: LayoutBlock | None = None
    form_id = "w-editor-form"
    # Wagtail's own revisions, which have no part in this.
    latest_revision = None
    latest_revision_created_at = None
    new_revision = None
    is_out_of_date = False

    @property
    def kept_version(self) -> int:
        return self.copy.draft_version if self.copy else 0

    def get_template_names(self):
        return [marks.TEMPLATE]

    def get_available_actions(self):
        """Whatever was pressed or forged, it is a save."""
        return list(self.actions)

    def get_panel(self):
        return for_workspace(self.panel)

    @cached_property
    def _form_class(self):
        return self.panel.get_form_class()

    def get_form_class(self):
        return self._form_class

    def get_side_panels(self):
        block = self.form.instance
        if self.expects_json_response or not block.is_previewable():
            return MediaContainer([])
        preview = PreviewSidePanel(
            block, self.request, preview_url=self.get_preview_url()
        )
        return MediaContainer([preview, ChecksSidePanel(block, self.request)])

    @property
    def see_url(self) -> str:
        return block_item(self.copy).view_url if self.copy else "/"

    def save_instance(self):
        now = timezone.now()
        self.copy = self.keep(self.form.save(commit=False), now)
        self.was_saved(now)
        return self.saved_as

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except (Stale, WorkspaceClosed) as error:
            return self.refuse(error)

    def run_after_hook(self):
        """Nothing: the hooks are told of blocks that were saved for everybody."""

    def get_success_json(self):
        answer = super().get_success_json()
        # It would fetch the panels of an editor of something published.
        answer.pop("hydrate_url", None)
        answer["field_updates"]["ws_version"] = str(self.copy.draft_version)
        return answer

    def get_success_message(self, instance=None):
        names = {"block": self.copy.title, "workspace": self.workspace}
        return _("“%(block)s” is saved in the workspace “%(workspace)s”.") % names

    def get_success_buttons(self):
        return [(self.see_url, _("See it on the storefront"), False)]


class WorkspaceEditBlockView(BlockForm, EditView):
    """Reads and saves the workspace's working copy. The published block keeps its
    address, its permissions and its locks, and lends them to the copy."""

    extends = "wagtailsnippets/snippets/edit.html"

    def get_object(self, queryset=None):
        block, self.copy = find_block(entered(self.request), self.object_pk)
        self.live_object = block
        self.base = "" if block.is_draft() else block_digest(block)
        return block_as_edited(block, self.copy)

    def notices(self):
        return notices.of_block(self.live_object, self.copy)

    def keep(self, filled: LayoutBlock, now) -> LayoutBlock:
        self.saved_as = filled
        try:
            return edit.save_block(
                self.workspace,
                self.live_object,
                filled,
                version=self.replaced_version,
                base_digest=self.seen_base,
                now=now,
            )
        except Stale:
            kept = find_block(self.workspace, str(self.live_object.pk))[1]
            return same_or_raise(kept, block_digest(filled))

    def get_page_subtitle(self):
        return self.object.title


class WorkspaceCreateBlockView(BlockForm, CreateView):
    """The row is the workspace's alone; the form goes on at the row's own address."""

    extends = "wagtailsnippets/snippets/create.html"

    def keep(self, filled: LayoutBlock, now) -> LayoutBlock:
        self.saved_as = edit.add_block(self.workspace, filled, now=now)
        return self.saved_as

    def get_edit_url(self):
        return reverse(self.edit_url_name, args=[quote(self.copy.pk)])


class PreviewWorkspaceBlock(WorkspacePreview, PreviewOnEditView):
    def get_object(self):
        workspace = entered(self.request)
        block, copy = find_block(workspace, self.kwargs["pk"])
        if not self.user_has_permission_for_instance(self.permission_required, block):
            raise PermissionDenied
        return block_as_edited(block, copy)


class PreviewNewBlock(WorkspacePreview, PreviewOnCreateView):
    pass
