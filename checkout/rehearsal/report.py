"""What a rehearsal has shown, in figures, and whether it may be believed."""

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.db.models import Count, Sum

from checkout.invariants import violations
from checkout.models import CheckoutAttempt, Order, OrderLine
from checkout.rehearsal.buyers import NO_ANSWER, Outcome
from checkout.rehearsal.bystanders import (
    AFTERWARDS,
    BEFORE,
    CHECKOUT,
    LIST,
    MEANWHILE,
    ORDERED,
    PRODUCT,
    Phases,
    Seen,
)
from checkout.rehearsal.http import Traffic
from checkout.rehearsal.stage import Lot
from checkout.rehearsal.watching import Watch

SETTLED = (Order.Status.CONFIRMED, Order.Status.PAID)


def count_sold(lots: Sequence[Lot]) -> dict[str, int]:
    """{SKU: pieces sold}, paid or on invoice."""
    sold = OrderLine.objects.filter(order__status__in=SETTLED)
    return {
        lot.variant.sku: sold.filter(variant=lot.variant).aggregate(
            pieces=Sum("quantity")
        )["pieces"]
        or 0
        for lot in lots
    }


def count_orders(lots: Sequence[Lot]) -> int:
    """How many have an order for any of this, paid or on invoice."""
    sold = [lot.variant.pk for lot in lots]
    orders = Order.objects.filter(status__in=SETTLED, lines__variant__in=sold)
    return orders.distinct().count()


def inversions(lots: Sequence[Lot]) -> int:
    """Places that a later one has passed: in the order of sale, or to the last piece by
    somebody who wanted all that was refused before, and perhaps more."""
    found = 0
    for lot in lots:
        line = CheckoutAttempt.objects.in_line_for([lot.product.pk]).order_by("pk")
        rows = list(line.values_list("order_id", "state", "reason", "product_ids"))
        orders = [order_id for order_id, *_ in rows if order_id]
        found += sum(later < earlier for earlier, later in pairwise(orders))
        refused: set[frozenset[int]] = set()
        for _, state, reason, product_ids in rows:
            wanted = frozenset(product_ids)
            if reason == CheckoutAttempt.Reason.SOLD_OUT:
                refused.add(wanted)
            elif state == CheckoutAttempt.State.SETTLED:
                found += any(before <= wanted for before in refused)
    return found


def out_of_order(outcomes: Sequence[Outcome]) -> float:
    """Per cent of all pairs in line whose places are not in the order of their clicks:
    what network and servers do to presses of one moment, before any has a place."""
    tokens = {one.token for one in outcomes if one.token}
    places = dict(
        CheckoutAttempt.objects.filter(token__in=tokens).values_list("token", "pk")
    )
    clicked = sorted((o for o in outcomes if o.token), key=lambda o: o.clicked_at)
    seen: list[int] = []
    passed = 0
    for one in clicked:
        at = bisect(seen, places[one.token])
        passed += len(seen) - at
        seen.insert(at, places[one.token])
    pairs = len(clicked) * (len(clicked) - 1) / 2
    return 100 * passed / pairs if pairs else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@dataclass(frozen=True)
class Report:
    outcomes: Sequence[Outcome]
    traffic: Traffic
    lots: Sequence[Lot]
    sold: int | None
    wall: timedelta
    kills: int
    watch: Watch
    most_connections: int
    phases: Phases
    others: list[Seen]

    @property
    def ordered(self) -> int:
        return sum(one.answer == "ordered" for one in self.outcomes)

    @property
    def complaints(self) -> list[str]:
        """Everything that ought not to be; empty when all is well."""
        found = [f"{rule.code}: {words}" for rule, words in violations()]
        for sku, pieces in count_sold(self.lots).items():
            if self.sold is not None and pieces != self.sold:
                found.append(f"{sku}: {pieces} sold, {self.sold} expected")
        errors = sum(one.status == 500 for one in self.others)
        errors += self.traffic.statuses.get(500, 0)
        if errors:
            found.append(f"{errors} answers of 500")
        lost = [one for one in self.outcomes if one.answer in ("", NO_ANSWER)]
        if lost:
            found.append(f"{len(lost)} buyers without an answer")
        if (have := count_orders(self.lots)) != self.ordered:
            found.append(f"{have} have an order, {self.ordered} were told so")
        orders = [one for one in self.others if one.what == CHECKOUT]
        if not orders:
            found.append("nobody ordered anything else")
        refused = sum(one.status != ORDERED for one in orders)
        if refused and not self.kills:
            found.append(f"{refused} who wanted something else could not order it")
        # Of a web process that was killed, the database goes on for a moment.
        if self.watch.busy > self.most_connections and not self.kills:
            found.append(f"{self.watch.busy} connections at work at one moment")
        if passed := inversions(self.lots):
            found.append(f"{passed} places passed by a later one")
        unsettled = Order.objects.filter(status=Order.Status.PREPARED)
        for method, payments in unsettled.annotate(n=Count("payments")).values_list(
            "payment_method", "n"
        ):
            found.append(f"an order by {method}, {payments} payments: not settled")
        if waiting := CheckoutAttempt.objects.waiting().count():
            found.append(f"{waiting} still waiting")
        return found

    def lines(self) -> list[str]:
        seconds = self.wall.total_seconds()
        took = [one.took_s for one in self.outcomes]
        requests = self.traffic.took_s
        in_line = sum(bool(one.token) for one in self.outcomes)
        answers = Counter(one.answer for one in self.outcomes).most_common()
        statuses = sorted(self.traffic.statuses.items())
        return [
            f"{len(self.outcomes):,} buyers: {self.ordered:,} ordered, "
            f"{in_line:,} stood in line",
            f"{seconds:.1f} s from opening to the last answer, "
            f"{len(self.outcomes) / seconds:.0f} answers/s",
            "from click to answer: " + _percentiles(took),
            f"{len(requests):,} requests: " + _percentiles(requests),
            f"{self.traffic.dropped} requests broke off, {self.kills} processes killed",
            f"database: {self.watch.busy} connections at work at one moment, of "
            f"{self.most_connections} that may be; {self.watch.open} open",
            "answers: " + ", ".join(f"{answer} × {n}" for answer, n in answers),
            "statuses: " + ", ".join(f"{status} × {n:,}" for status, n in statuses),
            f"places passed by a later one: {inversions(self.lots)}",
            "pairs of clicks that took their places in another order: "
            f"{out_of_order(self.outcomes):.1f} %",
            *(self._of_others(what) for what in (LIST, PRODUCT, CHECKOUT)),
        ]

    def _of_others(self, what: str) -> str:
        """What those notice who want something else: beside the crowd, and before and
        after it, when the database holds nothing yet and when it holds its orders."""
        phases = (BEFORE, MEANWHILE, AFTERWARDS)
        took = [self.phases.took_s(self.others, phase, what) for phase in phases]
        words = [
            f"{phase} {_ms(s, 0.5)}, p95 {_ms(s, 0.95)} ms"
            for phase, s in zip(phases, took, strict=True)
        ]
        before, meanwhile, afterwards = took
        quiet = percentile([*before, *afterwards], 0.95)
        busy = percentile(meanwhile, 0.95)
        ratio = f"p95 × {busy / quiet:.2f}" if quiet and busy else "too few to compare"
        return f"others, {what}: {'; '.join(words)}; {ratio}"


def _ms(seconds: Sequence[float], share: float) -> str:
    return f"{percentile(seconds, share) * 1000:.1f}"


def _percentiles(seconds: Sequence[float]) -> str:
    shares = {"median": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1.0}
    return ", ".join(
        f"{name} {percentile(seconds, share):.2f} s" for name, share in shares.items()
    )
