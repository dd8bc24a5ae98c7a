"""The demo's home page: a block of almost every kind."""

from home.models import HomePage
from shop.demo.pages import Targets, publish
from shop.demo.stories import STORY
from shop.demo.streams import items, link, shelf, stream

# Where things stand on the photographed table, in per cent of it.
STANDING = [
    ("rak-brass-candlesticks", 42.0, 44.0),
    ("vid-serving-bowl", 65.5, 46.0),
    ("dyp-two-tone-mug", 81.0, 55.0),
    ("sol-dinner-plate", 58.0, 68.0),
]


def dress(home: HomePage, targets: Targets, pages: dict, by: dict) -> None:
    """Compose and publish the home page, unless somebody has done so."""
    if home.body:
        return
    home.title = home.draft_title = "Kiln & Loom"
    home.seo_title = "Kiln & Loom: household things, fired and woven"
    home.search_description = STORY["description"]
    home.social_picture = targets.pictures["scene-shelf"]
    home.body = stream(*_blocks(targets, pages))
    publish(home, by)


def _blocks(targets: Targets, pages: dict[str, int]):
    category, picture = targets.categories, targets.picture
    yield (
        "hero_case",
        {
            **STORY["hero"],
            "picture": picture("scene-shelf"),
            "links": items(
                link("See the firing", page=pages["autumn-firing"]),
                link("How it was made", page=pages["about"]),
            ),
        },
    )
    tops = ("ceramics", "tableware", "lighting", "textiles", "storage", "planters")
    yield (
        "category_tiles",
        {
            "heading": "By the room, by the hand",
            "categories": items(*({"category": category[top]} for top in tops)),
        },
    )
    new = link("All new pieces", address="/shop/?new=1")
    yield shelf("Fresh from the kiln", "newest", new)
    yield (
        "hero_split",
        {
            **STORY["lamps"],
            "picture": picture("scene-lamp-at-dusk"),
            "links": items(link("All lighting", category=category["lighting"])),
        },
    )
    yield (
        "editorial",
        {
            **STORY["glaze"],
            "picture": picture("scene-window-light"),
            "links": items(link("How it was made", page=pages["about"])),
        },
    )
    yield from _flash_sale(targets)
    yield from _table(targets)
    yield shelf("Reduced at present", "on_sale")
    yield (
        "banner",
        {
            **STORY["seconds"],
            "links": items(
                link("Browse the seconds", category=category["ceramics/kiln-seconds"])
            ),
        },
    )
    yield (
        "quotes",
        {
            "heading": "From the people who use them",
            "quotes": items(*(_quote(targets, *said) for said in STORY["quotes"])),
        },
    )


def _flash_sale(targets: Targets):
    for product in targets.products("ostra-bottle-vase"):
        ends_at = targets.sale_ends_at.isoformat()
        yield "flash_sale", {**STORY["flash"], "product": product, "ends_at": ends_at}


def _table(targets: Targets):
    """The laid table, each piece where it stands in the photograph."""
    points = [
        {"product": product, "x": x, "y": y}
        for slug, x, y in STANDING
        for product in targets.products(slug)
    ]
    if len(points) >= 2:
        yield (
            "hotspots",
            {
                "heading": "One table, four workshops",
                "picture": targets.picture("scene-table-setting"),
                "points": items(*points),
            },
        )


def _quote(targets: Targets, slug: str, quote: str, name: str) -> dict:
    about = next(iter(targets.products(slug)), None)
    return {"quote": quote, "name": name, "product": about}
