"""Ledgers: what can be looked at, searched and exported, and never changed."""

from collections.abc import Sequence

from django.contrib.admin.utils import lookup_field
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from home.spreadsheets import HarmlessExport


class ReadOnly(PermissionHelper):
    """Looking needs the permission to view; nothing else is open to anyone."""

    def user_can_list(self, user):
        return self.user_has_specific_permission(user, self.get_perm_codename("view"))

    def user_can_inspect_obj(self, user, obj):
        return self.inspect_view_enabled and self.user_can_list(user)

    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False

    def user_can_delete_obj(self, user, obj):
        return False


class PlainRows:
    """An export in which what is empty is empty and nothing is 0. Modeladmin's own
    writes a dash for both, as for eyes."""

    def to_row_dict(self, item):
        return {
            field: lookup_field(field, item, self.model_admin)[2]
            for field in self.list_export
        }


class RecordIndexView(HarmlessExport, PlainRows, IndexView):
    """A list that is filtered by the filters it offers and by no other word of the
    address: one could ask for a password's hash, letter by letter."""

    def get_filters(self, request):
        specs, has_filters, _unasked, is_distinct = super().get_filters(request)
        return specs, has_filters, {}, is_distinct


class RecordAdmin(ModelAdmin):
    """A ledger's page in the admin. ``whole_columns`` of its list never wrap."""

    whole_columns: Sequence[str] = ()

    permission_helper_class = ReadOnly
    index_view_class = RecordIndexView
    index_view_extra_css = ["home/records.css"]
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50

    def get_extra_class_names_for_field_col(self, obj, field_name):
        """Short columns stay whole: a table squeezed by its filters would break words
        in the middle."""
        return ["w-whitespace-nowrap"] if field_name in self.whole_columns else []


def moment(value) -> str:
    """A time, short enough for a column: 22 Nov 2026, 17:27."""
    return date_format(localtime(value), "j M Y, H:i")
