from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from wishlist.office import PERMISSION, WishedForView


class WishedForMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISSION)


@hooks.register("register_reports_menu_item")
def list_wished_for():
    return WishedForMenuItem(
        _("Wished for"),
        reverse("wishlist_wished_for"),
        name="wished-for",
        icon_name="pick",
        order=900,
    )


@hooks.register("register_admin_urls")
def open_wished_for():
    view = WishedForView
    return [
        path("reports/wished-for/", view.as_view(), name="wishlist_wished_for"),
        path(
            "reports/wished-for/results/",
            view.as_view(results_only=True),
            name="wishlist_wished_for_results",
        ),
    ]
