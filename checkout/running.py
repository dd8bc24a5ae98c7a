"""Promotions that run at this moment, and what stands against a code.

No cache is read here, so these words may be used inside a transaction that sells.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from checkout import codes, coupons
from checkout.models import Cart, PromotedProduct, Promotion, Redemption
from checkout.promotions import Kind, Reason, Rule

RELEASED = Redemption.State.RELEASED


@dataclass(frozen=True)
class Running:
    """The rules that may take something off, the code's among them. ``refusal`` is why
    the code is not, ``when`` the moment that it is about."""

    rules: tuple[Rule, ...] = ()
    refusal: Reason | None = None
    when: datetime | None = None


def running(cart: Cart, *, email: str, now: datetime) -> Running:
    """What runs for a cart, in one query. Without an e-mail address nobody has used
    anything before, unless by their account."""
    own = _count(_kept().filter(_by(cart, email)))
    rows = _promotions({cart.coupon_code}, {cart.currency}).annotate(own_uses=own)
    return _running(cart.coupon_code, list(rows), now)


def running_for_each(
    asking: Sequence[tuple[Cart, str, datetime]],
) -> list[Running]:
    """The same for many, (cart, e-mail, moment) each: two queries, however many."""
    carts = [cart for cart, _, _ in asking]
    codes_asked = {cart.coupon_code for cart in carts}
    rows = list(_promotions(codes_asked, {cart.currency for cart in carts}))
    customers = [_customer(cart, email) for cart, email, _ in asking]
    own = coupons.count_own([row.pk for row in rows], customers)
    found = []
    for (cart, _, now), customer in zip(asking, customers, strict=True):
        of_cart = [
            row
            for row in rows
            if row.currency == cart.currency and row.code in (None, cart.coupon_code)
        ]
        for row in of_cart:
            row.own_uses = int(coupons.has_used(own, row.pk, customer))
        found.append(_running(cart.coupon_code, of_cart, now))
    return found


def _customer(cart: Cart, email: str) -> coupons.Customer:
    return coupons.Customer(codes.customer(email), cart.customer_id)


def _running(code: str, rows, now: datetime) -> Running:
    rules = [_rule(row) for row in rows if not _against(row, now)]
    if not code:
        return Running(tuple(rules))
    for row in rows:
        if row.code == code:
            reason = _against(row, now)
            when = row.starts_at if reason == Reason.NOT_YET else row.ends_at
            return Running(tuple(rules), reason, when)
    return Running(tuple(rules), Reason.UNKNOWN)


def product_tags(product_id: int, category_path: str, brand_id: int | None) -> set[str]:
    """What promotions know a product by: itself, its brand, and its category with all
    above it."""
    words = category_path.split("/")
    above = ("/".join(words[: n + 1]) for n in range(len(words)))
    brand = {f"brand:{brand_id}"} if brand_id else set()
    return {f"product:{product_id}", *brand, *(f"category:{path}" for path in above)}


def _promotions(codes_asked: Collection[str], currencies: Collection[str]):
    asked = Q(code__in=set(codes_asked) - {""})
    of_all = Promotion.objects.filter(asked | Q(code=None, is_active=True))
    return (
        of_all.filter(currency__in=currencies)
        .annotate(
            category_paths=_ids(Promotion.categories.through, "category__url_path"),
            brand_ids=_ids(Promotion.brands.through, "brand"),
            product_ids=_ids(PromotedProduct, "product"),
            uses=_count(_kept()),
        )
        .order_by("priority", "pk")
    )


def _kept():
    of_one = Redemption.objects.filter(promotion=OuterRef("pk"))
    return of_one.exclude(state=RELEASED)


def _ids(model, field: str) -> ArraySubquery:
    return ArraySubquery(model.objects.filter(promotion=OuterRef("pk")).values(field))


def _count(redemptions) -> Coalesce:
    counted = redemptions.order_by().values("promotion").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def _by(cart: Cart, email: str) -> Q:
    """By the same customer: their address, or their account."""
    by_address = Q(customer=codes.customer(email)) if email else Q(pk__in=())
    if cart.customer_id is None:
        return by_address
    return by_address | Q(account_id=cart.customer_id)


def _against(row, now: datetime) -> Reason | None:
    if not row.is_active:
        return Reason.UNKNOWN
    if row.starts_at and row.starts_at > now:
        return Reason.NOT_YET
    if row.ends_at and row.ends_at <= now:
        return Reason.OVER
    if row.most_uses is not None and row.uses >= row.most_uses:
        return Reason.USED_UP
    if row.once_per_customer and row.own_uses:
        return Reason.USED_BEFORE
    return None


def _rule(row) -> Rule:
    return Rule(
        key=row.pk,
        name=row.name,
        kind=Kind(row.kind),
        value=row.value,
        code=row.code or "",
        tags=frozenset(_tags(row)),
        least_total=row.least_total,
        priority=row.priority,
        combines=row.combines,
        is_scarce=row.most_uses is not None or row.once_per_customer,
    )


def _tags(row) -> Iterable[str]:
    yield from (f"category:{path}" for path in row.category_paths)
    yield from (f"brand:{pk}" for pk in row.brand_ids)
    yield from (f"product:{pk}" for pk in row.product_ids)
