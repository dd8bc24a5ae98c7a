"""Making a page inside a workspace: it exists for nobody else until it is published."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from wagtail.admin.views.pages.create import CreateView
from wagtail.models import Page

from home.drafts import edit
from home.drafts.content import page_digest
from home.drafts.errors import Stale
from home.drafts.overlay import Overlay
from home.editing import marks, refusals
from home.editing.marks import same_or_raise
from home.editing.pages import PageForm
from home.editing.workspace import new_page_entry
from home.models import WorkspacePage


class WorkspaceCreateView(PageForm, CreateView):
    """Wagtail's form for a new page. What it saves is an entry of the workspace, which
    ``ws_entry`` names in the address and in the form."""

    template_name = marks.TEMPLATE
    extends = "wagtailadmin/pages/create.html"

    @property
    def above(self) -> Page:
        return self.parent_page

    def get(self, request):
        name = request.GET.get("ws_entry")
        if name is None:
            place(self.page, self.parent_page)
            return super().get(request)
        self.entry = self._find(name)
        if self.entry is None:
            return refusals.elsewhere(request)
        self._show(self.entry)
        self.form = self.form_class(
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent_page,
            for_user=request.user,
        )
        self.has_unsaved_changes = False
        return self.render_to_response(self.get_context_data())

    def post(self, request):
        name = self._name()
        self.entry = self._find(name) if name else None
        if self.entry:
            self._show(self.entry)
        else:
            place(self.page, self.parent_page)
        return super().post(request)

    def _name(self) -> str:
        return self.request.POST.get("ws_entry") or self.request.GET.get("ws_entry", "")

    def _find(self, name: str) -> WorkspacePage | None:
        entry = new_page_entry(self.workspace, name)
        kind = self.page_content_type.pk
        is_here = entry and entry.parent_id == self.parent_page.pk
        if entry and not (is_here and entry.content_type_id == kind):
            raise Http404("The page is to stand elsewhere.")
        return entry

    def _show(self, entry: WorkspacePage) -> None:
        overlay = Overlay([self.workspace], now=timezone.now())
        self.page = overlay.new_page(entry, self.parent_page)
        self.page.owner = self.request.user

    def marks(self):
        name = str(self.entry.uuid) if self.entry else self._name()
        return super().marks() | {"ws_entry": name}

    def keep(self, content, now):
        is_gone = self._name() and self.entry is None
        try:
            if is_gone and self.replaced_version != 0:
                raise Stale(0)
            return edit.save_new_page(
                self.workspace,
                self.parent_page,
                self.page,
                uuid=self.entry.uuid if self.entry else None,
                version=self.replaced_version,
                now=now,
            )
        except Stale:
            entry = self.entry and self._find(str(self.entry.uuid))
            return same_or_raise(entry, page_digest(content, WorkspacePage.Kind.CREATE))

    def success(self, entry):
        """The address changes to the entry's, which a reload brings back."""
        answer = super().success(entry)
        answer["field_updates"]["ws_entry"] = str(entry.uuid)
        return answer | {"url": self.get_edit_url()}

    def get_page_subtitle(self):
        return self.page.title or super(PageForm, self).get_page_subtitle()

    def get_edit_url(self):
        kind = self.page_content_type
        arguments = [kind.app_label, kind.model, self.parent_page.pk]
        address = reverse("wagtailadmin_pages:add", args=arguments)
        return f"{address}?{urlencode({'ws_entry': self.entry.uuid})}"

    def redirect_and_remain(self):
        further = f"&{urlencode({'next': self.next_url})}" if self.next_url else ""
        return redirect(self.get_edit_url() + further)


def place(page: Page, parent: Page) -> None:
    """A place beneath the parent that is nobody's, as Wagtail's preview of a new page
    takes one: slugs are made and compared there, and nothing is written."""
    page.depth = parent.depth + 1
    page.path = Page._get_children_path_interval(parent.path)[1]
    page._cached_parent_obj = parent
