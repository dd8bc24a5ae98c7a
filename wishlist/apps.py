from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WishlistConfig(AppConfig):
    name = "wishlist"
    verbose_name = _("Wishlist")

    def ready(self):
        from wishlist import session_list

        session_list.connect()
