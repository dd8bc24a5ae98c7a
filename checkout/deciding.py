"""What becomes of the attempts of a batch: each is judged in the order of its place by
what those before it have left, in memory, under the locks of all rows at once."""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from checkout import caps, coupons, places, problems, verdicts, writing
from checkout.coupons import Customer, Uses
from checkout.errors import (
    CartChanged,
    CheckoutError,
    CouponRefused,
    EmptyCart,
    NotForSale,
    OutOfStock,
    OverTheCap,
    SaleClosed,
    SetAside,
    TotalChanged,
)
from checkout.finalization import out_of_stock
from checkout.models import Cart, CheckoutAttempt, Order
from checkout.review import Asking, Review, review_each
from checkout.writing import Agreed
from shop import inventory

Reason, State = CheckoutAttempt.Reason, CheckoutAttempt.State
REASONS: list[tuple[type[CheckoutError], CheckoutAttempt.Reason]] = [
    (OutOfStock, Reason.SOLD_OUT),
    (OverTheCap, Reason.OVER_THE_CAP),
    (TotalChanged, Reason.TOTAL_CHANGED),
    (CouponRefused, Reason.COUPON),
    (NotForSale, Reason.WITHDRAWN),
    (CartChanged, Reason.CART_CHANGED),
    (SaleClosed, Reason.CLOSED),
    (SetAside, Reason.SET_ASIDE),
]
WRITE = """
UPDATE checkout_checkoutattempt a SET
    state = said.state, reason = said.reason, said = said.words::jsonb,
    order_id = said.order_id, decided_at = %s,
    asked = CASE said.state WHEN 'settled' THEN '{}'::jsonb ELSE a.asked END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[])
    AS said (id, state, reason, words, order_id)
WHERE a.id = said.id
"""


class Waiting(NamedTuple):
    """An attempt as its line shows it, before anything is locked."""

    pk: int
    cart_id: int
    product_ids: list[int]


@dataclass
class Case:
    """An attempt on its way to a decision: its order, or why it is refused."""

    attempt: CheckoutAttempt
    refusal: CheckoutError | None = None
    order: Order | None = None

    @property
    def customer(self) -> Customer:
        return Customer(self.attempt.customer, self.attempt.cart.customer_id)


Agreements = Sequence[tuple[Case, Agreed]]


def decide(batch: Sequence[Waiting], *, now: datetime) -> None:
    """Decide attempts, in their order, and write what follows from it.

    Locks their carts, then the stock of all lines in primary-key order, then promotions
    that have a limit, until commit; each row once. The caller has claimed their lines.
    """
    cases = _still_waiting(batch)
    agreed = _agree([case for case in cases if case.refusal is None])
    if agreed:
        _serve(agreed, now)
    _write(cases, now)


def refuse(batch: Sequence[Waiting], why: CheckoutError, *, now: datetime) -> None:
    """Refuse attempts that wait, all for one reason. Locks their carts. The caller has
    claimed their lines."""
    cases = _still_waiting(batch)
    for case in cases:
        case.refusal = case.refusal or why
    _write(cases, now)


def _still_waiting(batch: Sequence[Waiting]) -> list[Case]:
    """Those that nobody has given up, their carts locked and read again."""
    carts = Cart.objects.lock_all([one.cart_id for one in batch])
    cases = []
    for attempt in CheckoutAttempt.objects.still_waiting([one.pk for one in batch]):
        cart = attempt.cart = carts[attempt.cart_id]
        is_same = cart.version == attempt.cart_version and cart.is_open
        cases.append(Case(attempt, refusal=None if is_same else CartChanged()))
    _refuse_forms_sent_before(cases)
    return cases


def _refuse_forms_sent_before(cases: Sequence[Case]) -> None:
    """A form that its owner has sent from another cart makes no second order."""
    keys = [case.attempt.form_key for case in cases if case.attempt.form_key]
    sent = set(
        Order.objects.filter(form_key__in=keys).values_list("principal", "form_key")
    )
    for case in cases:
        form = (case.attempt.cart.principal, case.attempt.form_key)
        if form[1] and form in sent:
            case.refusal = case.refusal or CartChanged()
        sent.add(form)


def _agree(cases: Sequence[Case]) -> list[tuple[Case, Agreed]]:
    """Look at all carts for the moment of their click, with as many queries as one;
    most in a line want the same, which is priced once."""
    wanted = [places.wanted_of(case.attempt) for case in cases]
    asking = [
        Asking(
            cart=case.attempt.cart,
            country=one.address.country,
            delivery_code=one.delivery_code,
            email=one.address.email,
            now=case.attempt.clicked_at,
        )
        for case, one in zip(cases, wanted, strict=True)
    ]
    agreed, priced = [], dict[Hashable, Review]()
    for case, one, seen in zip(cases, wanted, review_each(asking), strict=True):
        known = priced.setdefault(seen.basket, seen)
        try:
            agreed.append((case, writing.agree(case.attempt.cart, known, one)))
        except EmptyCart:
            case.refusal = CartChanged()
        except CheckoutError as refusal:
            case.refusal = refusal
    return agreed


def _serve(agreed: Agreements, now: datetime) -> None:
    """Give what is left to those who were first, and write their orders."""
    stock = inventory.lock_stock(
        {pk for _, one in agreed for pk in one.seen.variant_ids}
    )
    scarce = {pk for _, one in agreed for pk in _scarce(one)}
    left = Left(
        pieces=inventory.pieces_left(stock),
        uses=Uses(scarce, [case.customer for case, _ in agreed]),
        caps=caps.count([(case.customer, one) for case, one in agreed]),
    )
    served = []
    for case, one in agreed:
        try:
            left.take(case.customer, one)
        except CheckoutError as refusal:
            case.refusal = refusal
        else:
            served.append((case, one))
    if served:
        _write_orders(served, stock, left.uses, now)


@dataclass(frozen=True)
class Left:
    """What those who were served already have left: pieces of variants, uses of
    promotions, and what one customer may still have."""

    pieces: dict[int, int]
    uses: Uses
    caps: caps.Caps

    def take(self, customer: Customer, agreed: Agreed) -> None:
        """All that one order wants, or nothing.

        Raises:
            OutOfStock, OverTheCap, CouponRefused
        """
        seen, scarce = agreed.seen, _scarce(agreed)
        wanted = seen.pieces_by_variant
        if shortages := inventory.find_shortages(self.pieces, wanted):
            raise out_of_stock(seen, shortages)
        self.caps.refuse_above(customer, agreed)
        self.uses.refuse_if_gone(scarce, customer)
        for variant_id, quantity in wanted.items():
            self.pieces[variant_id] -= quantity
        self.caps.add(customer, agreed)
        self.uses.add(scarce, customer)


def _scarce(agreed: Agreed) -> list[int]:
    return coupons.scarce(agreed.seen.quote.discounts)


def _write_orders(served: Agreements, stock, uses: Uses, now: datetime) -> None:
    written = writing.write([one for _, one in served], now=now)
    demands = [demand for one in written for demand in one.demands]
    inventory.reserve(stock, demands, now=now)
    held = [
        (order.order, one.seen.quote.discounts)
        for order, (_, one) in zip(written, served, strict=True)
    ]
    coupons.write_held(held, uses, now=now)
    for one, (case, _) in zip(written, served, strict=True):
        case.order = one.order


def _write(cases: Sequence[Case], now: datetime) -> None:
    """Write the decisions, and have those told who have no other letter coming."""
    if not cases:
        # All were given up between the look at their line and the locks of their carts.
        return
    rows = [_row(case) for case in cases]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE, [now, *(list(column) for column in zip(*rows, strict=True))]
        )
    verdicts.defer(
        case.attempt.pk
        for case in cases
        if case.order is None or case.order.is_paid_online
    )


def _row(case: Case) -> tuple:
    """(id, state, reason, words, order id)"""
    key = case.attempt.pk
    if case.order:
        return key, State.SETTLED.value, "", "[]", case.order.pk
    refusal = case.refusal or CartChanged()
    reason = next(
        (reason for kind, reason in REASONS if isinstance(refusal, kind)), Reason.OTHER
    )
    problem = problems.of(refusal, case.attempt.currency)
    words = json.dumps([problem.title, *problem.lines])
    return key, State.REFUSED.value, reason.value, words, None
