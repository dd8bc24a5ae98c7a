"""A piece of the demo shop as plain values, before it is written anywhere."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from shop.demo.prices import History, struck_price
from shop.demo.sources import Shape, attributes, slug_of

FIRST_ARTICLE = 2107
STEP = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant. ``values`` are (attribute, value) slugs; ``stock`` is pieces in Lisbon
    and in Porto; ``picture`` names a photograph."""

    sku: str
    label: str
    values: tuple[tuple[str, str], ...]
    picture: str
    prices: History
    stock: tuple[int, int]
    weight_g: int

    @property
    def price(self) -> Decimal:
        return self.prices[-1][1]

    @property
    def compare_at(self) -> Decimal | None:
        return struck_price(self.prices)


@dataclass(frozen=True, slots=True)
class Piece:
    """A product. ``pictures`` name photographs, the main one first; ``age`` in days."""

    number: int
    title: str
    slug: str
    caption: str
    description: str
    leaf: str
    workshop: str
    pictures: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    choices: tuple[Choice, ...]
    age: float
    popularity: int
    is_in_porto: bool


def article(number: int) -> int:
    """Article numbers go in steps of seven, so that a slip of the pen is noticed."""
    return FIRST_ARTICLE + STEP * number


def sku(number: int, size: str, colour: str) -> str:
    """KL-2107-26-MOS: article, first measure, colour."""
    digits = "".join(c if c.isdigit() else " " for c in size).split()
    code = (colour[:2] + colour[-1:]).upper()
    return "-".join(["KL", str(article(number)), *digits[:1], code])


def words_of(code: str, slug: str) -> str:
    """The words of an attribute's value."""
    return _words()[code, slug]


def common_values(shape: Shape, country: str) -> list[tuple[str, str]]:
    """What every piece of a shape has in common, whatever its colour and size."""
    values = [("material", material) for material in shape.materials]
    values.append(("origin", country.lower()))
    for code in ("dishwasher", "oven"):
        answer = getattr(shape, code)
        if answer is not None:
            values.append((code, "yes" if answer else "no"))
    return values


def size_values(size: str) -> list[tuple[str, str]]:
    """A size, which for a cup is its capacity too."""
    values = [("size", slug_of(size))]
    return [*values, ("capacity", slug_of(size))] if size.endswith(" cl") else values


def material_words(shape: Shape) -> str:
    """ "Stoneware", "Stoneware and linen", "Stoneware, oak and brass"."""
    first, *rest = [words_of("material", material) for material in shape.materials]
    lowered = [first, *(word.lower() for word in rest)]
    return " and ".join(filter(None, [", ".join(lowered[:-1]), lowered[-1]]))


@cache
def _words() -> dict[tuple[str, str], str]:
    return {
        (row["code"], slug): label
        for row in attributes()
        for slug, label, *_ in row["values"]
    }
