"""The demo bank's pages and notices. In a real shop these are the provider's."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from checkout.answers import SeeOther
from checkout.models.demo_bank import DemoCharge
from checkout.providers import fake, signatures
from home import outbox
from home.cacheable import private
from home.same_origin import same_origin_required

PATIENCE = RetryStrategy(max_attempts=6, exponential_wait=2)
CODE = "1234"


class CardForm(forms.Form):
    card = forms.ChoiceField(
        label=_("Card"), choices=fake.Card.choices, widget=forms.RadioSelect
    )
    code = forms.CharField(label=_("Code"), max_length=6, required=False)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
def bank(request, reference: str):
    """Choose a card; some ask for a code before they pay."""
    charge = DemoCharge.objects.filter(reference=reference).first()
    if charge is None or not settings.DEMO:
        raise Http404("No such charge.")
    if charge.state != DemoCharge.State.WAITING:
        return _back(charge)
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _presented(request, charge, form.cleaned_data)
    return _page(request, charge, form)


def _presented(request, charge: DemoCharge, given: dict) -> HttpResponse:
    card = given["card"]
    if card == fake.Card.ASKS:
        if not given["code"]:
            return _page(request, charge, CardForm(request.POST), asks=True)
        card = card if given["code"] == CODE else ""
    fake.present(charge, card)
    _tell(charge)
    if card == fake.Card.FAILS_AFTER:
        return render(request, "checkout/demo_bank_failed.html", status=500)
    return _back(charge)


def _back(charge: DemoCharge) -> HttpResponse:
    """To where the shop said, and never to another host."""
    return SeeOther(urlsplit(charge.return_url).path or "/")


def _page(request, charge: DemoCharge, form, asks: bool = False) -> HttpResponse:
    context = {"charge": charge, "form": form, "asks": asks, "code": CODE}
    return render(request, "checkout/demo_bank.html", context)


def _tell(charge: DemoCharge) -> None:
    """The bank's notice, twice, as banks do when they are not sure."""
    if charge.state != DemoCharge.State.WAITING:
        for _n in range(2):
            outbox.defer(send_notice, charge_id=charge.pk)


@app.task(name="checkout.demo_bank_notice", retry=PATIENCE)
def send_notice(charge_id: int) -> None:
    """Post the notice to the shop's own address, signed, as a bank would."""
    import urllib.request

    charge = DemoCharge.objects.get(pk=charge_id)
    body = fake.notice_body(charge, f"evt-{charge.reference}-{charge.state}")
    signature = signatures.sign(body, settings.DEMO_BANK_SECRET, now=timezone.now())
    request = urllib.request.Request(  # noqa: S310
        f"{settings.PUBLIC_URL}/webhooks/fake/",
        data=body,
        headers={"Content-Type": "application/json", fake.HEADER: signature},
    )
    # Only ever the demo's own address.
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        answer.read()
