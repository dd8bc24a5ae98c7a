"""Begin, resume and leave."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from home.drafts import open as opening
from home.drafts.views.doors import for_editors, visible_workspace
from home.models import DraftWorkspace

LONGEST_NAME = DraftWorkspace._meta.get_field("name").max_length


@require_POST
@for_editors
def begin(request):
    """A new workspace, entered at once; leads to the storefront."""
    name = request.POST.get("name", "").strip()
    if not name or len(name) > LONGEST_NAME:
        messages.error(request, _("A workspace needs a name of up to 80 letters."))
        return HttpResponseRedirect(reverse("wagtailadmin_home"))
    now = timezone.now()
    workspace = opening.begin(name, request.user, now=now)
    return _entered(request, workspace, now)


@require_POST
@for_editors
def enter(request, uuid):
    return _entered(request, visible_workspace(request, uuid), timezone.now())


@require_POST
@for_editors
def leave(request):
    response = HttpResponseRedirect("/", status=303)
    opening.leave(request, response)
    return response


def _entered(request, workspace: DraftWorkspace, now) -> HttpResponseRedirect:
    response = HttpResponseRedirect("/", status=303)
    opening.enter(request, response, workspace, now=now)
    return response


urlpatterns = [
    path("begin/", begin, name="begin"),
    path("leave/", leave, name="leave"),
    path("<uuid:uuid>/enter/", enter, name="enter"),
]
