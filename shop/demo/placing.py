"""Where in the tree a piece belongs, in the proportions of ``categories.toml``."""

from bisect import bisect_right
from functools import cache
from itertools import accumulate

from shop.demo.sources import Shape, categories, shapes

GOLDEN = 0.6180339887498949


def leaf_of(number: int) -> str:
    """Steps of the golden ratio: any stretch of numbers has the tree's proportions."""
    leaves, bounds = _shares()
    return leaves[min(bisect_right(bounds, number * GOLDEN % 1), len(leaves) - 1)]


@cache
def shapes_of(leaf: str) -> list[Shape]:
    """The shapes whose photographs fit a category."""
    return [shape for shape in shapes() if leaf in (shape.leaf, *shape.also)]


@cache
def _shares() -> tuple[list[str], list[float]]:
    leaves = [row for row in categories() if "share" in row]
    whole = sum(row["share"] for row in leaves)
    bounds = accumulate(row["share"] / whole for row in leaves)
    return [row["path"] for row in leaves], list(bounds)
