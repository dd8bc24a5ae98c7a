"""How the doors of this room answer."""

from functools import wraps

from django.utils.cache import patch_cache_control


def private(view):
    """Pages of one person: stored nowhere, listed nowhere."""

    @wraps(view)
    def kept_private(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex"
        return response

    return kept_private
