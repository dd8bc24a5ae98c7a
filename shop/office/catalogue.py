"""What products are sorted by: categories, brands, attributes."""

from django.db.models import Count
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from shop.models import Attribute, AttributeValue, Brand, Category
from shop.office.sorting import merge, merge_url, values
from shop.uses import uses


class SortingIndexView(IndexView):
    """The list, with the way to merge each into another."""

    def get_list_more_buttons(self, instance):
        words = _("Values in use") if self.model is Attribute else _("Merge")
        button = Button(
            words, url=merge_url(instance), icon_name="resubmit", priority=25
        )
        return [*super().get_list_more_buttons(instance), button]


class SortingViewSet(SnippetViewSet):
    index_view_class = SortingIndexView
    copy_view_enabled = False

    def get_urlpatterns(self):
        more = path("merge/<int:pk>/", merge, {"model": self.model}, name="merge")
        return [*super().get_urlpatterns(), more]


class CategoryViewSet(SortingViewSet):
    model = Category
    icon = "folder-open-inverse"
    list_display = [
        "name",
        Column("url_path", label=_("Address"), sort_key="url_path"),
        Column("pieces", label=_("Products"), sort_key="pieces"),
        "position",
    ]
    list_filter = ["depth"]
    ordering = ["url_path"]
    list_per_page = 100

    def get_queryset(self, request):
        return Category.objects.annotate(pieces=Count("products"))


class BrandViewSet(SortingViewSet):
    model = Brand
    icon = "group"
    list_display = [
        "name",
        "origin",
        Column("pieces", label=_("Products"), sort_key="pieces"),
    ]
    ordering = ["name"]

    def get_queryset(self, request):
        return Brand.objects.annotate(pieces=Count("products"))


class AttributeForm(WagtailAdminModelForm):
    """Takes no value away that is used."""

    def clean(self):
        cleaned = super().clean()
        for form in self.formsets["values"].deleted_forms:
            value = form.instance
            if value.pk and (found := uses(value)):
                where = ", ".join(f"{use.words}: {use.count}" for use in found)
                said = _now("%(value)s is used (%(where)s). Merge it into another.")
                self.add_error(None, said % {"value": value, "where": where})
        return cleaned


class AttributeViewSet(SortingViewSet):
    model = Attribute
    icon = "list-ul"
    menu_label = _("Attributes")
    list_display = [
        "name",
        "code",
        Column("kind", accessor="get_kind_display", label=_("Kind"), sort_key="kind"),
        BooleanColumn("is_filterable", label=_("Filter")),
        BooleanColumn("is_option", label=_("Option")),
        "position",
    ]
    ordering = ["position", "pk"]
    edit_handler = ObjectList(Attribute.panels, base_form_class=AttributeForm)

    def get_urlpatterns(self):
        kind = {"model": AttributeValue}
        return [
            *SnippetViewSet.get_urlpatterns(self),
            path("values/<int:pk>/", values, name="values"),
            path("values/<int:pk>/merge/", merge, kind, name="merge_value"),
        ]
