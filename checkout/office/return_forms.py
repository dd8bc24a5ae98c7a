"""What staff are asked about a return, and about money that goes back as goodwill."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checkout import goodwill, returns
from checkout.models import ReturnLine
from checkout.office.step_forms import LONGEST_NOTE, StepForm
from checkout.returns import Arrived
from shop.money import PLACES, written

Goods = ReturnLine.Goods


class NoteToShopper(forms.CharField):
    def __init__(self, **kwargs):
        kwargs = {"label": _("For the shopper"), "max_length": LONGEST_NOTE} | kwargs
        super().__init__(**kwargs)


class AcceptForm(StepForm):
    note = NoteToShopper(
        required=False, help_text=_("Stands in the letter, below the address.")
    )

    def carry_out(self, **said) -> None:
        returns.accept(self.order.pk, note=self.cleaned_data["note"], **said)


class RefuseForm(StepForm):
    note = NoteToShopper(help_text=_("Why. Stands in the letter."))

    def carry_out(self, **said) -> None:
        returns.refuse(self.order.pk, note=self.cleaned_data["note"], **said)


class ReceiveForm(StepForm):
    """Asks of each line of the return how many came, and where they go."""

    too_many = _("So many were not to come: %(skus)s.")
    note = NoteToShopper(required=False, help_text=_("Stands in the letter."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = returns.lines_of_open(self.order)
        asked = {}
        for line in self.lines:
            asked[f"line_{line.order_line_id}"] = _count_of(line)
            asked[f"goods_{line.order_line_id}"] = forms.ChoiceField(
                label=_("They go"),
                choices=Goods.choices,
                initial=Goods.RESTOCK,
                widget=forms.RadioSelect,
            )
        self.fields = asked | self.fields

    def arrived(self) -> dict[int, Arrived]:
        """{order line id: what came of it}"""
        ids = [line.order_line_id for line in self.lines]
        return {
            pk: Arrived(n, self.cleaned_data[f"goods_{pk}"])
            for pk in ids
            if (n := self.cleaned_data[f"line_{pk}"])
        }

    def carry_out(self, **said) -> None:
        note = self.cleaned_data["note"]
        returns.receive(self.order.pk, self.arrived(), note=note, **said)


def _count_of(line: ReturnLine) -> forms.IntegerField:
    option = f", {line.order_line.option_label}" if line.order_line.option_label else ""
    return forms.IntegerField(
        label=f"{line.order_line.title}{option} ({line.order_line.sku})",
        help_text=_("%(n)d were to come") % {"n": line.asked},
        min_value=0,
        max_value=line.asked,
        initial=line.asked,
        required=False,
    )


class GoodwillForm(StepForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the history. The shopper does not see it."),
        max_length=LONGEST_NOTE,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        most = written(goodwill.most_of(self.order), self.order.currency)
        amount = forms.DecimalField(
            label=_("Amount"),
            help_text=_("At most %(most)s") % {"most": most},
            min_value=0,
            max_digits=11,
            decimal_places=PLACES.get(self.order.currency, 2),
        )
        self.fields = {"amount": amount} | self.fields

    def carry_out(self, **said) -> None:
        asked = self.cleaned_data
        goodwill.give(self.order.pk, asked["amount"], reason=asked["reason"], **said)
