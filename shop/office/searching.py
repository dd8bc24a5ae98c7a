"""What staff tell the search, and what it tells them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from home.records import RecordAdmin
from shop.models import PinnedSearch, Searched, Synonym


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    icon = "link"
    ordering = ["words"]
    copy_view_enabled = False


class PinnedSearchViewSet(SnippetViewSet):
    model = PinnedSearch
    icon = "pick"
    ordering = ["words"]
    copy_view_enabled = False


class FoundFilter(admin.SimpleListFilter):
    title = _("found")
    parameter_name = "found"

    def lookups(self, request, model_admin):
        return [("nothing", _("nothing")), ("something", _("something"))]

    def queryset(self, request, queryset):
        if self.value() == "nothing":
            return queryset.filter(found=0)
        return queryset.filter(found__gt=0) if self.value() else queryset


class SearchedAdmin(RecordAdmin):
    model = Searched
    base_url_path = "searches"
    menu_label = _("Searches")
    menu_icon = "search"
    menu_order = 205
    list_display = ["words", "day", "times", "found"]
    list_filter = [FoundFilter, "day"]
    list_export = ["words", "day", "times", "found"]
    search_fields = ["words"]
    inspect_view_enabled = False
    export_filename = "searches"
