"""Sharing a workspace, for its owner in the admin's look."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from home.drafts import share as sharing
from home.drafts.views.doors import for_editors, own_workspace
from home.models import DraftWorkspace
from home.same_origin import same_origin_required

USUAL_DAYS, MOST_DAYS = 7, 30


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
    return HttpResponseRedirect(workspace.get_absolute_url(), status=303)


def _to_share(workspace: DraftWorkspace) -> HttpResponseRedirect:
    address = reverse("home:drafts:share", args=[workspace.uuid])
    return HttpResponseRedirect(address, status=303)


urlpatterns = [
    path("<uuid:uuid>/share/", share, name="share"),
    path("<uuid:uuid>/revoke/", revoke, name="revoke"),
    path("<uuid:uuid>/resolve/", resolve, name="resolve"),
]
