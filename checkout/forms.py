"""The checkout form: address, delivery, payment."""

import re
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from checkout import countries, providers
from checkout.address import Address
from checkout.live import Terms
from checkout.models import Order
from home.forms import FieldAtPlace

PHONE = r"\+?[0-9][0-9 ()./-]{4,30}"
ADDRESS_FIELDS = tuple(Address.__dataclass_fields__)


def payment_methods() -> list[tuple]:
    """[(code, words)]: invoice, then the providers that the shop has."""
    invoice = Order.PaymentMethod.INVOICE
    online = [(p.code, p.label) for p in providers.offered().values()]
    return [(invoice.value, invoice.label), *online]


class Line(forms.CharField):
    """One line of text: runs of blanks and line breaks become one blank."""

    def to_python(self, value) -> str:
        return " ".join((super().to_python(value) or "").split())


def _input(autocomplete: str, kind: str = "text", **attributes) -> forms.TextInput:
    attributes = {"autocomplete": autocomplete, "class": "input"} | attributes
    widget = forms.TextInput(attributes)
    widget.input_type = kind
    return widget


class CheckoutForm(forms.Form):
    """Who, where to, how. Needs the shop's ``terms``, which name what is offered.

    For templates: each bound field's id is its name (``email``); its widget carries
    class, autocomplete, inputmode, required, aria-invalid and aria-describedby.
    Print ``<p id="<name>-hint">`` where ``help_text`` is set and
    ``<p id="<name>-error">`` where there are errors. ``delivery`` and ``payment`` are
    plain choices for radios of those names; their errors stand at ``delivery-error``
    and ``payment-error``.

    ``address()`` gives the cleaned address. The e-mail's domain is lower-cased.
    """

    bound_field_class = FieldAtPlace
    use_required_attribute = True

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("For the order and its tracking, nothing else."),
        widget=_input("email", "email", inputmode="email", spellcheck="false"),
        error_messages={
            "required": _("Write the email that the confirmation goes to"),
            "invalid": _("Write the email with an @, like marta@example.org"),
        },
    )
    name = Line(
        label=_("Full name"),
        max_length=120,
        widget=_input("name"),
        error_messages={"required": _("Write who the parcel is for")},
    )
    street = Line(
        label=_("Street and number"),
        max_length=160,
        widget=_input("address-line1"),
        error_messages={"required": _("Write the street and number")},
    )
    postcode = Line(
        label=_("Postcode"),
        max_length=16,
        widget=_input("postal-code", inputmode="text"),
        error_messages={"required": _("Write the postcode")},
    )
    city = Line(
        label=_("Town"),
        max_length=80,
        widget=_input("address-level2"),
        error_messages={"required": _("Write the town")},
    )
    country = forms.ChoiceField(
        label=_("Country"),
        widget=forms.Select({"autocomplete": "country", "class": "select"}),
        error_messages={
            "required": _("Choose the country"),
            "invalid_choice": _("We do not deliver to that country yet"),
        },
    )
    flat = Line(
        label=_("Flat, floor"),
        max_length=80,
        required=False,
        widget=_input("address-line2"),
    )
    company = Line(
        label=_("Company"),
        max_length=120,
        required=False,
        widget=_input("organization"),
    )
    phone = Line(
        label=_("Phone"),
        max_length=32,
        required=False,
        help_text=_("Only for the driver."),
        widget=_input("tel", "tel", inputmode="tel"),
    )
    delivery = forms.ChoiceField(
        label=_("Delivery"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how it shall travel"),
            "invalid_choice": _("That way of delivery is no longer offered"),
        },
    )
    payment = forms.ChoiceField(
        label=_("Payment"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you will pay"),
            "invalid_choice": _("That way of payment is not offered"),
        },
    )

    def __init__(self, *args, terms: Terms, **kwargs):
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        self.terms = terms
        country = cast(forms.ChoiceField, self.fields["country"])
        country.choices = countries.choices(m.countries for m in terms.methods)
        delivery = cast(forms.ChoiceField, self.fields["delivery"])
        delivery.choices = [(method.code, method.name) for method in terms.methods]
        payment = cast(forms.ChoiceField, self.fields["payment"])
        payment.choices = payment_methods()

    def address(self) -> Address:
        return Address(**{name: self.cleaned_data[name] for name in ADDRESS_FIELDS})

    def clean_email(self) -> str:
        local, at, domain = self.cleaned_data["email"].rpartition("@")
        return f"{local}{at}{domain.lower()}"

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and not re.fullmatch(PHONE, phone, re.ASCII):
            raise ValidationError(
                _("Write the number in digits, like +351 912 345 678")
            )
        return phone

    def clean(self):
        cleaned = super().clean()
        country = cleaned.get("country", "")
        self._refuse_strange_postcode(country, cleaned.get("postcode"))
        self._refuse_unreachable(country, cleaned.get("delivery"))
        return cleaned

    def _refuse_strange_postcode(self, code: str, postcode: str | None) -> None:
        country = countries.COUNTRIES.get(code)
        if country and postcode and not country.has_postcode(postcode):
            sentence = _("Postcodes in %(country)s look like %(example)s")
            words = {"country": country.name, "example": country.example}
            self.add_error("postcode", ValidationError(sentence, params=words))

    def _refuse_unreachable(self, country: str, delivery: str | None) -> None:
        for method in self.terms.methods:
            if country and method.code == delivery and not method.reaches(country):
                sentence = _("%(method)s does not go to %(country)s; choose another")
                words = {"method": method.name, "country": countries.name(country)}
                self.add_error("delivery", ValidationError(sentence, params=words))
