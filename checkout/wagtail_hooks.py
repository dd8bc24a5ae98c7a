from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from checkout.office.orders import OrdersGroup
from checkout.office.stuck import StuckPaymentsPanel
from checkout.office.terms import TermsGroup
from checkout.office.today import TodayPanel

modeladmin_register(OrdersGroup)


@hooks.register("register_admin_viewset")
def open_terms():
    return TermsGroup()


@hooks.register("construct_homepage_panels")
def show_today(request, panels):
    if request.user.has_perm("checkout.view_order"):
        panels += [TodayPanel(), StuckPaymentsPanel()]
