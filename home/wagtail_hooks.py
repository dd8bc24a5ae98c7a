from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import (
    BooleanColumn,
    Column,
    LiveStatusTagColumn,
    UpdatedAtColumn,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from home.drafts import history
from home.drafts.panels import WorkspacesPanel
from home.models import LayoutBlock


@hooks.register("register_log_actions")
def log_workspaces(actions):
    history.register(actions)


@hooks.register("construct_homepage_panels")
def show_workspaces(request, panels):
    if request.user.has_perm("home.view_draftworkspace"):
        panels.append(WorkspacesPanel(request.user))


@register_snippet
class LayoutBlockViewSet(SnippetViewSet):
    """Announcement, menu, footer and their like, in the order of their places."""

    model = LayoutBlock
    icon = "grip"
    menu_label = _("Layout")
    menu_name = "layout"
    menu_order = 150
    add_to_admin_menu = True
    list_display = [
        "title",
        Column(
            "position",
            accessor="get_position_display",
            label=_("Place"),
            sort_key="position",
        ),
        "sort_order",
        BooleanColumn("is_active", label=_("Switched on")),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    list_filter = ["position", "is_active", "live"]
    ordering = ["position", "sort_order", "pk"]
    copy_view_enabled = False
