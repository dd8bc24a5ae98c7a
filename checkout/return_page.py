"""Where a shopper asks to send pieces back, behind the order's own link."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from checkout import order_pages, returns, submission
from checkout.answers import SeeOther
from checkout.errors import CartBusy
from checkout.models import Order, OrderLine, Return
from checkout.pieces import NotAllowedNow, PiecesRefused
from home.cacheable import private
from home.forms import FieldAtPlace

LONGEST_WORDS = 600


class ReturnForm(forms.Form):
    """How many of each line, and why. ``fields_of_lines`` are the bound fields of the
    pieces; whether there are as many is judged by the deed, under its lock."""

    bound_field_class = FieldAtPlace
    use_required_attribute = True

    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=[("", gettext_lazy("Please choose")), *Return.Reason.choices],
        widget=forms.Select({"class": "select"}),
        error_messages={"required": gettext_lazy("Choose why you send it back")},
    )
    words = forms.CharField(
        label=gettext_lazy("Anything we should know"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"class": "textarea", "rows": 4}),
    )
    key = forms.CharField(
        min_length=8, max_length=submission.LONGEST_KEY, widget=forms.HiddenInput
    )

    def __init__(self, *args, order_lines: list[OrderLine], **kwargs):
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        self.order_lines = [line for line in order_lines if line.kept]
        self.fields["key"].initial = submission.new_key
        for line in self.order_lines:
            self.fields[f"line-{line.pk}"] = _count_of(line)

    def fields_of_lines(self) -> list:
        return [self[f"line-{line.pk}"] for line in self.order_lines]

    def pieces(self) -> dict[int, int]:
        """{order line id: pieces}"""
        typed = {
            line.pk: self.cleaned_data[f"line-{line.pk}"] for line in self.order_lines
        }
        return {line_id: n for line_id, n in typed.items() if n}

    def clean(self):
        cleaned = super().clean()
        has_errors = any(field.errors for field in self.fields_of_lines())
        if self.order_lines and not has_errors and not self.pieces():
            first = f"line-{self.order_lines[0].pk}"
            self.add_error(first, _("Say of at least one piece how many come back"))
        return cleaned


def _count_of(line: OrderLine) -> forms.IntegerField:
    option = f", {line.option_label}" if line.option_label else ""
    most = {"n": line.kept}
    return forms.IntegerField(
        label=f"{line.title}{option}",
        help_text=_("%(n)d can come back") % most,
        min_value=0,
        max_value=line.kept,
        required=False,
        widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write how many, in digits"),
            "max_value": _("No more than %(n)d can come back") % most,
            "min_value": _("Write 0 for what stays"),
        },
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request, token: str):
    """The form, and its sending; 422 for what it cannot mean, 409 where nothing may
    come back (any more), both with everything that was typed."""
    order = order_pages.of_token(token)
    if request.method != "POST":
        is_open = returns.may_be_asked(order, order.order_lines, now=timezone.now())
        form = ReturnForm(order_lines=order.order_lines)
        return _page(request, order, form, is_open=is_open)
    form = ReturnForm(request.POST, order_lines=order.order_lines)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    try:
        _ask(order, form)
    except NotAllowedNow:
        return _page(request, order, form, is_open=False, status=409)
    except PiecesRefused:
        form.add_error(None, _("You do not have so many of these pieces any more"))
        return _page(request, order, form, status=422)
    except CartBusy:
        form.add_error(None, _("Somebody else is at this order; try once more"))
        return _page(request, order, form, status=409)
    return SeeOther(f"{order.get_absolute_url()}#return")


def _ask(order: Order, form: ReturnForm) -> None:
    returns.ask(
        order.pk,
        form.pieces(),
        reason=form.cleaned_data["reason"],
        words=form.cleaned_data["words"],
        key=form.cleaned_data["key"],
        now=timezone.now(),
    )


def _page(
    request, order, form: ReturnForm, *, is_open: bool = True, status: int = 200
) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "is_open": is_open,
        "asked": returns.open_return(order),
        "ends_at": returns.ends_at(order),
        "error_list": [
            ("reason" if name == "__all__" else name, sentence)
            for name, sentences in form.errors.items()
            for sentence in sentences
        ],
    }
    # No "no-referrer" as on the order's other pages: browsers would not say where the
    # form comes from either. No other site is told the address, by the shop's policy.
    return render(request, "checkout/return.html", context, status=status)
