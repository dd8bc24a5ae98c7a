"""What is answered instead of doing the wrong thing: to autosave in its own words, to
the preview by silence, to people with a page that keeps what they typed."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from home.editing import typed
from home.editing.workspace import entry_name, open_workspace
from home.models import DraftWorkspace, WorkspacePage


def expects_json(request) -> bool:
    """As Wagtail's editors tell autosave from a press on Save."""
    return not request.accepts("text/html")


def json_refusal(text: str) -> JsonResponse:
    """Stops autosave in that window; Wagtail knows no other code that does."""
    answer = {"success": False, "error_code": "invalid_revision", "error_message": text}
    return JsonResponse(answer, status=400)


def other_mode(request) -> HttpResponse:
    """The form was filled for another workspace than the one that is open now, or for
    none, or for one that is closed."""
    was, now = _filled_for(request), open_workspace(request)
    title = _what_happened(was, now)
    if expects_json(request):
        return json_refusal(f"{title} {_('Press Save to see what you can do.')}")
    action = _resume_label(request, was)
    context = {
        "texts": typed.texts(request.POST),
        "action": action,
        "pairs": _pairs(request) if action else (),
    }
    return _page(request, title, _("Your text was not saved; here it is."), context)


def other_mode_preview(request) -> JsonResponse:
    return JsonResponse({"is_valid": False, "is_available": False})


def other_mode_deed(request) -> HttpResponse:
    """A deed without text (delete, take off the site) that was asked for elsewhere."""
    was, now = _filled_for(request), open_workspace(request)
    text = _("Nothing was done. Look at the page again before you decide.")
    return _page(request, _what_happened(was, now), text)


def closed(request) -> HttpResponse:
    """The workspace was published, scheduled or thrown away while a form was open."""
    request._open_workspace = None
    return other_mode(request)


def gone(request) -> HttpResponse:
    """What the form is about was thrown away in another window."""
    title = _("This is no longer in the workspace.")
    if expects_json(request):
        return json_refusal(title)
    text = _("Your text was not saved; here it is.")
    return _page(request, title, text, {"texts": typed.texts(request.POST)})


def elsewhere(request) -> HttpResponse:
    """An address of something that exists in a workspace only, and not in the open one.

    Raises:
        Http404: nor in another of the user's.
    """
    uuid = entry_name(request.GET["ws_entry"])
    mine = WorkspacePage.objects.filter(workspace__owner=request.user, kind="create")
    entry = mine.filter(uuid=uuid).select_related("workspace").first()
    if entry is None or not entry.workspace.may_be_edited:
        raise Http404("No such page in a workspace of yours.")
    context = {"reopen": entry.workspace, "next": request.get_full_path()}
    title = _("This page exists only in a workspace.")
    return _page(request, title, _("Open the workspace to edit it."), context)


def live_only(request, advice: str | None = None) -> HttpResponse:
    workspace = open_workspace(request)
    title = _("Not while the workspace “%s” is open.") % workspace
    advice = advice or _(
        "This would change the live site at once, for everybody. Close the workspace "
        "to do it; what you have in the workspace stays there."
    )
    if expects_json(request):
        return json_refusal(f"{title} {advice}")
    return _page(request, title, str(advice))


def _page(request, title: str, text: str, context: dict | None = None) -> HttpResponse:
    context = {"title": title, "text": text} | (context or {})
    return render(request, "home/editing/refused.html", context, status=409)


def _filled_for(request) -> DraftWorkspace | None:
    name = request.POST.get("ws_token", "")
    if not name.isdecimal():
        return None
    return DraftWorkspace.objects.of(request.user).filter(pk=int(name)).first()


def _what_happened(was, now) -> str:
    if was and not was.may_be_edited:
        return _("The workspace “%s” is closed by now.") % was
    if was and now:
        names = {"was": was, "now": now}
        return _("You typed this in “%(was)s”; “%(now)s” is open now.") % names
    if was:
        return _("You typed this in the workspace “%s”, which you have left.") % was
    if now:
        return _("You opened the workspace “%s” after this form.") % now
    return _("This form was filled for a workspace that is not there.")


def _resume_label(request, was) -> str:
    """What a press may put right; empty when nothing can."""
    if was:
        label = _("Open “%s” again and save there") % was
        return label if was.may_be_edited else ""
    if request.POST.get("ws_token") or not open_workspace(request):
        return ""
    return _("Close “%s” and save as Wagtail’s draft") % open_workspace(request)


def _pairs(request) -> list[tuple[str, str]]:
    """The form again, to be sent as it was. A press on Publish comes back as Save."""
    return [
        (name, value)
        for name in request.POST
        for value in request.POST.getlist(name)
        if name not in ("csrfmiddlewaretoken", "ws_resume")
        and not name.startswith("action-")
    ]
