"""Doors of an account that are our own; django-allauth's stand beside them."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from home.accounts import person
from home.accounts.forms import Dressed


class NameForm(Dressed, forms.ModelForm):
    class Meta:
        model = get_user_model()
        fields = ["first_name", "last_name"]
        labels = {
            "first_name": gettext_lazy("First name"),
            "last_name": gettext_lazy("Last name"),
        }


class GoodbyeForm(Dressed, forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("Yes, forget me"),
        error_messages={"required": gettext_lazy("Tick that you are sure")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request):
    form = NameForm(_posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("home:account"), status=303)
    status = 422 if form.errors else 200
    return render(request, "account/overview.html", {"form": form}, status=status)


@require_safe
@login_required
def own_data(request):
    return _own_data(request, GoodbyeForm())


@require_safe
@reauthentication_required
def export(request):
    """Everything as one file, for a person who has just proven who they are."""
    answer = JsonResponse(person.export(request.user), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="your-data.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def goodbye(request):
    """The account's end: asked, answered with a tick, done at once."""
    form = GoodbyeForm(_posted(request))
    if not form.is_valid():
        return _own_data(request, form, status=422 if form.errors else 200)
    user = request.user
    try:
        person.erase(user)
    except person.CannotForget as reason:
        form.add_error(None, str(reason))
        return _own_data(request, form, status=409)
    logout(request)
    return render(request, "account/gone.html")


def _posted(request):
    return request.POST if request.method == "POST" else None


def _own_data(request, form, *, status: int = 200):
    return render(request, "account/own_data.html", {"form": form}, status=status)
