"""Which products have what, as one set of bits for each value: what every further
choice would leave is then a matter of AND and of counting ones. No database here."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pyroaring import BitMap

from shop.choices import FLAGS, Choices
from shop.counts import Counts, Question, Sheet
from shop.tree import Facet

# Prices are compared as whole thousandths, as they lie in the database.
THOUSANDTHS = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What lists are put in order by.
NUMBERS = ("current_price", "created_at", "popularity", "sold_recently", "reduction")
# (column or kind, id or digit)
Key = tuple[str, int | str]
# A set holds 32 bits of a product's key.
GREATEST_ID = 2**32 - 1
# To look up so many by key takes less than to look for them by what they have.
FEW = 500


class Row(NamedTuple):
    """A listed product: what lists filter by, count and put in order. Prices are in
    thousandths, ``created_at`` is in microseconds since 1970."""

    id: int
    category_id: int
    brand_id: int | None
    value_ids: list[int]
    in_stock: bool
    sale: bool
    current_price: int
    created_at: int
    popularity: int
    sold_recently: int
    reduction: int


def keys_of(row: Row) -> Iterator[Key]:
    """Names of the sets that a product is in, but for those of its numbers."""
    yield "category_id", row.category_id
    if row.brand_id is not None:
        yield "brand_id", row.brand_id
    for value_id in row.value_ids:
        yield "value_ids", value_id
    for flag in ("in_stock", "sale"):
        if getattr(row, flag):
            yield "flag", flag


class Gathered:
    """Rows as arrays: quick to fill while a transaction waits, small for a million of
    them, and made into bitmaps afterwards."""

    def __init__(self, rows: Iterable[Row]):
        self.listed = array("I")
        self.found: dict[Key, array] = defaultdict(lambda: array("I"))
        self.numbers = {column: array("Q") for column in NUMBERS}
        for row in rows:
            self.listed.append(row.id)
            for key in keys_of(row):
                self.found[key].append(row.id)
            for column, values in self.numbers.items():
                values.append(getattr(row, column))

    def by_key(self) -> Iterator[tuple[Key, Iterable[int]]]:
        """Products of every set that any is in."""
        yield from self.found.items()
        for column, values in self.numbers.items():
            for digit in range(max(values, default=0).bit_length()):
                pairs = zip(self.listed, values, strict=True)
                yield (column, digit), [id for id, n in pairs if n >> digit & 1]


class Bitmaps:
    """``sets`` are {name: products}, ``everything`` all that is listed. A number is its
    binary digits, a set for each: any range is then some twenty steps, and so is the
    way to any place of any order."""

    def __init__(self, everything: BitMap, sets: dict[Key, BitMap]):
        self.everything = everything
        self.sets = sets

    @classmethod
    def of(cls, gathered: "Gathered") -> "Bitmaps":
        bitmaps = cls(BitMap(), {})
        bitmaps._add(gathered)
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
        self._add(Gathered(rows))

    def _add(self, gathered: "Gathered") -> None:
        self.everything |= BitMap(gathered.listed)
        for key, ids in gathered.by_key():
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
        total = len(left)
        values = {}
        for facet in question.facets:
            others = [bits for code, bits in chosen.items() if code != facet.code]
            rest = _all_of(fitting, others) if facet.code in chosen else left
            values[facet.code] = self._values(facet, base, rest)
        flags = {
            name: left.intersection_cardinality(self._flagged(name, question))
            for name in FLAGS
        }
        ranked = None if found is None else [id for id in found if id in left]
        shown, few = self._shown(left, question.sheet), None
        if shown is None and total <= FEW:
            few = list(left)
        return Counts(total, flags, values, ranked=ranked, shown=shown, few=few)

    def _base(self, category_ids, matched: BitMap | None) -> BitMap:
        if category_ids is None:
            return self.everything if matched is None else self.everything & matched
        within = self.union("category_id", category_ids)
        return within if matched is None else within & matched

    def _fitting(self, base: BitMap, question: Question) -> BitMap:
        """What price and flags leave."""
        tests = [self._flagged(flag, question) for flag in question.flags]
        choices: Choices = question.choices
        if choices.price_max is not None:
            most = int(choices.price_max * THOUSANDTHS)
            tests.append(self._up_to("current_price", most))
        fitting = _all_of(base, tests)
        if choices.price_min:
            below = int(choices.price_min * THOUSANDTHS) - 1
            fitting = fitting - self._up_to("current_price", below)
        return fitting

    def _flagged(self, name: str, question: Question) -> BitMap:
        if name == "new":
            since = microseconds(question.new_since)
            return self.everything - self._up_to("created_at", since)
        return self.set(("flag", name))

    def _highest(self, column: str) -> int:
        """The highest binary digit that a product's number has; -1 where all are 0."""
        return max((int(d) for kind, d in self.sets if kind == column), default=-1)

    def _up_to(self, column: str, number: int) -> BitMap:
        """Products with that number or less, digit by digit from the highest."""
        highest = self._highest(column)
        if number.bit_length() > highest + 1:
            return self.everything
        less, same = BitMap(), self.everything
        for digit in range(highest, -1, -1):
            bits = self.set((column, digit))
            if number >> digit & 1:
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

    # Order

    def _shown(self, left: BitMap, sheet: Sheet | None) -> list[int] | None:
        """The products of a sheet in its order, at the cost of one page whichever it
        is; None where the order is not one of numbers."""
        if sheet is None or not _is_by_numbers(sheet.order):
            return None
        steps = [
            (name.startswith("-"), name.lstrip("-"), digit)
            for name in sheet.order[:-1]
            for digit in range(self._highest(name.lstrip("-")), -1, -1)
        ]
        first = sheet.of(len(left)).start
        is_backwards = sheet.order[-1].startswith("-")
        return self._placed(left, steps, first, sheet.size, is_backwards)

    def _placed(self, bits, steps, skip: int, take: int, is_backwards) -> list[int]:
        """From the ``skip``-th product on, ``take`` of them. Each digit parts what is
        left in two, of which mostly one is looked into."""
        for n, (is_descending, column, digit) in enumerate(steps):
            if len(bits) == 1:
                break
            having = bits & self.set((column, digit))
            if not having or len(having) == len(bits):
                continue
            halves = [having, bits - having]
            first, second = halves if is_descending else reversed(halves)
            rest, found = steps[n + 1 :], []
            if skip < len(first):
                found = self._placed(first, rest, skip, take, is_backwards)
            if len(found) < take:
                further = (max(skip - len(first), 0), take - len(found))
                found += self._placed(second, rest, *further, is_backwards)
            return found
        if not is_backwards:
            return list(bits[skip : skip + take])
        stop = max(len(bits) - skip, 0)
        return list(bits[max(stop - take, 0) : stop])[::-1]


def _is_by_numbers(order: Sequence[str]) -> bool:
    return bool(order) and order[0].lstrip("-") in NUMBERS


def microseconds(moment: datetime) -> int:
    """Since 1970, as a product's row has it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _all_of(first: BitMap, further: Iterable[BitMap]) -> BitMap:
    for bits in further:
        first = first & bits
    return first
