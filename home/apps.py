from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Pages and layout")

    def ready(self):
        from home import watch
        from home.editing import checks  # noqa: F401

        watch.connect()
