"""The newsletter's addresses in the admin: listed, searched, exported, and erased for
those who ask for it. Nobody types one in: only its owner can agree."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from home.models.newsletter import NewsletterSubscriber
from home.records import ReadOnly, RecordAdmin, moment


class Erasable(ReadOnly):
    def user_can_delete_obj(self, user, obj):
        codename = self.get_perm_codename("delete")
        return self.user_has_specific_permission(user, codename)


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("subscribed", _("subscribed")), ("outside", _("not subscribed"))]

    def queryset(self, request, queryset):
        if self.value() == "subscribed":
            return queryset.subscribed()
        return queryset.outside() if self.value() == "outside" else queryset


class NewsletterSubscriberAdmin(RecordAdmin):
    model = NewsletterSubscriber
    base_url_path = "newsletter"
    menu_icon = "mail"
    menu_label = _("Newsletter")
    menu_order = 220
    permission_helper_class = Erasable
    list_display = ["email", "audience", "state", "asked"]
    list_filter = [StateFilter, "audience"]
    list_export = [
        "email",
        "audience",
        "state",
        "consent",
        "consent_at",
        "confirmed_at",
        "left_at",
    ]
    inspect_view_fields = [
        "email",
        "audience",
        "consent",
        "consent_at",
        "confirmed_at",
        "left_at",
    ]
    search_fields = ["email"]
    export_filename = "newsletter"

    @staticmethod
    @admin.display(description=_("first asked"), ordering="created_at")
    def asked(subscriber: NewsletterSubscriber) -> str:
        return moment(subscriber.created_at)
