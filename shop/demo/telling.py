"""Names and descriptions, put together from ``words.py``."""

from random import Random

from shop.demo import words
from shop.demo.pieces import words_of
from shop.demo.sources import Shape, Workshop

NAMES = [first + last for first in words.BEGINNINGS for last in words.ENDINGS]
Random("kiln and loom").shuffle(NAMES)  # noqa: S311


def title(shape: Shape, number: int) -> tuple[str, str]:
    """("Torvik speckled bottle vase", "bottle vase"). A name comes round again after
    all others have been used, with another finish or for another thing then."""
    turn, name = divmod(number, len(NAMES))
    thing = shape.things[turn // len(shape.finishes) % len(shape.things)]
    finish = shape.finishes[turn % len(shape.finishes)]
    said = set(finish.replace("-", " ").split())
    kind, comma, how_many = thing.partition(",")
    kind = " ".join(word for word in kind.split() if word not in said) or kind
    once = f"{kind}{comma}{how_many}"
    said_twice = finish[:4] in once
    return " ".join([NAMES[name], *([] if said_twice else [finish]), once]), thing


def description(
    shape: Shape,
    thing: str,
    colour: str,
    workshop: Workshop,
    chance: Random,
    *,
    first="",
) -> str:
    """Two to four sentences in a paragraph; ``first`` stands in for the opening."""
    thing = noun(thing)
    facts = {
        "thing": thing,
        "a_thing": f"{'An' if thing[0] in 'aeiou' else 'A'} {thing}",
        "colour": words_of("colour", colour).lower(),
        "material": words_of("material", shape.materials[0]),
        "workshop": workshop.name,
        "town": workshop.town,
    }
    opening = first or chance.choice(words.OPENINGS[shape.told_as or shape.craft])
    middles = chance.sample(_middles(shape.leaf), k=chance.choice((1, 1, 2)))
    closing = chance.choice(words.CLOSINGS)
    sentences = [s.format(**facts) for s in (opening, *middles, closing) if s]
    return f"<p>{' '.join(sentences)}</p>"


def noun(thing: str) -> str:
    """What one speaks of: "bud vases, set of three" is a set."""
    return thing.rpartition(", ")[2].partition(" of ")[0]


def _middles(leaf: str) -> list[str]:
    path = leaf
    while path not in words.MIDDLES:
        path = path.rpartition("/")[0]
    return words.MIDDLES[path]
