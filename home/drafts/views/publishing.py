"""Hand over, publish, schedule, and take back.

These pages may be opened from inside a draft, where browsers do not say from which page
a form comes: their forms are guarded by ``same_origin_required``.
"""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from home.drafts import checks, errors, handover, history
from home.drafts import open as opening
from home.drafts import publish as publishing
from home.drafts import schedule as scheduling
from home.drafts.items import items, set_digest
from home.drafts.problems import person
from home.drafts.views.doors import (
    for_editors,
    for_publishers,
    own_workspace,
    visible_workspace,
)
from home.drafts.views.fields import ShopTimeField
from home.models import DraftWorkspace
from home.same_origin import same_origin_required

State = DraftWorkspace.State


class ScheduleForm(forms.Form):
    at = ShopTimeField(label=gettext_lazy("Publish at"))
    digest = forms.CharField(widget=forms.HiddenInput)


# Hand over


@same_origin_required
@require_POST
@for_editors
def hand_over(request, uuid):
    workspace = own_workspace(request, uuid)
    if handover.hand_over(workspace, by=request.user, now=timezone.now()):
        messages.success(request, _("Publishers see “%s” now.") % workspace)
    return _home()


@same_origin_required
@require_POST
@for_editors
def take_back(request, uuid):
    workspace = own_workspace(request, uuid)
    if handover.take_back(workspace, by=request.user, now=timezone.now()):
        messages.success(request, _("Only you see “%s” now.") % workspace)
    return _home()


@same_origin_required
@require_POST
@for_editors
def look(request, uuid):
    """Enter a workspace where one of its changes shows, or where it is edited."""
    workspace = visible_workspace(request, uuid)
    place = "edit_url" if request.POST.get("to") == "edit" else "view_url"
    places = {item.key: getattr(item, place) for item in items(workspace)}
    found = places.get(request.POST.get("item", ""))
    response = HttpResponseRedirect(found or "/", status=303)
    opening.enter(request, response, workspace, now=timezone.now())
    return response


# Publish


@require_safe
@for_publishers
def confirm(request, uuid):
    """What publishing would do and what speaks against it; or how it went."""
    workspace = visible_workspace(request, uuid)
    if workspace.undoes is not None:
        # A way back has no page of its own.
        return _to(workspace.undoes)
    if workspace.state in (State.PUBLISHED, State.ROLLED_BACK):
        return _outcome(request, workspace)
    return _confirmation(request, workspace)


@same_origin_required
@require_POST
@for_publishers
def publish(request, uuid):
    workspace = visible_workspace(request, uuid)
    return _attempt(request, workspace, publishing.publish)


@require_safe
@for_publishers
def confirm_roll_back(request, uuid):
    workspace = visible_workspace(request, uuid)
    way_back = DraftWorkspace.objects.filter(undoes=workspace).first()
    if workspace.state != State.PUBLISHED or way_back is None:
        return _to(workspace)
    return _confirmation(request, workspace, way_back)


@same_origin_required
@require_POST
@for_publishers
def roll_back(request, uuid):
    workspace = visible_workspace(request, uuid)
    way_back = DraftWorkspace.objects.filter(undoes=workspace).first()
    return _attempt(request, workspace, publishing.roll_back, way_back)


def _attempt(request, workspace, deed, way_back=None):
    now, digest = timezone.now(), request.POST.get("digest", "")
    try:
        deed(workspace.pk, by=request.user, digest=digest, now=now)
    except errors.DraftError as error:
        return _refused(request, workspace, error, way_back)
    return _to(workspace)


# Schedule


@same_origin_required
@require_POST
@for_publishers
def schedule(request, uuid):
    workspace = visible_workspace(request, uuid)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return _confirmation(request, workspace, form=form, status=422)
    try:
        scheduling.schedule(
            workspace.pk, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except errors.TooLate:
        form.add_error("at", _("That time has passed already."))
        return _confirmation(request, workspace, form=form, status=422)
    except errors.DraftError as error:
        return _refused(request, workspace, error)
    return _to(workspace)


@same_origin_required
@require_POST
@for_editors
def unschedule(request, uuid):
    """For its owner, who wants to work on, as well as for publishers."""
    workspace = visible_workspace(request, uuid)
    try:
        scheduling.unschedule(workspace.pk, by=request.user, now=timezone.now())
    except errors.Busy:
        messages.error(request, _("“%s” is being published.") % workspace)
    else:
        messages.success(request, _("“%s” can be edited again.") % workspace)
    return _home()


# Answers


def _home() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("wagtailadmin_home"), status=303)


def _to(workspace) -> HttpResponseRedirect:
    address = reverse("home:drafts:publish", args=[workspace.uuid])
    return HttpResponseRedirect(address, status=303)


REFUSALS = {
    errors.NotWhatWasConfirmed: gettext_lazy(
        "It has been edited since this page was opened. Nothing has been published:"
        " look at the list again."
    ),
    errors.WorkspaceClosed: gettext_lazy(
        "It has been published, scheduled or thrown away in the meantime."
    ),
    errors.Busy: gettext_lazy(
        "Somebody is publishing or saving the same pages at this moment. Nothing has"
        " been changed: try again."
    ),
    errors.Refused: gettext_lazy("Nothing has been published: see what is named."),
}


def _refused(request, workspace, error, way_back=None):
    messages.error(request, REFUSALS[type(error)])
    if isinstance(error, errors.WorkspaceClosed):
        return _home()
    workspace.refresh_from_db()
    return _confirmation(request, workspace, way_back, status=409)


def _confirmation(request, workspace, way_back=None, *, form=None, status=200):
    """The list of changes with their problems, and what may be done about them."""
    subject = way_back or workspace
    if not (subject.is_open or subject.state == State.INVERSE):
        raise Http404("Nothing to publish.")
    listed, now = items(subject), timezone.now()
    problems = checks.check(subject, request.user, now)
    digest = set_digest(listed)
    context = {
        "workspace": workspace,
        "subject": subject,
        "is_way_back": way_back is not None,
        "rows": [
            (item, [p for p in problems if p.item and p.item.key == item.key])
            for item in listed
        ],
        "problems": [problem for problem in problems if problem.item is None],
        "refusals": len(checks.refusals(problems)),
        "may_edit": subject.may_be_edited and subject.owner_id == request.user.pk,
        "digest": digest,
        "form": form or ScheduleForm(initial={"digest": digest}),
        "time_zone": timezone.get_default_timezone_name(),
    }
    return render(request, "home/drafts/office/confirm.html", context, status=status)


def _outcome(request, workspace):
    entry = history.last(workspace, "home.workspace.publish")
    context = {
        "workspace": workspace,
        "who": person(workspace.published_by),
        "changes": entry.data.get("items", []) if entry else [],
        "is_rolled_back": workspace.state == State.ROLLED_BACK,
        "may_go_back": DraftWorkspace.objects.filter(
            undoes=workspace, state=State.INVERSE
        ).exists(),
    }
    return render(request, "home/drafts/office/published.html", context)


def by_method(safe, post):
    """One address: a page to read and the form that it sends."""

    def view(request, *args, **kwargs):
        chosen = post if request.method == "POST" else safe
        return chosen(request, *args, **kwargs)

    # The form is guarded by its origin, not by a token.
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


urlpatterns = [
    path("<uuid:uuid>/hand-over/", hand_over, name="hand_over"),
    path("<uuid:uuid>/take-back/", take_back, name="take_back"),
    path("<uuid:uuid>/look/", look, name="look"),
    path("<uuid:uuid>/publish/", by_method(confirm, publish), name="publish"),
    path("<uuid:uuid>/schedule/", schedule, name="schedule"),
    path("<uuid:uuid>/unschedule/", unschedule, name="unschedule"),
    path(
        "<uuid:uuid>/rollback/",
        by_method(confirm_roll_back, roll_back),
        name="rollback",
    ),
]
