"""Rows of a sheet against what there is. Pure: values in, a plan out."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from shop.sheets.cells import Reader, Unreadable, Value, clean_html, in_places, written
from shop.sheets.columns import (
    CURRENCY,
    HANDLE,
    PRICE,
    SKU,
    STOCK_WAS_COLUMN,
    Column,
    Kind,
)
from shop.sheets.facts import Facts, ProductFacts, Values, VariantFacts
from shop.sheets.plans import Change, Plan, Problem, Told
from shop.sheets.reading import Row


class _Refused(Exception):
    """A row is not imported, for these reasons."""

    def __init__(self, *reasons: tuple[Column | None, str]):
        super().__init__(reasons)
        self.reasons = reasons


class Comparison:
    """Compares rows of one sheet with what there is, a batch at a time."""

    def __init__(self, reader: Reader, columns: Iterable[Column], told: Told):
        self.reader = reader
        self.columns = tuple(columns)
        self.told = told

    def compare(self, rows: Iterable[Row], facts: Facts) -> Plan:
        plan = Plan()
        for row in rows:
            try:
                self._row(row, facts, plan)
            except _Refused as refused:
                plan.problems += [
                    Problem(row.number, column.name if column else "", words)
                    for column, words in refused.reasons
                ]
        return plan

    def _row(self, row: Row, facts: Facts, plan: Plan) -> None:
        values = self._values(row)
        sku = str(values.pop(SKU.name) or "")
        if not sku:
            raise _Refused((SKU, _("A row needs a SKU.")))
        first = self.told.skus.setdefault(sku, row.number)
        if first != row.number:
            raise _Refused((SKU, _("It stands in row %(n)d already.") % {"n": first}))
        said = values.pop(HANDLE.name, None)
        variant = facts.variants.get(sku)
        handle = _handle(variant, facts, str(said or ""))
        product = facts.by_handle.get(handle)
        story = {c.name: values.pop(c.name) for c in self.columns if c.is_product}
        self._check_story(handle, story)
        before = len(plan.changes)
        differing = self._story(row, handle, product, story)
        if variant is None:
            self._new_variant(row, sku, handle, values, plan)
        else:
            self._variant(row, variant, values, plan)
        self.told.remember(handle, row.number, story)
        self._note_story(row, handle, product, differing, plan)
        plan.unchanged += len(plan.changes) == before

    def _values(self, row: Row) -> Values:
        """All that can be read of a row; what cannot be is told at once."""
        if row.problem:
            raise _Refused((None, row.problem))
        values: Values = {}
        reasons: list[tuple[Column | None, str]] = []
        for column in self.columns:
            try:
                values[column.name] = self.reader.read(column, row.cells[column.name])
            except Unreadable as unreadable:
                reasons.append((column, str(unreadable)))
        if reasons:
            raise _Refused(*reasons)
        return values

    # The product

    def _check_story(self, handle: str, story: Values) -> None:
        row, names = self.told.contradicted(handle, story)
        if names:
            words = _("Row %(n)d says otherwise of the same product.") % {"n": row}
            raise _Refused(*((self._column(name), words) for name in names))

    def _column(self, name: str) -> Column:
        return self.reader.known.columns[name]

    def _story(self, row, handle: str, product: ProductFacts | None, story) -> Values:
        """What is said of a product for the first time, and is not so already."""
        if not self.told.is_new(handle):
            return {}
        if product is None:
            _refuse_missing(story, ("title", "category"), self._column)
            return {name: value for name, value in story.items() if value is not None}
        differing = _differing(story, product.values, self._column)
        if differing and product.is_locked:
            words = _("The product is locked in the admin: nobody may change it now.")
            raise _Refused((HANDLE, words))
        return differing

    def _note_story(self, row, handle, product, differing: Values, plan: Plan) -> None:
        if product is None:
            if differing:
                plan.new_products[handle] = differing
                plan.changes.append(
                    Change(row.number, handle, "", "", _("new product"))
                )
            return
        if differing:
            plan.stories[product.pk] = differing
            if product.has_draft:
                plan.drafts.add(product.pk)
        _note(row, handle, differing, product.values, "", plan)

    # The variant

    def _new_variant(self, row, sku: str, handle: str, values, plan: Plan) -> None:
        currency = self.reader.currency
        _refuse_missing(values, (PRICE.name,), self._column)
        self._check_money(values, currency)
        options = [c for c in self.columns if c.kind is Kind.OPTION]
        _refuse_two_options({c.name: values[c.name] for c in options}, self._column)
        kept = {name: value for name, value in values.items() if value is not None}
        plan.new_variants[sku] = (handle, kept)
        plan.changes.append(Change(row.number, sku, "", "", _("new variant")))

    def _variant(self, row, variant: VariantFacts, values: Values, plan: Plan) -> None:
        self._check_money(values, variant.currency)
        stock = [c for c in self.columns if c.kind is Kind.STOCK]
        seen = [c.name for c in self.columns if c.kind is Kind.STOCK_WAS]
        asked = {name: v for name, v in values.items() if name not in seen}
        for column in stock:
            asked[column.name] = _counted(column, values, variant)
        differing = _differing(asked, variant.values, self._column)
        options: Values = {n: v for n, v in differing.items() if isinstance(v, tuple)}
        _refuse_two_options(options, self._column)
        if differing:
            plan.variants[variant.pk] = differing
        _note(row, variant.sku, differing, variant.values, variant.currency, plan)

    def _check_money(self, values: Values, currency: str) -> None:
        said = values.pop(CURRENCY.name, None)
        if said not in (None, currency):
            words = _("Its prices are in %(currency)s.") % {"currency": currency}
            raise _Refused((CURRENCY, words))
        price = values.get(PRICE.name)
        if price is not None:
            try:
                values[PRICE.name] = in_places(price, currency)  # type: ignore[arg-type]
            except Unreadable as unreadable:
                raise _Refused((PRICE, str(unreadable))) from None


def _handle(variant: VariantFacts | None, facts: Facts, said: str) -> str:
    """The handle of the row's product."""
    if variant is None:
        if not said:
            words = _("There is no such SKU, and a new one needs a handle.")
            raise _Refused((SKU, words))
        return said
    handle = facts.products[variant.product_id].handle
    if said not in ("", handle):
        words = _("This SKU belongs to the product %(handle)s.") % {"handle": handle}
        raise _Refused((HANDLE, words))
    return handle


def _counted(column: Column, values: Values, variant: VariantFacts) -> int | None:
    """Pieces to be on hand; None: as many as there are. An export says beside each
    number what it was, so that pieces sold since are not brought back."""
    pieces, there = values[column.name], variant.on_hand.get(column.key)
    was = values.get(STOCK_WAS_COLUMN(column.key))
    if not isinstance(pieces, int) or pieces in (there, was):
        return None
    if was is not None and was != there:
        words = _("Meanwhile there are %(there)s on hand, not %(was)d: count again.")
        raise _Refused((column, words % {"there": there or 0, "was": was}))
    reserved = variant.reserved.get(column.key, 0)
    if pieces < reserved:
        words = _("%(n)d are reserved for orders.") % {"n": reserved}
        raise _Refused((column, words))
    return pieces


def _refuse_missing(values: Values, needed: tuple[str, ...], column) -> None:
    missing = [name for name in needed if values.get(name) is None]
    if missing:
        words = _("Something new needs this.")
        # It may have no column at all.
        raise _Refused(*((column(name), words) for name in missing))


def _refuse_two_options(options: Values, column) -> None:
    for name, value in options.items():
        if isinstance(value, tuple) and len(value) > 1:
            raise _Refused((column(name), _("A variant has one value of each.")))


def _differing(asked: Values, there: Values, column) -> Values:
    return {
        name: value
        for name, value in asked.items()
        if value is not None and not _is_same(column(name), value, there[name])
    }


def _is_same(column: Column, value: Value, there: Value | None) -> bool:
    if value == there:
        return True
    # What was written by other hands is not "changed" by being read.
    return column.kind is Kind.HTML and value == clean_html(str(there))


def _note(row, subject: str, differing, there: Values, currency: str, plan) -> None:
    plan.changes += [
        Change(
            row.number,
            subject,
            name,
            written(there[name], currency),
            written(value, currency),
        )
        for name, value in differing.items()
    ]
