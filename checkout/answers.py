"""How the doors of this room answer."""

from functools import wraps

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control


class SeeOther(HttpResponseRedirect):
    """After a post: fetch that page, and never post again on the way."""

    status_code = 303


def private(view):
    """Pages of one shopper: stored nowhere, listed nowhere."""

    @wraps(view)
    def kept_private(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex"
        return response

    return kept_private


def form_of_the_cart(view):
    """A form's own address, opened without the form, leads to the cart."""

    @wraps(view)
    def posted(request, *args, **kwargs):
        if request.method == "POST":
            return view(request, *args, **kwargs)
        return SeeOther(reverse("checkout:cart"))

    return posted
