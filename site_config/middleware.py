"""The content security policy: strict in the shop, looser in the admin."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware

# Wagtail's admin still writes inline scripts and styles; the storefront never does.
ADMIN_SOURCES = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}


class ContentSecurityPolicy(CSPMiddleware):
    """Strict everywhere; inline code is allowed in the admin and its look alone."""

    def process_response(self, request, response):
        wears_admin = getattr(response, "wears_admin", False)
        if wears_admin or request.path.startswith("/admin/"):
            response._csp_update = ADMIN_SOURCES
        return super().process_response(request, response)
