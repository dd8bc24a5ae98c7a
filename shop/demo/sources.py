"""The demo's own data, read from the files beside this one."""

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
MEDIA = HERE / "media"


@dataclass(frozen=True)
class Photograph:
    """``name`` is its file's name without an ending; ``kind`` is product, detail,
    variant or scene."""

    name: str
    slug: str
    kind: str
    title: str
    alt: str
    colour: str
    variant_of: str
    focal_point: tuple[float, float]

    @property
    def path(self) -> Path:
        return MEDIA / f"{self.name}.jpg"


@dataclass(frozen=True)
class Workshop:
    name: str
    town: str
    country: str
    crafts: tuple[str, ...]
    level: float


@dataclass(frozen=True)
class Shape:
    """A photographed piece and what may be called by its photograph; ``shapes.toml``
    explains each field. ``glazes`` is {colour: photograph} where there are several."""

    slug: str
    leaf: str
    craft: str
    title: str
    caption: str
    price: float
    workshop: str
    things: list[str]
    finishes: list[str]
    materials: list[str]
    colours: list[str]
    look: str
    sizes: list[list]
    own: int
    also: list[str] = field(default_factory=list)
    told_as: str = ""
    was: float | None = None
    by: str = ""
    age: int | None = None
    stock: int | None = None
    dishwasher: bool | None = None
    oven: bool | None = None
    scene: str = ""
    own_colours: list[str] = field(default_factory=list)
    own_sizes: list[list] = field(default_factory=list)
    sold_out_colours: list[str] = field(default_factory=list)
    glazes: dict[str, str] = field(default_factory=dict)

    def photograph(self, colour: str) -> str:
        """The photograph of the piece in that colour, else the usual one."""
        return self.glazes.get(colour, self.slug)

    def close_view(self, colour: str) -> str:
        name = self.photograph(colour)
        closer = (f"{name}-close", f"{self.slug}-2", f"{self.slug}-close")
        return next(n for n in closer if n in photographs())


def _read(name: str) -> dict:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@cache
def photographs() -> dict[str, Photograph]:
    rows = json.loads((MEDIA / "manifest.json").read_text(encoding="utf-8"))
    found = [
        Photograph(
            name=row["file"].removesuffix(".jpg"),
            slug=row["slug"],
            kind=row["kind"],
            title=row["name"],
            alt=row["alt"],
            colour=row["colour"],
            variant_of=row["variant_of"] or "",
            focal_point=tuple(row["focal_point"]),
        )
        for row in rows
    ]
    return {photograph.name: photograph for photograph in found}


@cache
def categories() -> list[dict]:
    """Parents before children, siblings in the order of the shop."""
    return _read("categories.toml")["category"]


@cache
def workshops() -> list[Workshop]:
    rows = _read("workshops.toml")["workshop"]
    return [Workshop(**row | {"crafts": tuple(row["crafts"])}) for row in rows]


@cache
def shapes() -> list[Shape]:
    return [
        Shape(slug=slug, glazes=_glazes(slug), **row)
        for slug, row in _read("shapes.toml").items()
    ]


def _glazes(slug: str) -> dict[str, str]:
    """{colour: photograph}; the first word of "ochre band" is the colour."""
    usual = photographs()[slug]
    glazes = {}
    for photograph in photographs().values():
        if photograph.kind == "variant" and photograph.variant_of == slug:
            is_usual = photograph.colour == usual.colour
            name = slug if is_usual else photograph.name
            glazes[photograph.colour.split()[0]] = name
    return glazes


@cache
def attributes() -> list[dict]:
    """Rows of attributes.toml, with the values gathered from the other files."""
    gathered = {
        "size": [(slug_of(label), label, "") for label in _size_labels()],
        "origin": [
            (country.lower(), country, "")
            for country in dict.fromkeys(w.country for w in workshops())
        ],
        "capacity": [
            (slug_of(label), label, "")
            for label in sorted(
                (label for label in _size_labels() if label.endswith(" cl")),
                key=lambda label: int(label.split()[0]),
            )
        ],
    }
    rows = _read("attributes.toml")["attribute"]
    return [
        row | {"values": row.get("values") or gathered[row["code"]]} for row in rows
    ]


def _size_labels() -> list[str]:
    return list(
        dict.fromkeys(
            label
            for shape in shapes()
            for label, _, _ in [*shape.own_sizes, *shape.sizes]
        )
    )


def slug_of(label: str) -> str:
    """ "Ø 26 cm" → "d-26-cm", "130 × 180 cm" → "130-x-180-cm"."""
    plain = label.lower().replace("ø", "d").replace("×", "x")
    return "-".join(plain.split())
