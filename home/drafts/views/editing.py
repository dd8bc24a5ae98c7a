"""From Wagtail's editors into a workspace and back out of it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.models import Page
from wagtail.permissions import policy_registry

from home.drafts import open as opening
from home.drafts import take
from home.drafts.errors import DraftError
from home.drafts.views.doors import for_editors, own_workspace
from home.models import DraftWorkspace, LayoutBlock
from home.same_origin import next_path, same_origin_required

ADMIN = "wagtailadmin_home"
NAME = DraftWorkspace._meta.get_field("name")


@dataclass
class Thing:
    """A page or a block that is to be edited in a workspace."""

    record: Page | LayoutBlock
    edit_url: str

    @property
    def has_draft(self) -> bool:
        return bool(self.record.live and self.record.has_unpublished_changes)

    def take_into(self, workspace: DraftWorkspace, now) -> None:
        deed = take.take_page if isinstance(self.record, Page) else take.take_block
        deed(workspace, self.record, now=now)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def into_workspace(request, kind, pk):
    """Choose a workspace to edit a page or a block in, and whether its current draft
    is taken along."""
    answer = _go if request.method == "POST" else _ask
    return answer(request, kind, pk)


@for_editors
def _ask(request, kind, pk):
    thing = _find(request, kind, pk)
    return _page(request, thing)


@same_origin_required
@for_editors
def _go(request, kind, pk):
    thing, now = _find(request, kind, pk), timezone.now()
    workspace = _chosen(request, now)
    if workspace is None:
        error = _("Choose a workspace, or give a new one a name of up to 80 letters.")
        return _page(request, thing, error, status=422)
    response = HttpResponseRedirect(thing.edit_url, status=303)
    opening.enter(request, response, workspace, now=now)
    if thing.has_draft and request.POST.get("take"):
        _take(request, thing, workspace, now)
    return response


def _take(request, thing: Thing, workspace: DraftWorkspace, now) -> None:
    try:
        thing.take_into(workspace, now)
    except DraftError:
        messages.error(request, _("The draft was not taken; another window saves."))
    else:
        text = _("The draft is in “%s” now, and still in its old place.") % workspace
        messages.success(request, text)


def _page(request, thing: Thing, error: str = "", status: int = 200):
    mine = DraftWorkspace.objects.of(request.user).filter(state="open")
    opened = request.draft.workspace if request.draft else None
    context = {
        "thing": thing,
        "workspaces": mine,
        "chosen": request.POST.get("workspace") or str(opened.uuid if opened else ""),
        "name": request.POST.get("name", ""),
        "longest_name": NAME.max_length,
        "error": error,
    }
    return render(request, "home/editing/into_workspace.html", context, status=status)


def _chosen(request, now) -> DraftWorkspace | None:
    wanted = request.POST.get("workspace", "new")
    if wanted != "new":
        mine = DraftWorkspace.objects.of(request.user).filter(state="open")
        return next((one for one in mine if str(one.uuid) == wanted), None)
    try:
        name = NAME.clean(request.POST.get("name", "").strip(), None)
    except ValidationError:
        return None
    return opening.begin(name, request.user, now=now)


def _find(request, kind: str, pk: int) -> Thing:
    """What the address names, if the user may edit it now.

    Raises:
        Http404, PermissionDenied
    """
    if kind == "page":
        page = get_object_or_404(Page, pk=pk)
        may = page.permissions_for_user(request.user).can_edit()
        url = reverse("wagtailadmin_pages:edit", args=[pk])
        record = page.specific
    elif kind == "block":
        record = get_object_or_404(LayoutBlock, pk=pk)
        policy = policy_registry.get_by_type(LayoutBlock)
        may = policy.user_has_permission_for_instance(request.user, "change", record)
        url = reverse("wagtailsnippets_home_layoutblock:edit", args=[pk])
    else:
        raise Http404("No such thing.")
    lock = record.get_lock()
    if not may or (lock and lock.for_user(request.user)):
        raise PermissionDenied
    return Thing(record, url)


@same_origin_required
@require_POST
@for_editors
def reopen(request, uuid):
    """Enter a workspace of one's own and go on with what led here."""
    workspace = own_workspace(request, uuid)
    response = HttpResponseRedirect(next_path(request, reverse(ADMIN)), status=303)
    opening.enter(request, response, workspace, now=timezone.now())
    return response


@same_origin_required
@require_POST
@for_editors
def close(request):
    """Wagtail works as everybody knows it again; the workspace stays as it is."""
    response = HttpResponseRedirect(next_path(request, reverse(ADMIN)), status=303)
    opening.leave(request, response)
    return response


urlpatterns = [
    path("into/<slug:kind>/<int:pk>/", into_workspace, name="into_workspace"),
    path("<uuid:uuid>/reopen/", reopen, name="reopen"),
    path("close/", close, name="close"),
]
