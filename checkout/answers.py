"""How the doors of this room answer."""

from functools import wraps

from django.http import HttpResponseRedirect
from django.urls import reverse


class SeeOther(HttpResponseRedirect):
    """After a post: fetch that page, and never post again on the way."""

    status_code = 303


def form_of_the_cart(view):
    """A form's own address, opened without the form, leads to the cart."""

    @wraps(view)
    def posted(request, *args, **kwargs):
        if request.method == "POST":
            return view(request, *args, **kwargs)
        return SeeOther(reverse("checkout:cart"))

    return posted
