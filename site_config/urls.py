from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from site_config import health
from site_config.api import api

our_login = RedirectView.as_view(url="/account/login/", query_string=True)
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Wagtail's own log-in would let people past their second factor.
    path(
        "admin/login/", RedirectView.as_view(url="/account/login/", query_string=True)
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("api/", api.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("shop.urls")),
    path("", include("checkout.urls")),
    path("", include("wishlist.urls")),
    path("", include("home.urls")),
    path("account/", include("allauth.urls")),
]
if settings.DEMO:
    # Behind a real shop stands nginx or an object store; the demo serves its own media.
    urlpatterns.append(
        re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})
    )
urlpatterns.append(path("", include(wagtail_urls)))

handler400 = "site_config.errors.bad_request"
handler403 = "site_config.errors.forbidden"
handler404 = "site_config.errors.not_found"
handler500 = "site_config.errors.server_error"
