"""The one way a price changes: the variant, its ledger and its lists together, by hand
or at the hour of a sale."""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, Min

from home import goods
from shop import tree
from shop.models import PriceChange, SalePrice, Variant
from shop.money import quantise
from shop.relist import relist

LOOK_BACK = timedelta(days=30)
# Variants of one transaction: nobody waits long for a row that a great sale has locked.
AT_ONCE = 500


def change_price(variant_id: int, price: Decimal, *, now: datetime) -> Variant:
    """Set a variant's regular price in its own currency and write what is asked from
    now on into the ledger; while a sale runs, that is the lower of the two.

    A price below everything asked in the last 30 days is a reduction: the lowest of
    those prices becomes ``compare_at_price``. Otherwise nothing is struck through.
    A further cut keeps the struck price of the first.

    Locks the variant until commit. The same price again changes nothing.
    """
    with transaction.atomic():
        apply_due(now=now, variant=variant_id)
        [variant] = lock([variant_id])
        show(change_regular([variant], {variant_id: price}, now=now))
    return variant


def lock(variant_ids: Collection[int]) -> list[Variant]:
    """Variants in primary-key order, locked until commit."""
    rows = Variant.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(pk__in=variant_ids).order_by("pk"))


def change_regular(
    variants: Sequence[Variant], prices: Mapping[int, Decimal], *, now: datetime
) -> set[int]:
    """Set regular prices, {variant id: price in its own currency}, as ``change_price``
    does. Returns the products that cost something else now: ``show`` them, once for all
    and last, for that locks them.

    The caller holds the variants' locks, and has had applied what was due.
    """
    changed = []
    for variant in variants:
        price = quantise(prices[variant.pk], variant.currency)
        if price != variant.usual_price:
            variant.regular_price = price
            changed.append(variant)
    return _write(changed, _running(variant.pk for variant in changed), now)


def struck_after(
    variants: Sequence[Variant], prices: Mapping[int, Decimal], *, now: datetime
) -> dict[int, Decimal | None]:
    """{variant id: what would be struck through} if regular prices were changed now."""
    ids = [variant.pk for variant in variants]
    lowest, running = lowest_prices_before(ids, now), _running(ids)
    struck = {}
    for variant in variants:
        price = _asked(prices[variant.pk], running.get(variant.pk))
        struck[variant.pk] = (
            variant.compare_at_price
            if price == variant.price
            else _struck(variant, price, lowest.get(variant.pk))
        )
    return struck


def show(product_ids: Collection[int]) -> None:
    """Have lists and pages follow prices of these products that have changed."""
    if product_ids:
        # No list may show this variant's price, but its own page does.
        goods.changed()
        relist(sorted(product_ids))


def apply_due(*, now: datetime, most: int | None = None, **which) -> datetime | None:
    """Write onto variants, ledger and lists what sales have begun or ended by now, or
    those sales that fit. Returns when the next one begins or ends, if one will; with
    ``most`` turns of AT_ONCE variants that may have passed, and there is more to do.

    Each moment in its turn and as of that moment: a sale that came and went while
    nobody looked is in the ledger as carts had it. Locks variants in primary-key
    order, then their products, so many at once; whoever comes second finds it done.
    """
    sales = SalePrice.objects.filter(**which)
    for turn in itertools.count():
        moment = sales.next_moment()
        if moment is None or moment > now or turn == most:
            break
        due = sales.due(by=moment).order_by("variant")
        _turn(list(due.values_list("variant", flat=True)[:AT_ONCE]), moment)
    return moment


def record_price(variant: Variant, *, now: datetime) -> PriceChange:
    """Write the variant's present price into the ledger."""
    return record_prices([variant], now=now)[0]


def record_prices(variants: Sequence[Variant], *, now: datetime) -> list[PriceChange]:
    """The same for many, in one query."""
    return PriceChange.objects.bulk_create(
        PriceChange(
            variant=variant,
            price=variant.price,
            currency=variant.currency,
            changed_at=now,
        )
        for variant in variants
    )


def lowest_price_before(variant: Variant, moment: datetime) -> Decimal | None:
    """The lowest price asked in the 30 days before a moment; None without history."""
    return lowest_prices_before([variant.pk], moment).get(variant.pk)


def lowest_prices_before(
    variant_ids: Collection[int], moment: datetime
) -> dict[int, Decimal]:
    """{variant id: lowest price asked in the 30 days before}, in two queries."""
    changes = PriceChange.objects.filter(
        variant__in=variant_ids, currency=F("variant__currency")
    ).order_by()
    since = moment - LOOK_BACK
    within = changes.filter(changed_at__gt=since, changed_at__lt=moment)
    lowest = dict(within.values_list("variant").annotate(Min("price")))
    already = changes.filter(changed_at__lte=since)
    last = already.order_by("variant", "-changed_at", "-pk").distinct("variant")
    for variant_id, price in last.values_list("variant", "price"):
        lowest[variant_id] = min(price, lowest.get(variant_id, price))
    return lowest


def _running(variant_ids: Iterable[int]) -> dict[int, Decimal]:
    """{variant id: price} of sales that are written onto their variants."""
    running = SalePrice.objects.filter(
        variant__in=list(variant_ids), state=SalePrice.State.RUNNING
    )
    return dict(running.values_list("variant", "price"))


def _asked(usual: Decimal, sale: Decimal | None) -> Decimal:
    return usual if sale is None else min(usual, sale)


def _turn(variant_ids: Collection[int], moment: datetime) -> None:
    """Have sales of these variants begin or end that are due at a moment. Their states
    are read under the locks: what another has done meanwhile is not done again."""
    with transaction.atomic():
        variants = lock(variant_ids)
        sales = list(SalePrice.objects.ahead().filter(variant__in=variant_ids))
        for sale in sales:
            sale.move_on(to=moment)
        running = [sale for sale in sales if sale.state == SalePrice.State.RUNNING]
        show(_write(variants, {x.variant_id: x.price for x in running}, moment))
        for state in SalePrice.State:
            same = [sale.pk for sale in sales if sale.state == state]
            SalePrice.objects.filter(pk__in=same).update(state=state)
        tree.changed()


def _write(
    variants: Sequence[Variant], sale_prices: Mapping[int, Decimal], moment: datetime
) -> set[int]:
    """Have variants cost from a moment on what is the lower of their usual price and,
    where there is one, their {variant id: sale price}. Returns the products that this
    made cheaper or dearer. The caller holds the variants' locks."""
    lowest = lowest_prices_before([variant.pk for variant in variants], moment)
    changed = []
    for variant in variants:
        usual, sale = variant.usual_price, sale_prices.get(variant.pk)
        price = _asked(usual, sale)
        variant.regular_price = None if sale is None else usual
        if price != variant.price:
            variant.compare_at_price = _struck(variant, price, lowest.get(variant.pk))
            variant.price = price
            changed.append(variant)
    _store(variants)
    record_prices(changed, now=moment)
    return {variant.product_id for variant in changed}


def _store(variants: Sequence[Variant]) -> None:
    """As ``bulk_update`` would, in a hundredth of its time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE shop_variant v
            SET price = n.price, compare_at_price = n.struck, regular_price = n.regular
            FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[])
                AS n (id, price, struck, regular)
            WHERE v.id = n.id
            """,
            [
                [variant.pk for variant in variants],
                [variant.price for variant in variants],
                [variant.compare_at_price for variant in variants],
                [variant.regular_price for variant in variants],
            ],
        )


def _struck(variant: Variant, price: Decimal, lowest: Decimal | None) -> Decimal | None:
    if variant.compare_at_price is not None and price < variant.price:
        return variant.compare_at_price
    return lowest if lowest is not None and price < lowest else None
