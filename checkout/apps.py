from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckoutConfig(AppConfig):
    name = "checkout"
    verbose_name = _("Checkout")

    def ready(self):
        from django.contrib.auth.signals import user_logged_in

        from checkout.customers import claiming
        from checkout.merging import merge_at_login

        claiming.connect()
        # Django's own word for it, whichever door the shopper comes in by.
        user_logged_in.connect(merge_at_login, dispatch_uid="checkout.merge_at_login")
