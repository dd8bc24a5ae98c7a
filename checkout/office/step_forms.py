"""What staff are asked before a step with an order is taken."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checkout import cancelling, fulfilment, orders, resending
from checkout.models import Order, OrderLine
from checkout.models.payment import new_key

Status = Order.Status
LONGEST_NOTE = 240


class StepForm(forms.Form):
    """``key`` is new with every page: the same page sent twice is one press."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    too_many = _("So many are not left to send: %(skus)s.")

    def __init__(self, *args, order: Order, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields["key"].initial = new_key

    def carry_out(self, **said) -> None:
        raise NotImplementedError


class PiecesForm(StepForm):
    """Asks how many of each line. Who may have how many is for the deed to judge, which
    holds the order's lock."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        asked = {self.name(line): self._field(line) for line in self.lines()}
        # Pieces first: what else there is to say is about them.
        self.fields = asked | self.fields

    def lines(self) -> list[OrderLine]:
        return list(self.order.lines.all())

    @staticmethod
    def name(line: OrderLine) -> str:
        return f"line_{line.pk}"

    @staticmethod
    def _field(line: OrderLine) -> forms.IntegerField:
        option = f", {line.option_label}" if line.option_label else ""
        return forms.IntegerField(
            label=f"{line.title}{option} ({line.sku})",
            help_text=_("%(n)d left to send") % {"n": line.left},
            min_value=0,
            max_value=line.quantity,
            initial=line.left,
            required=False,
        )

    def pieces(self) -> dict[int, int] | None:
        """{order line id: pieces}"""
        typed = {line.pk: self.cleaned_data[self.name(line)] for line in self.lines()}
        return {line_id: pieces for line_id, pieces in typed.items() if pieces}


class SendForm(PiecesForm):
    carrier = forms.CharField(label=_("Carrier"), max_length=60, required=False)
    tracking_code = forms.CharField(
        label=_("Tracking code"), max_length=60, required=False
    )

    def carry_out(self, **said) -> None:
        fulfilment.fulfil(
            self.order.pk,
            self.pieces(),
            carrier=self.cleaned_data["carrier"],
            tracking_code=self.cleaned_data["tracking_code"],
            **said,
        )


class CancelForm(PiecesForm):
    """An order that waits for its payment is cancelled whole: it asks for no pieces."""

    goods = forms.ChoiceField(
        label=_("The pieces go"),
        choices=[
            ("restock", _("back on the shelf")),
            ("scrap", _("away: they are scrapped")),
        ],
        initial="restock",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the history. The shopper does not see it."),
        max_length=LONGEST_NOTE,
    )

    def lines(self) -> list[OrderLine]:
        return [] if self.order.status == Status.PREPARED else super().lines()

    def pieces(self) -> dict[int, int] | None:
        return None if self.order.status == Status.PREPARED else super().pieces()

    def carry_out(self, **said) -> None:
        cancelling.cancel(
            self.order.pk,
            self.pieces(),
            is_scrap=self.cleaned_data["goods"] == "scrap",
            reason=self.cleaned_data["reason"],
            **said,
        )


class NoteForm(StepForm):
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For the history. The shopper does not see it."),
        max_length=LONGEST_NOTE,
    )

    def carry_out(self, **said) -> None:
        orders.add_note(self.order.pk, self.cleaned_data["note"], **said)


class LetterForm(StepForm):
    letter = forms.ChoiceField(label=_("Letter"), widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        letters = resending.letters(self.order)
        self.fields["letter"].choices = [(x.pk, x.words) for x in letters]
        self.fields["letter"].help_text = self.order.email

    def carry_out(self, **said) -> None:
        resending.send_again(self.order.pk, int(self.cleaned_data["letter"]), **said)
