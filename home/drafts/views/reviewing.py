"""Looking at a shared workspace, for people without an account, in the shop's look."""

from django import forms
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from home.drafts import errors
from home.drafts import review as saying
from home.drafts import share as sharing
from home.drafts.items import items, set_digest
from home.drafts.viewing import REVIEW_COOKIE
from home.middleware import keep_private
from home.models import ReviewVerdict, ShareLink
from home.same_origin import same_origin_required


class CommentForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write who says so.")},
    )
    item = forms.CharField(max_length=60, required=False)
    path = forms.CharField(max_length=500, required=False)
    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Write what you noticed.")},
    )

    def clean_path(self) -> str:
        """A page of this shop, or none: it is printed as a link."""
        path = self.cleaned_data["path"]
        return path if path.startswith("/") and not path.startswith("//") else ""


class VerdictForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write who decides.")},
    )
    answer = forms.ChoiceField(
        choices=ReviewVerdict.Answer.choices,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    digest = forms.CharField(max_length=64, required=False)


@require_safe
def review(request, token: str):
    """Swap the token for a cookie, and leave the address at once. A forged, ended or
    withdrawn token is simply not there."""
    now = timezone.now()
    link = sharing.find(token, now=now)
    if link is None:
        raise Http404("No such link.")
    if link.passphrase:
        response = HttpResponseRedirect(reverse("home:drafts:passphrase"), status=303)
        sharing.let_knock(request, response, link)
        return keep_private(response)
    return keep_private(_admitted(request, link))


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
def passphrase(request):
    """Asked by an address of its own, so that the token has left by then."""
    now = timezone.now()
    knock = request.COOKIES.get(sharing.KNOCK_COOKIE, "")
    link = sharing.find(knock, now=now, salt=sharing.KNOCK_SALT)
    if link is None:
        raise Http404("Nobody has knocked.")
    given = request.POST.get("passphrase", "")
    if request.method == "POST" and sharing.is_right(link, given, now=now):
        response = _admitted(request, link)
        response.delete_cookie(sharing.KNOCK_COOKIE, samesite="Lax")
        return keep_private(response)
    is_wrong = request.method == "POST"
    context = {"is_wrong": is_wrong}
    status = 422 if is_wrong else 200
    page = "home/drafts/passphrase.html"
    return keep_private(render(request, page, context, status=status))


def _admitted(request, link: ShareLink) -> HttpResponseRedirect:
    response = HttpResponseRedirect("/", status=303)
    sharing.admit(request, response, link)
    return response


def for_reviewers(view):
    """Only with a valid link's cookie; for others it is not there."""

    def guarded(request, *args, **kwargs):
        viewing = getattr(request, "draft", None)
        if viewing is None or viewing.link is None:
            raise Http404("Not through a link.")
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_reviewers
def review_changes(request):
    """What is changed, what others say of it, and a place to answer."""
    return _changes_page(request)


def _changes_page(request, *, comment=None, verdict=None, status=200):
    workspace = request.draft.workspace
    changes = items(workspace)
    context = {
        "workspace": workspace,
        "changes": changes,
        "digest": set_digest(changes),
        "comments": workspace.comments.all(),
        "verdicts": workspace.verdicts.all()[:20],
        "comment_form": comment or CommentForm(initial={"path": _path(request)}),
        "verdict_form": verdict or VerdictForm(),
    }
    page = "home/drafts/review_changes.html"
    return render(request, page, context, status=status)


def _path(request) -> str:
    path = request.GET.get("path", "")
    return path[:500] if path.startswith("/") else ""


@same_origin_required
@require_POST
@for_reviewers
def comment(request):
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _changes_page(request, comment=form, status=422)
    try:
        saying.comment(request.draft.link, now=timezone.now(), **form.cleaned_data)
    except saying.NoSuchItem:
        form.add_error("item", _("That change is no longer part of the draft."))
        return _changes_page(request, comment=form, status=422)
    except errors.TooMany:
        form.add_error("text", _("There are too many comments here already."))
        return _changes_page(request, comment=form, status=429)
    except errors.WorkspaceClosed as error:
        raise Http404("It is over.") from error
    return HttpResponseRedirect(f"{_changes_url()}#comments", status=303)


@same_origin_required
@require_POST
@for_reviewers
def verdict(request):
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _changes_page(request, verdict=form, status=422)
    try:
        saying.decide(request.draft.link, now=timezone.now(), **form.cleaned_data)
    except errors.NotWhatWasConfirmed:
        words = _("It has changed since you opened this page. Look again.")
        form.add_error(None, words)
        return _changes_page(request, verdict=form, status=409)
    except errors.TooMany:
        form.add_error(None, _("There are too many verdicts here already."))
        return _changes_page(request, verdict=form, status=429)
    except errors.WorkspaceClosed as error:
        raise Http404("It is over.") from error
    return HttpResponseRedirect(f"{_changes_url()}#verdict", status=303)


@same_origin_required
@require_POST
def leave_review(request):
    response = HttpResponseRedirect("/", status=303)
    response.delete_cookie(REVIEW_COOKIE, samesite="Lax")
    return response


def _changes_url() -> str:
    return reverse("home:drafts:review_changes")


urlpatterns = [
    path("review/changes/", review_changes, name="review_changes"),
    path("review/comment/", comment, name="comment"),
    path("review/verdict/", verdict, name="verdict"),
    path("review/leave/", leave_review, name="leave_review"),
    path("review/passphrase/", passphrase, name="passphrase"),
    path("review/<str:token>/", review, name="review"),
]
