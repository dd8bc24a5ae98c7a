"""Sharing a workspace, for its owner in the admin's look; and looking at it, for people
without an account in the shop's."""

from datetime import timedelta

from django import forms
from django.contrib import messages
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

from home.drafts import share as sharing
from home.drafts.items import items, set_digest
from home.drafts.viewing import REVIEW_COOKIE
from home.drafts.views.doors import for_editors, own_workspace
from home.middleware import keep_private
from home.models import DraftWorkspace, ReviewComment, ReviewVerdict, ShareLink
from home.same_origin import same_origin_required

USUAL_DAYS, MOST_DAYS = 7, 30
MOST_COMMENTS = 500


class LinkForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("For whom"), max_length=80, required=False
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        help_text=gettext_lazy("After so many days the link opens nothing."),
    )
    passphrase = forms.CharField(
        label=gettext_lazy("Passphrase"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("If you set one, send it by another way than the link."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


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


# The owner's side


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def share(request, uuid):
    """Links and what came of them; a new one by post."""
    workspace = own_workspace(request, uuid)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not workspace.is_open:
            raise Http404("Nothing to share.")
        _make_link(request, workspace, form.cleaned_data)
        return _to_share(workspace)
    status = 422 if request.method == "POST" else 200
    shown = form if request.method == "POST" else LinkForm()
    return _share_page(request, workspace, shown, status)


def _make_link(request, workspace: DraftWorkspace, wanted: dict) -> None:
    now = timezone.now()
    sharing.make_link(
        workspace,
        request.user,
        until=now + timedelta(days=wanted["days"]),
        now=now,
        label=wanted["label"],
        passphrase=wanted["passphrase"],
    )
    messages.success(request, _("The link is ready to be copied."))


def _share_page(request, workspace: DraftWorkspace, form, status: int):
    links = workspace.links.prefetch_related("visits")
    now = timezone.now()
    context = {
        "workspace": workspace,
        "form": form,
        "links": [
            {
                "link": link,
                "address": request.build_absolute_uri(
                    reverse("home:drafts:review", args=[sharing.token(link)])
                ),
                "is_valid": link.revoked_at is None and link.expires_at > now,
                "visits": list(link.visits.all())[:20],
            }
            for link in links
        ],
        "comments": workspace.comments.all(),
        "time_zone": timezone.get_default_timezone_name(),
    }
    template = "home/drafts/office/share.html"
    return render(request, template, context, status=status)


@same_origin_required
@require_POST
@for_editors
def revoke(request, uuid):
    workspace = own_workspace(request, uuid)
    pk = request.POST.get("link", "")
    link = workspace.links.filter(pk=pk).first() if pk.isdecimal() else None
    if link is None:
        raise Http404("No such link.")
    sharing.withdraw(link, now=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    return _to_share(workspace)


@same_origin_required
@require_POST
@for_editors
def resolve(request, uuid):
    workspace = own_workspace(request, uuid)
    pk = request.POST.get("comment", "")
    found = workspace.comments.filter(pk=pk) if pk.isdecimal() else None
    if not found or not found.exists():
        raise Http404("No such comment.")
    found.filter(resolved_at=None).update(resolved_at=timezone.now())
    overview = reverse("home:drafts:overview", args=[workspace.uuid])
    return HttpResponseRedirect(overview, status=303)


def _to_share(workspace: DraftWorkspace) -> HttpResponseRedirect:
    address = reverse("home:drafts:share", args=[workspace.uuid])
    return HttpResponseRedirect(address, status=303)


# The reviewer's side


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, token: str):
    """Swap the token for a cookie, and leave the address at once. A forged, ended or
    withdrawn token is simply not there."""
    now = timezone.now()
    link = sharing.find(token, now=now)
    if link is None:
        raise Http404("No such link.")
    if not link.passphrase:
        return keep_private(_admitted(request, link))
    given = request.POST.get("passphrase", "")
    if request.method == "POST" and sharing.is_right(link, given, now=now):
        return keep_private(_admitted(request, link))
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
    workspace = request.draft.workspace
    if not form.is_valid():
        return _changes_page(request, comment=form, status=422)
    if workspace.comments.count() >= MOST_COMMENTS:
        form.add_error("text", _("There are too many comments here already."))
        return _changes_page(request, comment=form, status=429)
    ReviewComment.objects.create(
        workspace=workspace,
        link=request.draft.link,
        at=timezone.now(),
        **form.cleaned_data,
    )
    return HttpResponseRedirect(f"{_changes_url()}#comments", status=303)


@same_origin_required
@require_POST
@for_reviewers
def verdict(request):
    form = VerdictForm(request.POST)
    workspace = request.draft.workspace
    if not form.is_valid():
        return _changes_page(request, verdict=form, status=422)
    if form.cleaned_data["digest"] != set_digest(items(workspace)):
        form.add_error(
            None, _("It has changed since you opened this page. Look again.")
        )
        return _changes_page(request, verdict=form, status=409)
    ReviewVerdict.objects.create(
        workspace=workspace,
        link=request.draft.link,
        at=timezone.now(),
        **form.cleaned_data,
    )
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
    path("<uuid:uuid>/share/", share, name="share"),
    path("<uuid:uuid>/revoke/", revoke, name="revoke"),
    path("<uuid:uuid>/resolve/", resolve, name="resolve"),
    path("review/changes/", review_changes, name="review_changes"),
    path("review/comment/", comment, name="comment"),
    path("review/verdict/", verdict, name="verdict"),
    path("review/leave/", leave_review, name="leave_review"),
    path("review/<str:token>/", review, name="review"),
]
