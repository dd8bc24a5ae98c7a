"""A plan into the database: the same number of statements for one row and for many."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from home import goods
from shop import admin_search, prices
from shop.counting import count_all
from shop.models import Product, ProductAttribute, Variant
from shop.relist import relist, tell_layout
from shop.sheets import revisions, storing
from shop.sheets.columns import PRICE, PRODUCT, VARIANT, Kind, Known
from shop.sheets.creating import create_products, create_variants
from shop.sheets.facts import Facts, Values
from shop.sheets.plans import Plan
from shop.sheets.rows import relate, store


class Writer:
    """Writes plans of one sheet as of ``now``, on behalf of a user or of nobody; the
    ledger of stock says ``note``. The caller holds the locks of all that a plan
    changes."""

    def __init__(self, known: Known, *, now: datetime, by_id: int | None, note: str):
        self.known = known
        self.now = now
        self.by_id = by_id
        self.note = note

    def write(self, plan: Plan, facts: Facts) -> None:
        products = {product.handle: product.pk for product in facts.products.values()}
        products |= create_products(plan.new_products, self.known, now=self.now)
        variants = create_variants(
            plan.new_variants, products, self.known, now=self.now
        )
        self._change_stories(plan, facts)
        self._change_variants(plan, facts)
        new = {variants[sku]: values for sku, (_, values) in plan.new_variants.items()}
        self._count(new | plan.variants)
        self._list_again(plan, facts, products)

    def _change_stories(self, plan: Plan, facts: Facts) -> None:
        for name, values in self._by_field(plan.stories, PRODUCT):
            store(Product, name, values)
        there = {pk: facts.products[pk].values for pk in plan.stories}
        lost, won = self._turned(plan.stories, there, Kind.VALUES)
        relate(ProductAttribute, ("product_id", "value_id"), lost=lost, won=won)
        published = [pk for pk, values in plan.stories.items() if values.get("live")]
        Product.objects.filter(pk__in=published).update_published(now=self.now)

    def _change_variants(self, plan: Plan, facts: Facts) -> None:
        for name, values in self._by_field(plan.variants, VARIANT):
            store(Variant, name, values)
        there = {v.pk: v.values for v in facts.variants.values()}
        lost, won = self._turned(plan.variants, there, Kind.OPTION)
        names = ("variant_id", "attributevalue_id")
        relate(Variant.options.through, names, lost=lost, won=won)
        asked = {
            pk: price
            for pk, values in plan.variants.items()
            if isinstance(price := values.get(PRICE.name), Decimal)
        }
        if asked:
            prices.apply_due(now=self.now, variant__in=list(asked))
            # Shown with everything else, by ``_list_again``.
            prices.change_regular(prices.lock(asked), asked, now=self.now)

    def _count(self, planned: dict[int, Values]) -> None:
        counted = {
            (pk, self.known.warehouses[column.key]): pieces
            for pk, values in planned.items()
            for column, pieces in storing.of_kind(self.known, values, Kind.STOCK)
            if isinstance(pieces, int)
        }
        if counted:
            count_all(counted, now=self.now, note=self.note)

    def _list_again(self, plan: Plan, facts: Facts, products: dict[str, int]) -> None:
        """Lists, layout, revisions and the admin's search follow in the same
        transaction; the shop's pages are made anew from the commit on."""
        new = {products[handle] for handle in plan.new_products}
        touched = new | plan.stories.keys() | self._products_of_variants(plan, facts)
        touched |= {products[handle] for handle, _ in plan.new_variants.values()}
        if not touched:
            return
        relist(sorted(touched))
        turned = {pk for pk, v in plan.stories.items() if "live" in v}
        tell_layout(sorted(turned))
        goods.changed()
        told_anew = [pk for pk in plan.stories if facts.products[pk].has_revision]
        revisions.follow(told_anew, drafts=plan.drafts, now=self.now, by_id=self.by_id)
        revisions.call_off(pk for pk in turned if not plan.stories[pk]["live"])
        renamed = {pk for pk, v in plan.stories.items() if "title" in v}
        found_anew = Product.objects.filter(pk__in=new | turned | renamed)
        admin_search.learn(found_anew.only("title", "live"))

    def _products_of_variants(self, plan: Plan, facts: Facts) -> set[int]:
        return {
            variant.product_id
            for variant in facts.variants.values()
            if variant.pk in plan.variants
        }

    def _by_field(self, planned: dict[int, Values], columns):
        """(field, {primary key: value}) of all that differ."""
        by_field: dict[str, dict[int, Any]] = defaultdict(dict)
        for pk, values in planned.items():
            for name, value in storing.fields(self.known, values, columns):
                by_field[name][pk] = value
        return by_field.items()

    def _turned(self, planned: dict[int, Values], there: dict[int, Values], kind: Kind):
        """Pairs (primary key, value id) that go, and those that come."""
        lost, won = [], []
        for pk, values in planned.items():
            said: list[tuple[Any, Any]] = storing.of_kind(self.known, values, kind)
            for column, slugs in said:
                ids = self.known.values[column.key]
                old: Any = there[pk][column.name]
                lost += [(pk, ids[slug]) for slug in sorted(set(old) - set(slugs))]
                won += [(pk, ids[slug]) for slug in sorted(set(slugs) - set(old))]
        return lost, won
