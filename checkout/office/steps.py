"""What staff may do with an order: each step has a permission, a state in which it is
open, a form that asks before anything happens, and the one function that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checkout import cancelling, fulfilment, goodwill, resending, returns
from checkout.models import Order
from checkout.office.return_forms import (
    AcceptForm,
    GoodwillForm,
    ReceiveForm,
    RefuseForm,
)
from checkout.office.step_forms import (
    CancelForm,
    LetterForm,
    NoteForm,
    SendForm,
    StepForm,
)


@dataclass(frozen=True)
class Step:
    """``button`` is what the last press says, ``warning`` what stands above it."""

    code: str
    label: str | Promise
    button: str | Promise
    done: str | Promise
    icon: str
    permission: str
    form: type[StepForm]
    is_open: Callable[[Order], bool]
    warning: str | Promise = ""

    def is_offered(self, order: Order, user) -> bool:
        return user.has_perm(self.permission) and self.is_open(order)

    def take(self, form: StepForm, *, by: AbstractBaseUser, now: datetime) -> None:
        """
        Raises:
            NotAllowedNow, PiecesRefused, AmountRefused, CartBusy
        """
        form.carry_out(key=form.cleaned_data["key"], by=by, now=now)


STEPS = (
    Step(
        "send",
        _("Send pieces"),
        _("They are on their way"),
        _("Noted as sent. The shopper gets a letter."),
        "mail",
        "checkout.fulfil_order",
        SendForm,
        fulfilment.may_be_sent,
        _("The shopper is told at once what is on its way, and under which code."),
    ),
    Step(
        "cancel",
        _("Cancel pieces"),
        _("Cancel them"),
        _("Cancelled. The shopper gets a letter."),
        "cross",
        "checkout.cancel_order",
        CancelForm,
        cancelling.may_be_cancelled,
        _(
            "What was paid for the pieces goes back to the shopper, who is told at"
            " once. This cannot be undone."
        ),
    ),
    Step(
        "accept",
        _("Accept the return"),
        _("Let them send it"),
        _("Accepted. The shopper gets a letter that says where to send it."),
        "check",
        "checkout.return_order",
        AcceptForm,
        returns.awaits_answer,
    ),
    Step(
        "receive",
        _("Take in the return"),
        _("It is here"),
        _("Taken in. The shopper gets a letter."),
        "download",
        "checkout.return_order",
        ReceiveForm,
        returns.is_open,
        _(
            "What was paid for the pieces goes back to the shopper, who is told at"
            " once. This cannot be undone."
        ),
    ),
    Step(
        "refuse",
        _("Refuse the return"),
        _("Refuse it"),
        _("Refused. The shopper gets a letter."),
        "cross",
        "checkout.return_order",
        RefuseForm,
        returns.is_open,
    ),
    Step(
        "goodwill",
        _("Give money back"),
        _("Give it back"),
        _("It goes back. The shopper gets a letter."),
        "rotate",
        "checkout.refund_order",
        GoodwillForm,
        goodwill.may_be_given,
        _("Without any piece coming back. This cannot be undone."),
    ),
    Step(
        "note",
        _("Write a note"),
        _("Add the note"),
        _("The note is in the history."),
        "comment",
        "checkout.change_order",
        NoteForm,
        lambda order: True,
    ),
    Step(
        "letter",
        _("Send a letter again"),
        _("Send it again"),
        _("The letter is on its way again."),
        "resubmit",
        "checkout.change_order",
        LetterForm,
        lambda order: bool(resending.letters(order)),
    ),
)


def find(code: str) -> Step | None:
    return next((step for step in STEPS if step.code == code), None)


def offered(order: Order, user) -> list[Step]:
    return [step for step in STEPS if step.is_offered(order, user)]
