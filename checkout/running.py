"""Promotions that run at this moment, and what stands against a code.

No cache is read here, so these words may be used inside a transaction that sells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from checkout import codes, coupons
from checkout.models import Cart, Promotion
from checkout.promotions import Kind, Reason, Rule

# Written out, as in ``checkout.live``. Uses are counted only where they are limited.
ROWS = """
    SELECT p.*, kept.uses, kept.own_uses,
           ARRAY(SELECT c.url_path FROM checkout_promotion_categories x
                 JOIN shop_category c ON c.id = x.category_id
                 WHERE x.promotion_id = p.id) AS category_paths,
           ARRAY(SELECT x.brand_id FROM checkout_promotion_brands x
                 WHERE x.promotion_id = p.id) AS brand_ids,
           ARRAY(SELECT x.product_id FROM checkout_promotedproduct x
                 WHERE x.promotion_id = p.id) AS product_ids
    FROM checkout_promotion p CROSS JOIN LATERAL (
        SELECT count(*) AS uses, count(*) FILTER (
                   WHERE r.customer = %(customer)s OR r.account_id = %(account)s
               ) AS own_uses
        FROM checkout_redemption r
        WHERE r.promotion_id = p.id AND r.state <> 'released'
          AND (p.most_uses IS NOT NULL OR p.once_per_customer)
    ) kept
    WHERE p.currency = ANY(%(currencies)s)
      AND (p.code = ANY(%(codes)s) OR (p.code IS NULL AND p.is_active))
    ORDER BY p.priority, p.id
"""


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
    rows = _rows([cart], codes.customer(email) if email else None, cart.customer_id)
    return _running(cart.coupon_code, rows, now)


def running_for_each(
    asking: Sequence[tuple[Cart, str, datetime]],
) -> list[Running]:
    """The same for many, (cart, e-mail, moment) each: two queries, however many."""
    rows = _rows([cart for cart, _, _ in asking])
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


def _running(code: str, rows: Sequence, now: datetime) -> Running:
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


def _rows(
    carts: Sequence[Cart], customer: str | None = None, account: int | None = None
) -> list:
    """Promotions that may concern these carts. ``own_uses`` are those of a customer,
    by fingerprint or account."""
    asked = {
        "codes": list({cart.coupon_code for cart in carts} - {""}),
        "currencies": list({cart.currency for cart in carts}),
        "customer": customer,
        "account": account,
    }
    return list(Promotion.objects.raw(ROWS, asked))


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
