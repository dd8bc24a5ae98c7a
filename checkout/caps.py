"""How many pieces of a drop one customer may have, all their orders together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Lower

from checkout import codes
from checkout.coupons import Customer
from checkout.errors import OverTheCap
from checkout.models import Drop, Order, OrderLine
from checkout.writing import Agreed


@dataclass(frozen=True)
class Had:
    """Pieces of a product that somebody has ordered."""

    product_id: int
    customer: Customer
    pieces: int

    def is_by(self, other: Customer) -> bool:
        account_id = self.customer.account_id
        is_account = account_id is not None and account_id == other.account_id
        return is_account or self.customer.fingerprint == other.fingerprint


class Caps:
    """``most``: {product id: pieces}, and what was ordered of those products."""

    def __init__(self, most: dict[int, int], had: Iterable[Had]):
        self.most = most
        self.had = list(had)

    def refuse_above(self, customer: Customer, agreed: Agreed) -> None:
        """Raises:
        OverTheCap: with this order the customer would have more than they may.
        """
        for product_id, pieces in _pieces(agreed).items():
            most = self.most.get(product_id)
            if most is None:
                continue
            before = sum(
                had.pieces
                for had in self.had
                if had.product_id == product_id and had.is_by(customer)
            )
            if before + pieces > most:
                raise OverTheCap(_title(agreed, product_id), most, before)

    def add(self, customer: Customer, agreed: Agreed) -> None:
        """The customer has these too."""
        self.had += [
            Had(product_id, customer, pieces)
            for product_id, pieces in _pieces(agreed).items()
            if product_id in self.most
        ]


def count(asking: Sequence[tuple[Customer, Agreed]]) -> Caps:
    """The caps of what is asked for, and what these customers have ordered or hold of
    it. Two queries, one where no cap is.

    The caller has claimed the products' lines: nobody else orders of them meanwhile.
    """
    wanted = {pk for _, agreed in asking for pk in agreed.seen.product_ids}
    drops = Drop.objects.filter(product_id__in=wanted)
    limits = drops.values_list("product_id", "most_per_customer")
    most = {product_id: limit for product_id, limit in limits if limit is not None}
    return Caps(most, _ordered(most, asking) if most else ())


def _ordered(
    product_ids: Iterable[int], asking: Sequence[tuple[Customer, Agreed]]
) -> Iterable[Had]:
    customers = [customer for customer, _ in asking]
    by_them = (
        Q(order__attempt__customer__in={one.fingerprint for one in customers})
        | Q(order__customer_id__in={one.account_id for one in customers} - {None})
        | Q(low__in={agreed.wanted.address.email.lower() for _, agreed in asking})
    )
    lines = (
        OrderLine.objects.filter(variant__product_id__in=list(product_ids))
        .exclude(order__status=Order.Status.CANCELLED)
        .annotate(low=Lower("order__email"), product_id=F("variant__product_id"))
        .filter(by_them)
        .select_related("order")
    )
    for line in lines:
        order = line.order
        customer = Customer(codes.customer(order.email), order.customer_id)
        yield Had(line.product_id, customer, line.quantity - line.cancelled)


def _pieces(agreed: Agreed) -> dict[int, int]:
    """{product id: pieces} of an order."""
    pieces: dict[int, int] = {}
    for item, offer in agreed.seen.look.offered:
        pieces[offer.product_id] = pieces.get(offer.product_id, 0) + item.quantity
    return pieces


def _title(agreed: Agreed, product_id: int) -> str:
    offers = [offer for _, offer in agreed.seen.look.offered]
    return next(one.title for one in offers if one.product_id == product_id)
