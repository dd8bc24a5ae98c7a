"""The pieces that were photographed, under their own names and at their own prices."""

from decimal import Decimal
from random import Random

from shop.demo import prices, telling
from shop.demo.pieces import (
    Choice,
    Piece,
    common_values,
    size_values,
    sku,
    words_of,
)
from shop.demo.sources import Shape, photographs, slug_of, workshops

CUT_AGO_DAYS = 9.4


def piece(shape: Shape, number: int, chance: Random) -> Piece:
    """The piece itself, first in the shop's own order."""
    workshop = next(w for w in workshops() if w.name == shape.workshop)
    age = shape.age or 90 + number * 37 % 600
    by_colour, by_size = shape.by in ("colour", "both"), shape.by in ("size", "both")
    values = common_values(shape, workshop.country)
    if not by_colour:
        values += [("colour", colour) for colour in shape.colours]
    if not by_size:
        values += size_values(shape.sizes[shape.own][0])
    alt = photographs()[shape.slug].alt
    own_sku = sku(number, shape.sizes[shape.own][0], shape.colours[0])
    return Piece(
        number=number,
        title=shape.title,
        slug=shape.slug,
        caption=shape.caption,
        description=telling.description(
            shape, shape.things[0], shape.colours[0], workshop, chance, first=f"{alt}."
        ),
        leaf=shape.leaf,
        workshop=workshop.name,
        pictures=_pictures(shape),
        values=tuple(values),
        # What the page shows first is the piece that was photographed.
        choices=tuple(
            sorted(
                _choices(shape, number, age, by_colour, by_size, chance),
                key=lambda choice: choice.sku != own_sku,
            )
        ),
        age=age + chance.random() / 2,
        popularity=1_000_000 - number * 1000,
        is_in_porto=False,
    )


def _pictures(shape: Shape) -> tuple[str, ...]:
    usual = shape.colours[0]
    others = [name for name in shape.glazes.values() if name != shape.slug]
    names = [shape.slug, shape.close_view(usual), shape.scene, *others]
    return tuple(dict.fromkeys(filter(None, names)))[:4]


def _choices(
    shape: Shape, number: int, age: int, by_colour: bool, by_size: bool, chance: Random
):
    own_size = shape.sizes[shape.own]
    sizes = (shape.own_sizes or shape.sizes) if by_size else [own_size]
    colours = (shape.own_colours or list(shape.glazes)) if by_colour else [""]
    for colour in colours:
        for label, price, weight_g in sizes:
            # The piece's own price stands at its own size; other sizes keep their step.
            full = Decimal(str(price if by_size else shape.was or shape.price))
            values, words = [], []
            if colour:
                values.append(("colour", colour))
                words.append(words_of("colour", colour))
            if by_size:
                values.append(("size", slug_of(label)))
                words.append(label)
            is_own = colour == shape.colours[0] and label == own_size[0]
            yield Choice(
                sku=sku(number, label, colour or shape.colours[0]),
                label=", ".join(words),
                values=tuple(values),
                picture=shape.glazes.get(colour, ""),
                prices=_history(shape, full, age),
                stock=_stock(shape, colour, is_own, chance),
                weight_g=weight_g,
            )


def _history(shape: Shape, full: Decimal, age: int) -> prices.History:
    if shape.was is None:
        return ((age, full),)
    cut = full - Decimal(str(shape.was)) + Decimal(str(shape.price))
    return prices.reduced(full, cut, max(age, prices.OLD_ENOUGH_DAYS), CUT_AGO_DAYS)


def _stock(shape: Shape, colour: str, is_own: bool, chance: Random) -> tuple[int, int]:
    if colour in shape.sold_out_colours:
        return 0, 0
    if shape.by == "both" and is_own:
        return 2, 1
    if shape.stock is not None:
        return shape.stock - shape.stock // 3, shape.stock // 3
    return chance.randint(8, 40), chance.randint(0, 20)
