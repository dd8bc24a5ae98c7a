from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import (
    BooleanColumn,
    Column,
    LiveStatusTagColumn,
    UpdatedAtColumn,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_modeladmin.options import modeladmin_register

from home.blocks.faults import faults
from home.models import LayoutBlock
from home.newsletter.office import NewsletterSubscriberAdmin
from home.rich_text import LoadedPageLinks, LoadedPictures

modeladmin_register(NewsletterSubscriberAdmin)


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


@hooks.register("register_rich_text_features", order=100)
def load_with_the_page(features):
    """In place of Wagtail's own handlers, which ask for the objects of each text."""
    features.register_link_type(LoadedPageLinks)
    features.register_embed_type(LoadedPictures)


@hooks.register("before_edit_page")
def tell_of_faults(request, page):
    """Say which blocks shoppers do not see, and why."""
    _tell_of_faults(request, page, "body")


@hooks.register("before_edit_snippet")
def tell_of_faults_in_layout(request, instance):
    if isinstance(instance, LayoutBlock):
        _tell_of_faults(request, instance, "content")


def _tell_of_faults(request, edited, field: str) -> None:
    if request.method != "GET" or not hasattr(edited, field):
        return
    latest = edited.get_latest_revision_as_object()
    if found := faults(getattr(latest, field)):
        told = gettext("Shoppers do not see everything: %(faults)s")
        messages.warning(request, told % {"faults": " ".join(found)})
