"""Which products have what, as one set of bits for each value: what every further
choice would leave is then a matter of AND and of counting ones. No database here."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pyroaring import BitMap

from shop.choices import Choices
from shop.counts import FLAGS, Counts, Question
from shop.tree import Facet

# Prices are compared as whole thousandths, as they lie in the database.
THOUSANDTHS = 1000
# (column or kind, id)
Key = tuple[str, int | str]
# A set holds 32 bits of a product's key.
GREATEST_ID = 2**32 - 1
# To look up so many by key takes less than to look for them by what they have.
FEW = 500


class Row(NamedTuple):
    """A listed product: what lists filter by and count."""

    id: int
    category_id: int
    brand_id: int | None
    value_ids: list[int]
    price: Decimal
    in_stock: bool
    sale: bool


def keys_of(row: Row) -> Iterator[Key]:
    """Names of the sets that a product is in."""
    yield "category_id", row.category_id
    if row.brand_id is not None:
        yield "brand_id", row.brand_id
    for value_id in row.value_ids:
        yield "value_ids", value_id
    for flag in FLAGS:
        if getattr(row, flag):
            yield "flag", flag
    price, digit = int(row.price * THOUSANDTHS), 0
    while price:
        if price & 1:
            yield "price", digit
        price, digit = price >> 1, digit + 1


class Bitmaps:
    """``sets`` are {name: products}, ``everything`` all that is listed. A price is its
    binary digits, a set for each: any range is then some twenty steps."""

    def __init__(self, everything: BitMap, sets: dict[Key, BitMap]):
        self.everything = everything
        self.sets = sets

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Bitmaps":
        bitmaps = cls(BitMap(), {})
        bitmaps._add(rows)
        for bits in (bitmaps.everything, *bitmaps.sets.values()):
            bits.run_optimize()
        return bitmaps

    def replace(self, ids: Iterable[int], rows: Iterable[Row]) -> None:
        """Forget the products of these keys; put in the rows of those still listed."""
        gone = BitMap(ids)
        self.everything -= gone
        for name in list(self.sets):
            self.sets[name] -= gone
            if not self.sets[name]:
                del self.sets[name]
        self._add(rows)

    def _add(self, rows: Iterable[Row]) -> None:
        found: dict[Key, array] = defaultdict(lambda: array("I"))
        listed = array("I")
        for row in rows:
            listed.append(row.id)
            for key in keys_of(row):
                found[key].append(row.id)
        self.everything |= BitMap(listed)
        for key, ids in found.items():
            self.sets[key] = self.sets.get(key, BitMap()) | BitMap(ids)

    def __eq__(self, other) -> bool:
        return isinstance(other, Bitmaps) and not self.differing(other)

    __hash__ = None  # type: ignore[assignment]

    def differing(self, other: "Bitmaps") -> BitMap:
        """The products that the two do not agree on."""
        differing = self.everything ^ other.everything
        for name in {*self.sets, *other.sets}:
            differing |= self.set(name) ^ other.set(name)
        return differing

    def set(self, name: Key) -> BitMap:
        return self.sets.get(name) or BitMap()

    def union(self, column: str, ids: Iterable[int]) -> BitMap:
        found = [self.sets[column, id] for id in ids if (column, id) in self.sets]
        return BitMap.union(*found) if found else BitMap()

    # Counting

    def count(self, question: Question, found: Sequence[int] | None) -> Counts:
        """As ``shop.sql_counts.count``. ``found`` are the products of a search, if
        there was one, best first."""
        matched = None if found is None else BitMap(found)
        base = self._base(question.scope.category_ids, matched)
        fitting = self._fitting(base, question)
        chosen = {
            facet.code: self.union(facet.column, question.chosen[facet.code])
            for facet in question.facets
            if facet.code in question.chosen
        }
        left = _all_of(fitting, chosen.values())
        values = {}
        for facet in question.facets:
            others = [bits for code, bits in chosen.items() if code != facet.code]
            rest = _all_of(fitting, others) if facet.code in chosen else left
            values[facet.code] = self._values(facet, base, rest)
        flags = {f: left.intersection_cardinality(self.set(("flag", f))) for f in FLAGS}
        ranked = None if found is None else [id for id in found if id in left]
        few = list(left) if len(left) <= FEW else None
        return Counts(len(left), flags, values, ranked=ranked, few=few)

    def _base(self, category_ids, matched: BitMap | None) -> BitMap:
        if category_ids is None:
            return self.everything if matched is None else self.everything & matched
        within = self.union("category_id", category_ids)
        return within if matched is None else within & matched

    def _fitting(self, base: BitMap, question: Question) -> BitMap:
        """What price and flags leave."""
        tests = [self.set(("flag", flag)) for flag in question.flags]
        choices: Choices = question.choices
        if choices.price_max is not None:
            tests.append(self._up_to(int(choices.price_max * THOUSANDTHS)))
        fitting = _all_of(base, tests)
        if choices.price_min:
            below = int(choices.price_min * THOUSANDTHS) - 1
            fitting = fitting - self._up_to(below)
        return fitting

    def _up_to(self, price: int) -> BitMap:
        """Products at that price or less, digit by digit from the highest."""
        digits = [int(digit) for kind, digit in self.sets if kind == "price"]
        if price.bit_length() > max(digits, default=-1) + 1:
            return self.everything
        less, same = BitMap(), self.everything
        for digit in range(max(digits, default=-1), -1, -1):
            bits = self.set(("price", digit))
            if price >> digit & 1:
                less = less | (same - bits)
                same = same & bits
            else:
                same = same - bits
        return less | same

    def _values(self, facet: Facet, base: BitMap, left: BitMap) -> dict[int, int]:
        """{id: products left} of the ids that the list holds."""
        counted = {}
        for value in facet.values:
            for id in value.ids:
                bits = self.sets.get((facet.column, id))
                if bits is None or id in counted:
                    continue
                products = left.intersection_cardinality(bits)
                if products or base.intersect(bits):
                    counted[id] = products
        return counted


def _all_of(first: BitMap, further: Iterable[BitMap]) -> BitMap:
    for bits in further:
        first = first & bits
    return first
