"""Find out through which eyes a request looks, and keep what it sees to itself."""

from django.shortcuts import render
from django.utils import timezone

from home import storefront
from home.drafts import preview, share, viewing

# Where a draft may be worked on while it is being looked at.
OPEN_TO_DRAFTS = ("/drafts/", "/appearance/", "/announcement/")
SAFE = {"GET", "HEAD", "OPTIONS"}


class DraftMiddleware:
    """``request.draft``: a ``Viewing``, or None for visitors.

    Wagtail's previews make a request of their own that carries the editor's cookies:
    such a request shows a workspace only when the preview says which.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not getattr(request, "is_dummy", False):
            # The admin asks for itself: its editors save what they read.
            in_shop = not request.path.startswith("/admin/")
            request.draft = viewing.find(request) if in_shop else None
        elif not hasattr(request, "draft"):
            request.draft = None
        if request.draft is None:
            return self._forget_ended_review(request, self.get_response(request))
        if request.method not in SAFE and not request.path.startswith(OPEN_TO_DRAFTS):
            return keep_private(_refuse(request))
        if request.method == "GET" and not request.path.startswith("/drafts/"):
            # It knows the site, which Wagtail would ask the database for.
            storefront.for_request(request)
        response = self.get_response(request)
        _remember(request, response)
        return keep_private(response)

    @staticmethod
    def _forget_ended_review(request, response):
        """A link that has ended leaves no cookie that keeps pages out of caches."""
        in_shop = not request.path.startswith(("/admin/", "/drafts/"))
        if in_shop and viewing.REVIEW_COOKIE in request.COOKIES:
            response.delete_cookie(viewing.REVIEW_COOKIE, samesite="Lax")
        return response


def _refuse(request):
    """Nothing is bought, sent or counted from inside a draft."""
    return render(request, "home/draft_refused.html", status=409)


def _remember(request, response) -> None:
    # 404 too: that a page is gone is something to be seen.
    is_look = request.method == "GET" and response.status_code in (200, 404)
    if not is_look or getattr(request, "is_dummy", False):
        return
    if request.draft.link:
        share.note_visit(request.draft.link, request.path, now=timezone.now())
    else:
        preview.remember(request, response, now=timezone.now())


def keep_private(response):
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
