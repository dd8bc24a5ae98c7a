from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import (
    BooleanColumn,
    Column,
    LiveStatusTagColumn,
    UpdatedAtColumn,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from home.editing import mounting
from home.editing.viewsets import BlocksInWorkspace
from home.models import LayoutBlock

mounting.mount()


@register_snippet
class LayoutBlockViewSet(BlocksInWorkspace, SnippetViewSet):
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
