"""Further pieces for the photographs: a name, a maker, sizes, prices and stock."""

from random import Random

from django.utils.text import slugify

from shop.demo import heroes, prices, telling, words
from shop.demo.pieces import (
    Choice,
    Piece,
    article,
    common_values,
    material_words,
    size_values,
    sku,
    words_of,
)
from shop.demo.placing import leaf_of, shapes_of
from shop.demo.sources import Shape, Workshop, shapes, slug_of, workshops

SEED = 20260725
SECONDS = "ceramics/kiln-seconds"
OLDEST_DAYS = 730
# Newer than this are only the pieces that the home page shows as new.
NEWEST_DAYS = 12
COUNT_WORDS = {2: "two", 3: "three", 4: "four"}


def piece(number: int) -> Piece:
    """The piece of that number: one of the photographed ones first, then invented."""
    chance = Random(f"{SEED}:{number}")  # noqa: S311
    if number < len(shapes()):
        return heroes.piece(shapes()[number], number, chance)
    return invented(number, chance)


def invented(number: int, chance: Random) -> Piece:
    leaf = leaf_of(number)
    shape = chance.choice(shapes_of(leaf))
    makers = [w for w in workshops() if shape.craft in w.crafts]
    workshop = chance.choice(makers)
    title, thing = telling.title(shape, number)
    colours, sizes = _options(shape, chance)
    is_reduced = chance.random() < 0.12
    age = _age(chance, least=prices.OLD_ENOUGH_DAYS if is_reduced else NEWEST_DAYS)
    level = workshop.level * chance.uniform(0.88, 1.16)
    told = telling.description(shape, thing, colours[0], workshop, chance)
    if leaf == SECONDS:
        title, level = f"{title}, second", level * 0.66
        told += f"<p>{words.SECOND}</p>"
    return Piece(
        number=number,
        title=title,
        slug=f"{slugify(title)}-{article(number)}",
        caption=_caption(shape, colours, sizes),
        description=told,
        leaf=leaf,
        workshop=workshop.name,
        pictures=_pictures(shape, colours, chance),
        values=tuple(_values(shape, workshop, colours, sizes)),
        choices=tuple(
            _choices(shape, number, colours, sizes, level, age, is_reduced, chance)
        ),
        age=age,
        popularity=int(90_000 * chance.random() ** 5),
        is_in_porto=chance.random() < 0.3,
    )


# What it comes in


def _options(shape: Shape, chance: Random) -> tuple[list[str], list[list]]:
    """Colours and sizes it is made in: mostly one of each, for a third several.

    Several colours only where each has its photograph.
    """
    glazes = list(shape.glazes) or shape.colours[:1]
    sizes = [chance.choice(shape.sizes)]
    first = chance.choice(glazes)
    kind = chance.random()
    if kind > 0.36:
        return [first], sizes
    if len(shape.glazes) > 1 and kind < 0.24:
        glazes = chance.sample(glazes, k=chance.choice((2, 3, 3)))
        if kind < 0.08:
            return glazes, _several(shape, chance, most=2)
        return glazes, sizes
    return [first], _several(shape, chance, most=3)


def _several(shape: Shape, chance: Random, *, most: int) -> list[list]:
    count = min(len(shape.sizes), most)
    chosen = sorted(chance.sample(range(len(shape.sizes)), k=count))
    return [shape.sizes[n] for n in chosen]


def _values(shape: Shape, workshop: Workshop, colours: list[str], sizes: list[list]):
    """The values of the product itself; options are the variants' own."""
    yield from common_values(shape, workshop.country)
    if len(colours) == 1:
        shown = colours if shape.glazes else shape.colours
        yield from (("colour", colour) for colour in shown)
    if len(sizes) == 1:
        yield from size_values(sizes[0][0])


def _caption(shape: Shape, colours: list[str], sizes: list[list]) -> str:
    look = shape.look.format(colour=words_of("colour", colours[0]).lower())
    if len(colours) > 1:
        kind = "glazes" if shape.craft in ("clay", "light") else "colours"
        look = f"{COUNT_WORDS[len(colours)]} {kind}"
    size = sizes[0][0] if len(sizes) == 1 else f"{COUNT_WORDS[len(sizes)]} sizes"
    return ", ".join([material_words(shape), look, size])


def _pictures(shape: Shape, colours: list[str], chance: Random) -> tuple[str, ...]:
    usual = [shape.photograph(colour) for colour in colours]
    names = [usual[0], shape.close_view(colours[0]), *usual[1:]]
    if shape.scene and colours[0] == shape.colours[0] and chance.random() < 0.7:
        names.append(shape.scene)
    return tuple(dict.fromkeys(names))[:4]


# What it costs, and how many there are


def _choices(
    shape: Shape,
    number: int,
    colours: list[str],
    sizes: list[list],
    level: float,
    age: float,
    is_reduced: bool,
    chance: Random,
):
    cut_ago, share = chance.uniform(2, 26), chance.choice((10, 15, 15, 20, 25, 30))
    rose = chance.random() < 0.15 and share >= 15
    plenty = _plenty(chance)
    for colour in colours:
        for size, usual, weight_g in sizes:
            full = prices.rounded(usual * level)
            cut = prices.rounded(float(full) * (100 - share) / 100)
            is_cut = is_reduced and cut < full
            values, label = _chosen(colour, size, len(colours) > 1, len(sizes) > 1)
            yield Choice(
                sku=sku(number, size, colour),
                label=", ".join(label),
                values=values,
                picture=shape.photograph(colour) if len(colours) > 1 else "",
                prices=prices.reduced(full, cut, age, cut_ago, rose=rose)
                if is_cut
                else prices.steady(full, age, chance),
                stock=_stock(plenty, chance),
                weight_g=weight_g,
            )


def _chosen(colour: str, size: str, by_colour: bool, by_size: bool):
    values, label = [], []
    if by_colour:
        values.append(("colour", colour))
        label.append(words_of("colour", colour))
    if by_size:
        values.append(("size", slug_of(size)))
        label.append(size)
    return tuple(values), label


def _age(chance: Random, *, least: float) -> float:
    """More of them young than old."""
    return least + (OLDEST_DAYS - least) * chance.random() ** 1.4


def _plenty(chance: Random) -> int:
    """How many of each variant there are, about: 6 in 100 are sold out, 8 nearly."""
    kind = chance.random()
    if kind < 0.06:
        return 0
    return chance.randint(1, 5) if kind < 0.14 else chance.randint(6, 90)


def _stock(plenty: int, chance: Random) -> tuple[int, int]:
    pieces = plenty and chance.randint(max(1, plenty // 2), plenty)
    if plenty > 5 and chance.random() < 0.04:
        pieces = 0
    in_porto = chance.randint(0, pieces // 2)
    return pieces - in_porto, in_porto
