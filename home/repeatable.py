"""Posts that may come twice: sent again they change nothing more."""

from django.http import HttpRequest

from home.same_origin import SAFE


def repeatable(view):
    """Mark a view that may be given the same post again, by the shop itself, when the
    connection to the database was lost on the way: even if the first was committed, the
    second finds what the first has done, and answers as if it had done it."""
    view.is_repeatable = True
    return view


def is_repeatable(request: HttpRequest) -> bool:
    """Whether a request that has reached its view may be answered twice."""
    if request.method in SAFE:
        return True
    match = request.resolver_match
    return match is not None and getattr(match.func, "is_repeatable", False)
