"""From the storefront itself: small deeds on what is shown there."""

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Locale

from home import sites
from home.drafts import errors
from home.drafts import stage as staging
from home.drafts.viewing import SESSION_KEY
from home.drafts.views.doors import for_editors
from home.middleware import keep_private
from home.models import DraftWorkspace, LayoutBlock
from home.same_origin import next_path, same_origin_required


@same_origin_required
@require_POST
@for_editors
def stage(request):
    """One small deed on one block, such as "up published-5"; back to the page."""
    workspace = _entered(request)
    deed, _blank, key = request.POST.get("deed", "").partition(" ")
    if deed not in staging.DEEDS:
        raise Http404("No such deed.")
    try:
        staging.stage(_look(request, workspace), deed, key)
    except staging.NotThere as error:
        raise Http404("No such block.") from error
    except errors.DraftError as error:
        return _refused(request, error)
    return HttpResponseRedirect(f"{next_path(request)}#block-{key}", status=303)


def _entered(request) -> DraftWorkspace:
    """The owner's workspace that the session has entered, closed or not.

    Raises:
        Http404
    """
    mine = DraftWorkspace.objects.of(request.user)
    uuid = request.session.get(SESSION_KEY)
    found = mine.filter(uuid=uuid).first() if uuid else None
    viewing = getattr(request, "draft", None)
    if found is None or (viewing and viewing.link):
        raise Http404("No workspace of yours is open here.")
    return found


def _look(request, workspace: DraftWorkspace) -> staging.Look:
    return staging.Look(
        workspace=workspace,
        by=request.user,
        version=request.POST.get("version", ""),
        site_id=sites.look_up(request).pk,
        locale_id=Locale.get_active().pk,
        now=timezone.now(),
    )


def _refused(request, error: errors.DraftError):
    """In the shop's look, with a way back to the page."""
    context = {"why": _why(error), "url": next_path(request)}
    page = "home/drafts/stage_refused.html"
    return keep_private(render(request, page, context, status=409))


def _why(error: errors.DraftError) -> str:
    if isinstance(error, errors.Locked) and error.who:
        known = {"title": error.block, "who": error.who}
        return _("“%(title)s” is locked by %(who)s.") % known
    if isinstance(error, errors.Locked):
        words = _("“%s” waits for a workflow or for its own hour.")
        return words % error.block
    if isinstance(error, errors.Stale):
        return _(
            "The draft has changed since the page was opened: by a second press, or in"
            " another window. Look at it as it is now."
        )
    return _("The workspace has been published, scheduled or thrown away meanwhile.")


@require_safe
def place(request, position: str):
    """A page with a position of which there is no one address, as its preview is."""
    elsewhere = settings.PREVIEW_PAGES.get(position)
    if getattr(request, "draft", None) is None or elsewhere is None:
        raise Http404("No such place in a draft.")
    page = import_string(elsewhere)(request, LayoutBlock(position=position))
    return page or HttpResponseRedirect("/")


urlpatterns = [
    path("stage/", stage, name="stage"),
    path("place/<slug:position>/", place, name="place"),
]
