"""One address, two views: Wagtail's own without a workspace, ours with one.

A form says what it was filled for (``ws_token``). When another tab has opened, closed
or changed the workspace meanwhile, the form is refused: otherwise its next autosave
would land in the wrong store half a second later.
"""

from functools import wraps

from django.http import Http404
from django.utils import timezone

from home.drafts import open as opening
from home.editing import refusals
from home.editing.workspace import open_workspace, token
from home.models import DraftWorkspace


def switched(stock: type, ours: type, refuse=refusals.other_mode) -> type:
    """A view class for a viewset: ``stock``, whose view gives way to that of ``ours``.

    ``refuse(request)`` answers a form that was filled for another workspace.
    """

    class Switched(stock):  # type: ignore[misc, valid-type]
        @classmethod
        def as_view(cls, **options):
            if cls is not Switched:
                # Wagtail makes the view of a revert out of the view of an editor.
                return super().as_view(**options)
            known = {name: options[name] for name in options if hasattr(ours, name)}
            return switch(stock.as_view(**options), ours.as_view(**known), refuse)

    return Switched


def switch(stock, ours, refuse=refusals.other_mode):
    @wraps(stock)
    def view(request, *args, **kwargs):
        after = _resume(request) if "ws_resume" in request.POST else None
        if request.method == "POST" and _was_filled_for(request) != token(request):
            return refuse(request)
        if not open_workspace(request) and "ws_entry" in request.GET:
            return refusals.elsewhere(request)
        response = _answer(stock, ours, request, *args, **kwargs)
        return after(response) if after else response

    return view


def _answer(stock, ours, request, *args, **kwargs):
    if not open_workspace(request):
        return stock(request, *args, **kwargs)
    try:
        return ours(request, *args, **kwargs)
    except Http404:
        if request.method != "POST":
            raise
        return refusals.gone(request)


def _was_filled_for(request) -> str:
    return request.POST.get("ws_token", "")


def _resume(request):
    """Go back to what the form was filled for, as its sender asks; returns what is left
    to do with the response. Nothing happens when that workspace is closed by now."""
    name, now = _was_filled_for(request), timezone.now()
    if not name:
        request._open_workspace = None
        return lambda response: _left(request, response)
    mine = DraftWorkspace.objects.of(request.user).filter(state="open")
    workspace = mine.filter(pk=int(name)).first() if name.isdecimal() else None
    if workspace is None:
        return None
    request._open_workspace = workspace
    return lambda response: _entered(request, response, workspace, now)


def _entered(request, response, workspace, now):
    opening.enter(request, response, workspace, now=now)
    return response


def _left(request, response):
    opening.leave(request, response)
    return response


def live_only(stock: type, advice=None) -> type:
    """A view class whose deed changes the live site at once: refused, with advice, as
    long as a workspace is open."""

    class LiveOnly(stock):  # type: ignore[misc, valid-type]
        @classmethod
        def as_view(cls, **options):
            if cls is not LiveOnly:
                return super().as_view(**options)
            return refused_inside(stock.as_view(**options), advice)

    return LiveOnly


def refused_inside(stock, advice=None):
    """The same for a view function."""

    @wraps(stock)
    def view(request, *args, **kwargs):
        if open_workspace(request):
            return refusals.live_only(request, advice)
        return stock(request, *args, **kwargs)

    return view
