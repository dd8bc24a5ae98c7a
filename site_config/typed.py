"""What a shopper typed into a form that did not get through, to be sent once more."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError

from home.same_origin import comes_from_here

# Its forms hold files and passwords, and have their own way of keeping what was typed.
NOT_TYPED_BY_SHOPPERS = ("/admin/", "/account/")
MOST_FIELDS = 500


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of a shopper's form, to be sent again at the press of a button."""
    if request.method != "POST" or request.path.startswith(NOT_TYPED_BY_SHOPPERS):
        return []
    try:
        # Another site's words must not become ours.
        if not comes_from_here(request):
            return []
        post, files = request.POST, request.FILES
    except (SuspiciousOperation, UnreadablePostError):
        return []
    fields = [(name, value) for name in post for value in post.getlist(name)]
    is_secret = any("password" in name for name in post)
    return [] if files or is_secret or len(fields) > MOST_FIELDS else fields
