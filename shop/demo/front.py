"""The demo's home page: a block of almost every kind."""

from home.models import HomePage
from shop.demo.pages import Targets, publish
from shop.demo.stories import STORY
from shop.demo.streams import items, link, shelf, stream


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
                link("See the firing", category=category["ceramics"]),
                link("How it was made", page=pages["about"]),
            ),
        },
    )
    tops = ("ceramics", "tableware", "lighting", "textiles", "storage", "planters")
    yield (
        "category_tiles",
        {
            "heading": "By the room, by the hand",
            "categories": items(*(category[top] for top in tops)),
        },
    )
    new = link("All new pieces", address="/shop/?sort=newest")
    yield shelf("Fresh from the kiln", "newest", new)
    yield (
        "hero_split",
        {
            **STORY["lamps"],
            "picture": picture("scene-lamp-at-dusk"),
            "links": items(link("All lighting", category=category["lighting"])),
        },
    )
    table = ("rak-brass-candlesticks", "vid-serving-bowl", "dyp-two-tone-mug")
    picked = targets.products(*table, "sol-dinner-plate")
    if picked:
        yield shelf("One table, four workshops", "picked", products=picked)
    yield (
        "editorial",
        {
            **STORY["glaze"],
            "picture": picture("scene-window-light"),
            "links": items(link("How it was made", page=pages["about"])),
        },
    )
    yield shelf("Reduced at present", "on_sale")
    yield (
        "quotes",
        {
            "heading": "From the people who use them",
            "quotes": items(*(_quote(targets, *said) for said in STORY["quotes"])),
        },
    )
    yield (
        "banner",
        {
            **STORY["seconds"],
            "links": items(
                link("Browse the seconds", category=category["ceramics/kiln-seconds"])
            ),
        },
    )


def _quote(targets: Targets, slug: str, quote: str, name: str) -> dict:
    about = next(iter(targets.products(slug)), None)
    return {"quote": quote, "name": name, "product": about}
