"""Find out through which eyes a request looks, and keep what it sees to itself."""

from django.shortcuts import render
from django.utils import timezone

from home.drafts import preview, viewing

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
            return self.get_response(request)
        if request.method not in SAFE and not request.path.startswith(OPEN_TO_DRAFTS):
            return keep_private(_refuse(request))
        response = self.get_response(request)
        _remember(request, response)
        return keep_private(response)


def _refuse(request):
    """Nothing is bought, sent or counted from inside a draft."""
    return render(request, "home/draft_refused.html", status=409)


def _remember(request, response) -> None:
    is_reviewer = request.draft.link is not None
    if is_reviewer or getattr(request, "is_dummy", False) or request.method != "GET":
        return
    # 404 too: that a page is gone is something to be seen.
    if response.status_code in (200, 404):
        preview.remember(request.draft, now=timezone.now())


def keep_private(response):
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
