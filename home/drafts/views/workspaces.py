"""A list of workspaces; begin, resume, leave, look over, compare and throw away one."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from home.drafts import edit, errors, sweep
from home.drafts import open as opening
from home.drafts.compare import compare as compare_item
from home.drafts.compare import has_moved_on
from home.drafts.items import Item, items, set_digest
from home.drafts.viewing import AS_OF_KEY
from home.drafts.views.doors import for_editors, own_workspace, visible_workspace
from home.drafts.views.fields import ShopTimeField
from home.models import DraftWorkspace
from home.same_origin import next_path, same_origin_required

State = DraftWorkspace.State
# Changes on one page of the overview.
PER_PAGE = 200


class AsOfForm(forms.Form):
    """An empty moment is now."""

    at = ShopTimeField(
        required=False,
        error_messages={
            "invalid": gettext_lazy("That is no date and time of the shop's clock.")
        },
    )


class BeginForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("What it is for, such as “Winter sale”."),
        error_messages={"required": gettext_lazy("Give the workspace a name.")},
    )


# Begin, resume, leave


@require_safe
@for_editors
def index(request):
    return _index(request, BeginForm())


def _index(request, form, status=200, as_of_form=None):
    visible = DraftWorkspace.objects.visible_to(request.user).exclude(
        state__in=[State.DISCARDED, State.INVERSE]
    )
    found = visible.select_related("owner", "published_by")[:200]
    groups = (
        (_("Yours"), [w for w in found if w.is_open and w.owner_id == request.user.pk]),
        (
            _("Waiting for a publisher"),
            [w for w in found if w.is_open and w.owner_id != request.user.pk],
        ),
        (_("Published"), [w for w in found if not w.is_open]),
    )
    context = {
        "groups": groups,
        "form": form,
        "as_of_form": as_of_form or AsOfForm(),
        "now": timezone.now(),
    }
    template = "home/drafts/office/workspaces.html"
    return render(request, template, context, status=status)


@same_origin_required
@require_POST
@for_editors
def begin(request):
    """A new workspace, entered at once; leads to the storefront."""
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _index(request, form, status=422)
    now = timezone.now()
    workspace = opening.begin(form.cleaned_data["name"], request.user, now=now)
    return _entered(request, workspace, now)


@same_origin_required
@require_POST
@for_editors
def enter(request, uuid):
    return _entered(request, visible_workspace(request, uuid), timezone.now())


def _entered(request, workspace: DraftWorkspace, now) -> HttpResponseRedirect:
    response = HttpResponseRedirect(next_path(request), status=303)
    opening.enter(request, response, workspace, now=now)
    return response


@same_origin_required
@require_POST
def leave(request):
    """For everyone whose browser says it looks through something: leaving must work
    even when the right to be there has gone."""
    response = HttpResponseRedirect(next_path(request), status=303)
    opening.leave(request, response)
    return response


# Look over


@require_safe
@for_editors
def overview(request, uuid):
    workspace = visible_workspace(request, uuid)
    if workspace.state not in (State.OPEN, State.SCHEDULED):
        return HttpResponseRedirect(
            reverse("home:drafts:publish", args=[workspace.uuid])
            if request.user.has_perm("home.publish_draftworkspace")
            else reverse("home:drafts:list")
        )
    changes, is_own = items(workspace), workspace.owner_id == request.user.pk
    digest = set_digest(changes)
    page = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    verdicts = [
        (verdict, verdict.digest == digest)
        for verdict in workspace.verdicts.order_by("-at", "-pk")[:20]
    ]
    context = {
        "workspace": workspace,
        "count": len(changes),
        "page": page,
        "changes": [(item, has_moved_on(item.record)) for item in page],
        "unseen": sum(not item.is_seen for item in changes),
        "is_own": is_own,
        "may_edit": is_own and workspace.may_be_edited,
        "may_publish": request.user.has_perm("home.publish_draftworkspace"),
        "expires_soon": workspace.expires_soon(timezone.now()),
        "comments": workspace.comments.filter(resolved_at=None).order_by("-at"),
        "verdicts": verdicts,
        "time_zone": timezone.get_default_timezone_name(),
    }
    return render(request, "home/drafts/office/overview.html", context)


@require_safe
@for_editors
def compare(request, uuid):
    workspace = visible_workspace(request, uuid)
    compared = [compare_item(item, request) for item in items(workspace)]
    context = {"workspace": workspace, "compared": compared}
    return render(request, "home/drafts/office/compare.html", context)


# Drop one change, or all of it


@same_origin_required
@require_POST
@for_editors
def forget(request, uuid):
    """Drop one change: the item is as published again."""
    workspace = own_workspace(request, uuid)
    item = find_item(workspace, request.POST.get("item", ""))
    try:
        edit.forget(workspace, item, now=timezone.now())
    except errors.WorkspaceClosed:
        messages.error(request, _("It cannot be edited any more."))
    else:
        messages.success(request, _("“%s” is as published again.") % item.title)
    if "next" in request.POST:
        return HttpResponseRedirect(next_path(request), status=303)
    return HttpResponseRedirect(workspace.get_absolute_url(), status=303)


def find_item(workspace: DraftWorkspace, key: str) -> Item:
    """
    Raises:
        Http404: the workspace has no such change.
    """
    found = next((item for item in items(workspace) if item.key == key), None)
    if found is None:
        raise Http404("No such change.")
    return found


@same_origin_required
@require_POST
@for_editors
def discard(request, uuid):
    workspace = own_workspace(request, uuid)
    try:
        sweep.discard(workspace.pk, now=timezone.now())
    except errors.WorkspaceClosed:
        messages.error(request, _("It has been published, scheduled or thrown away."))
        return HttpResponseRedirect(workspace.get_absolute_url(), status=303)
    messages.success(request, _("“%s” has been thrown away.") % workspace)
    return HttpResponseRedirect(reverse("home:drafts:list"), status=303)


# Time machine


@same_origin_required
@require_POST
@for_editors
def as_of(request):
    """Look at the shop as of a moment, by the shop's clock; an empty one is now, in the
    workspace that is open."""
    if not request.user.has_perm("home.publish_draftworkspace"):
        raise Http404("Not for this account.")
    form = AsOfForm(request.POST)
    if not form.is_valid():
        return _index(request, BeginForm(), status=422, as_of_form=form)
    response = HttpResponseRedirect(next_path(request), status=303)
    if moment := form.cleaned_data["at"]:
        request.session[AS_OF_KEY] = moment.isoformat()
        opening.mark(request, response)
    else:
        opening.come_back(request, response)
    return response


urlpatterns = [
    path("", index, name="list"),
    path("begin/", begin, name="begin"),
    path("leave/", leave, name="leave"),
    path("as-of/", as_of, name="as_of"),
    path("<uuid:uuid>/", overview, name="overview"),
    path("<uuid:uuid>/enter/", enter, name="enter"),
    path("<uuid:uuid>/compare/", compare, name="compare"),
    path("<uuid:uuid>/forget/", forget, name="forget"),
    path("<uuid:uuid>/discard/", discard, name="discard"),
]
