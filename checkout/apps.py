from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckoutConfig(AppConfig):
    name = "checkout"
    verbose_name = _("Checkout")

    def ready(self):
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from checkout.customers import claiming
        from checkout.merging import leave_at_logout, merge_at_login

        claiming.connect()
        # Django's own word for it, whichever door the shopper comes in by.
        user_logged_in.connect(merge_at_login, dispatch_uid="checkout.merge_at_login")
        user_logged_out.connect(leave_at_logout, dispatch_uid="checkout.leave")
