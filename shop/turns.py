"""Many rows, so many at a time: what one statement or one transaction has time for."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Row = TypeVar("Row")


def turns(rows: Iterable[Row], most: int) -> Iterator[list[Row]]:
    """``most`` of them at a time, in their order; of none, no turn."""
    left = iter(rows)
    while turn := list(islice(left, most)):
        yield turn
