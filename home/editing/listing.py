"""The page explorer inside a workspace: which pages it changes, and which it adds."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables.pages import PageStatusColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView

from home.drafts.items import page_item
from home.editing.workspace import entered, entries
from home.models import WorkspacePage


class WorkspaceStatusColumn(PageStatusColumn):
    """Wagtail's status, and what the open workspace does with the page."""

    cell_template_name = "home/editing/status_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        entry = entries(request).get(instance.pk)
        if entry:
            context["change"] = page_item(entry).change.label
            context["workspace"] = entered(request)
        return context


STATUS = WorkspaceStatusColumn(
    "status", label=gettext_lazy("Status"), sort_key="live", width="12%"
)


class WorkspaceIndexView(ExplorableIndexView):
    template_name = "home/editing/explorer.html"

    @cached_property
    def explorable_columns(self):
        columns = super().explorable_columns
        return [STATUS if column.name == STATUS.name else column for column in columns]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"ws_notices": self.new_pages()}

    def new_pages(self) -> list[dict]:
        """A notice for each page that the workspace adds beneath the shown one."""
        workspace = entered(self.request)
        made = workspace.pages.filter(
            kind=WorkspacePage.Kind.CREATE, parent=self.parent_page
        )
        text = _("Only in the workspace “%s”:") % workspace
        return [
            {"text": text, "url": page_item(entry).edit_url, "label": entry.title}
            for entry in made.select_related("content_type").defer("content")
        ]
