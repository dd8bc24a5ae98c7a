"""The content security policy: strict in the shop, looser in the admin."""

from csp.constants import HEADER, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware

# Wagtail's admin still writes inline scripts and styles; the storefront never does.
ADMIN_SOURCES = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}


class ContentSecurityPolicy(CSPMiddleware):
    """Strict everywhere; inline code is allowed in the admin and its look alone. A page
    that was kept brings the policy it was made under: to write one takes as long as
    all else that is done for such a page."""

    def process_response(self, request, response):
        if HEADER in response:
            return response
        wears_admin = getattr(response, "wears_admin", False)
        if wears_admin or request.path.startswith("/admin/"):
            response._csp_update = ADMIN_SOURCES
        return super().process_response(request, response)
