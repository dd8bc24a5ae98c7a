"""What rows of a sheet would change, and what is wrong with them."""

from dataclasses import dataclass, field
from typing import NamedTuple

from shop.sheets.facts import Values


class Problem(NamedTuple):
    """Why a row is not imported, and where in it; no column: the row as a whole."""

    row: int
    column: str
    words: str


class Change(NamedTuple):
    """As people read it. ``subject`` is a SKU, or the handle of a product."""

    row: int
    subject: str
    column: str
    old: str
    new: str


@dataclass
class Plan:
    """What rows of a sheet would change.

    ``stories`` and ``variants`` are {primary key: values that differ}, ``new_products``
    {handle: values}, ``new_variants`` {SKU: (handle, values)}. ``drafts`` are products
    of these of which an editor has an unpublished draft.
    """

    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    new_products: dict[str, Values] = field(default_factory=dict)
    new_variants: dict[str, tuple[str, Values]] = field(default_factory=dict)
    stories: dict[int, Values] = field(default_factory=dict)
    variants: dict[int, Values] = field(default_factory=dict)
    drafts: set[int] = field(default_factory=set)
    unchanged: int = 0


class Told:
    """What rows have said of their products so far: every row must say the same, and
    it is reckoned with once. Keeps digests alone."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[int, tuple[int, ...]]] = {}
        self.skus: dict[str, int] = {}

    def is_new(self, handle: str) -> bool:
        return handle not in self._said

    def remember(self, handle: str, row: int, values: Values) -> None:
        self._said.setdefault(handle, (row, tuple(map(hash, values.values()))))

    def contradicted(self, handle: str, values: Values) -> tuple[int, list[str]]:
        """(row that said otherwise, in which columns)"""
        row, said = self._said.get(handle, (0, ()))
        now = zip(values.items(), said, strict=False)
        return row, [name for (name, value), digest in now if hash(value) != digest]
