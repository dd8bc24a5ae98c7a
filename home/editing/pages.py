"""The page editor inside a workspace."""

from django.db import IntegrityError
from django.db.models import Q
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel, PreviewSidePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

from home.drafts import edit
from home.drafts.content import page_content, page_digest
from home.drafts.errors import Stale, WorkspaceClosed
from home.drafts.items import page_url
from home.editing import marks, notices
from home.editing.contents import page_as_edited
from home.editing.marks import InWorkspace, PanelsForWorkspace, same_or_raise
from home.editing.workspace import entry_of
from home.models import DraftWorkspace, WorkspacePage


class PageForm(InWorkspace, PanelsForWorkspace):
    """What editing a page and making one have in common."""

    entry: WorkspacePage | None = None
    is_cancelling_workflow = False
    form_id = "page-edit-form"

    @property
    def kept_version(self) -> int:
        return self.entry.version if self.entry else 0

    @property
    def action_name_and_method(self):
        """Whatever was pressed or forged, it is a save: here is nothing to publish, to
        submit or to approve."""
        return "save", self.save_action

    def get_page_subtitle(self):
        return self.page.title

    def get_side_panels(self):
        """Preview and checks; the status panel acts on the published page."""
        if self.expects_json_response or not self.page.is_previewable():
            return MediaContainer([])
        preview = PreviewSidePanel(
            self.page, self.request, preview_url=self.get_preview_url()
        )
        return MediaContainer([preview, ChecksSidePanel(self.page, self.request)])

    @property
    def see_url(self) -> str:
        return page_url(self.entry) if self.entry else self.page.url or "/"

    def form_valid(self, form):
        if slug_is_taken(self.workspace, self.above, form.instance.slug, self.entry):
            return self.refuse_slug()
        try:
            return super().form_valid(form)
        except IntegrityError:
            # Another window has given it to another new page in this moment.
            return self.refuse_slug()

    def refuse_slug(self):
        field = "slug" if "slug" in self.form.fields else None
        text = _("Another page of this workspace has this slug already.")
        self.form.add_error(field, text)
        self.form.restore_required_fields()
        return self.form_invalid(self.form)

    def save_action(self):
        self.page = self.form.save(commit=False)
        now = timezone.now()
        try:
            self.entry = self.keep(page_content(self.page), now)
        except (Stale, WorkspaceClosed) as error:
            return self.refuse(error)
        self.was_saved(now)
        if self.expects_json_response:
            return JsonResponse(self.success(self.entry))
        self.add_save_confirmation_message()
        return self.redirect_and_remain()

    def keep(self, content: dict, now) -> WorkspacePage:
        raise NotImplementedError

    def success(self, entry: WorkspacePage) -> dict:
        """As Wagtail answers autosave, without a revision: there is none."""
        updates = dict(self.form.get_field_updates_for_resave())
        return {
            "success": True,
            "pk": self.page.pk,
            "field_updates": updates | {"ws_version": str(entry.version)},
            "comments": self.form.serialize_comments(self.request.user),
        }

    def add_save_confirmation_message(self):
        names = {"page": self.page.title, "workspace": self.workspace}
        see = messages.button(self.see_url or "/", _("See it on the storefront"))
        text = _("“%(page)s” is saved in the workspace “%(workspace)s”.") % names
        messages.success(self.request, text, buttons=[see])


class WorkspaceEditView(PageForm, EditView):
    """Reads the workspace's copy of a page, else the published page, and saves the
    copy. The page, its revisions and its log stay as they are."""

    extends = "wagtailadmin/pages/edit.html"
    # Wagtail's own answer to "is it stale?" is about revisions.
    is_out_of_date = False

    def get_template_names(self):
        if self.page.alias_of_id:
            return super().get_template_names()
        return [marks.TEMPLATE]

    def get_object(self):
        row = self.real_page_record
        self.entry = entry_of(self.workspace, row)
        self.base = page_digest(page_content(row.specific))
        return page_as_edited(row, self.entry)

    @property
    def above(self) -> Page:
        return self.parent

    def notices(self):
        return notices.of_page(self.real_page_record, self.entry, self.base)

    def keep(self, content, now):
        row = self.real_page_record
        try:
            return edit.save_page(
                self.workspace,
                row,
                content,
                version=self.replaced_version,
                base_digest=self.seen_base,
                now=now,
            )
        except Stale:
            entry = entry_of(self.workspace, row)
            return same_or_raise(entry, page_digest(content))

    def success(self, entry):
        return super().success(entry) | {"html": self.render_partials()}

    def get_edit_url(self):
        return reverse("wagtailadmin_pages:edit", args=[self.real_page_record.pk])


def slug_is_taken(
    workspace: DraftWorkspace, parent: Page | None, slug: str, own: WorkspacePage | None
) -> bool:
    """Whether another page of the workspace answers to the slug under the parent."""
    if parent is None:
        return False
    beside = Q(parent=parent) | Q(
        page__path__startswith=parent.path, page__depth=parent.depth + 1
    )
    others = workspace.pages.filter(beside, draft_slug=slug)
    others = others.exclude(pk=own.pk) if own else others
    return others.filter(kind__in=["create", "change"]).exists()
