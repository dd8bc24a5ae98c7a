"""Doors of the newsletter. Whether an address is known, none of them tells."""

from functools import wraps

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from home.cacheable import private
from home.forms import FieldAtPlace
from home.newsletter import consent, links, signup
from home.same_origin import same_origin_required
from home.visitor import fingerprint

PAGE, FORM = "home/newsletter_page.html", "home/newsletter_form.html"


class AddressForm(forms.Form):
    bound_field_class = FieldAtPlace

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input"}),
        error_messages={
            "required": gettext_lazy("Enter your email address."),
            "invalid": gettext_lazy("Enter an address like name@example.org."),
        },
    )


def for_one_reader(view):
    """Addresses that come by letter: stored nowhere, listed nowhere, told to nobody.
    Their token is what a form's own token would be: no other site knows it."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return private(guarded)


@require_POST
@same_origin_required
def ask(request):
    agreed = request.POST.get("agreed", "")
    agreement = consent.read(agreed)
    if agreement is None:
        raise SuspiciousOperation("What was agreed to is not what a page asked.")
    form = AddressForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return _form_again(request, form, agreement, status=422)
    try:
        signup.ask(
            form.cleaned_data["email"],
            agreement,
            visitor=fingerprint(request, "newsletter"),
            now=timezone.now(),
        )
    except signup.TooManyRequests:
        form.add_error("email", _("Too many at once. Please try again in an hour."))
        return _form_again(request, form, agreement, status=429)
    return HttpResponseRedirect(reverse("home:newsletter_asked"), status=303)


@require_safe
def asked(request):
    return _page(
        request,
        title=_("A letter is on its way"),
        text=_("Open it and press the button in it. Only then do we use your address."),
    )


@for_one_reader
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def confirm(request, token: str):
    """Opening the link changes nothing: mail programs open links by themselves."""
    subscriber = links.asked_by(token)
    if subscriber is None:
        return _page(
            request,
            title=_("This link has run out"),
            text=_("Ask for the letter again, and a new one comes at once."),
            status=410,
        )
    if request.method != "POST":
        return _page(
            request,
            title=_("One press, and you are on the list"),
            text=subscriber.consent,
            button=_("Send me the letter"),
        )
    signup.confirm(subscriber, now=timezone.now())
    return _page(
        request,
        title=_("You are on the list"),
        text=_("The next letter comes to %(email)s. A link in each of them ends it.")
        % {"email": subscriber.email},
    )


@for_one_reader
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def leave(request, token: str):
    subscriber = links.left_by(token)
    if subscriber is not None and request.method != "POST":
        return _page(
            request,
            title=_("No more letters?"),
            text=_("We stop writing to %(email)s.") % {"email": subscriber.email},
            button=_("End the letters"),
        )
    if subscriber is not None:
        signup.leave(subscriber, now=timezone.now())
    return _page(
        request,
        title=_("No more letters"),
        text=_("This address gets none of ours. Orders are still confirmed by mail."),
    )


def _page(request, *, title: str, text: str, button: str = "", status: int = 200):
    context = {"title": title, "text": text, "button": button}
    return render(request, PAGE, context, status=status)


def _form_again(request, form, agreement, *, status: int):
    context = {
        "form": form,
        "agreement": agreement,
        "agreed": consent.signed(agreement.words, agreement.audience),
    }
    response = render(request, FORM, context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response
