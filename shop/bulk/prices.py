"""Regular prices of many products, by one rule."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from shop.bulk.rule import PriceRule, Refusal, Refused
from shop.bulk.together import AT_ONCE, PlanChanged, note
from shop.models import Product, Variant
from shop.prices import apply_due, change_regular, lock, show
from shop.turns import turns

# Whether somebody may change that very variant.
May = Callable[[Variant], bool]


class PriceRow(NamedTuple):
    """``key`` is the variant's; ``new`` is None where ``refusal`` says why not."""

    key: int
    product_id: int
    title: str
    label: str
    sku: str
    currency: str
    old: Decimal
    new: Decimal | None
    refusal: Refusal | None

    @property
    def state(self) -> str:
        """What must still be so when it is confirmed."""
        return f"{self.old}"


def plan(product_ids: Collection[int], rule: PriceRule, *, may: May) -> list[PriceRow]:
    """What would become of all variants of these products: one query."""
    variants = (
        Variant.objects.filter(product__in=product_ids)
        .select_related("product")
        .order_by("product__title", "product", "position", "pk")
        .only(
            *("sku", "option_label", "price", "regular_price", "currency"),
            "product__title",
        )
    )
    rows = []
    for variant in variants.iterator(AT_ONCE):
        new, refusal = _judged(variant, rule, may)
        rows.append(
            PriceRow(
                *(variant.pk, variant.product_id, variant.product.title),
                *(variant.option_label, variant.sku, variant.currency),
                *(variant.usual_price, new, refusal),
            )
        )
    return rows


def apply(
    product_ids: Collection[int],
    rule: PriceRule,
    *,
    seen: Mapping[int, str],
    may: May,
    by: AbstractBaseUser,
    now: datetime,
) -> int:
    """Change prices as they were ``seen``, {variant id: ``PriceRow.state``}; returns
    how many. What the plan refuses stays as it is.

    Locks the variants in primary-key order, then their products, until commit.

    Raises:
        PlanChanged
    """
    apply_due(now=now, variant__product__in=product_ids)
    met, changed_ids, shown_ids = 0, list[int](), set[int]()
    with transaction.atomic(durable=True):
        for variants in _locked(product_ids):
            met += len(variants)
            if any(seen.get(v.pk) != f"{v.usual_price}" for v in variants):
                raise PlanChanged
            prices = {v.pk: _judged(v, rule, may)[0] for v in variants}
            wanted = {pk: new for pk, new in prices.items() if new is not None}
            changed = [variant for variant in variants if variant.pk in wanted]
            shown_ids |= change_regular(changed, wanted, now=now)
            changed_ids += wanted
        if met != len(seen):
            raise PlanChanged
        products = Product.objects.filter(variants__in=changed_ids).distinct()
        titles = products.values_list("pk", "title")
        note(titles, "shop.change_prices", by=by, now=now)
        show(shown_ids)
    return len(changed_ids)


def _locked(product_ids: Collection[int]) -> Iterator[list[Variant]]:
    of_products = Variant.objects.filter(product__in=product_ids).order_by("pk")
    for ids in turns(of_products.values_list("pk", flat=True), AT_ONCE):
        yield lock(ids)


def _judged(
    variant: Variant, rule: PriceRule, may: May
) -> tuple[Decimal | None, Refusal | None]:
    """(new price, None) or (None, why not)."""
    if not may(variant):
        return None, Refusal.FORBIDDEN
    try:
        return rule.price(variant.usual_price, variant.currency), None
    except Refused as refused:
        return None, refused.args[0]
