"""What products are sorted by: categories, brands, attributes."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet

from shop.models import Attribute, Brand, Category


class CategoryViewSet(SnippetViewSet):
    model = Category
    icon = "folder-open-inverse"
    list_display = ["name", "url_path", "position"]
    list_filter = ["depth"]
    ordering = ["url_path"]
    list_per_page = 100
    copy_view_enabled = False


class BrandViewSet(SnippetViewSet):
    model = Brand
    icon = "group"
    list_display = ["name", "origin"]
    ordering = ["name"]
    copy_view_enabled = False


class AttributeViewSet(SnippetViewSet):
    model = Attribute
    icon = "list-ul"
    menu_label = _("Attributes")
    list_display = [
        "name",
        "code",
        Column("kind", accessor="get_kind_display", label=_("Kind"), sort_key="kind"),
        BooleanColumn("is_filterable", label=_("Filter")),
        BooleanColumn("is_option", label=_("Option")),
    ]
    ordering = ["position", "pk"]
    copy_view_enabled = False
