"""The parts around every page: announcement, menu and footer."""

from django.contrib.auth.models import AbstractUser

from home.models import LayoutBlock
from shop.demo.pages import Targets, publish
from shop.demo.stories import STORY
from shop.demo.streams import items, link, stream

MENU = [
    ("ceramics", "amfora-handled-vase", "From the autumn firing"),
    ("tableware", "scene-table-setting", "A table for six"),
    ("lighting", "scene-lamp-at-dusk", "Light for short days"),
    ("textiles", "scene-textiles-bench", "Woven in the valley"),
    ("storage", "ask-shaker-boxes", "A place for each thing"),
    ("planters", "lund-olive-pot", "Pots that breathe"),
]
Position = LayoutBlock.Position


def write_newsletter(by: dict[str, AbstractUser]) -> int:
    """The key of the newsletter that stands below the home page, and in pages that
    share it."""
    there = LayoutBlock.objects.filter(position=Position.HOME).first()
    if there:
        return there.pk
    content = stream(("newsletter", STORY["newsletter"]))
    return _publish(Position.HOME, "Newsletter", content, by).pk


def write_layout(
    targets: Targets, pages: dict[str, int], by: dict[str, AbstractUser]
) -> None:
    """Publish the blocks of positions that have none."""
    taken = set(LayoutBlock.objects.values_list("position", flat=True))
    for position, title, content in (
        (Position.ANNOUNCEMENT, "Free delivery", _announcement(pages)),
        (Position.HEADER, "Main menu", _menu(targets, pages)),
        (Position.FOOTER, "Footer", _footer(targets, pages)),
    ):
        if position not in taken:
            _publish(position, title, content, by)


def _publish(position: str, title: str, content: str, by) -> LayoutBlock:
    block = LayoutBlock(position=position, title=title, content=content, live=False)
    block.save()
    publish(block, by)
    return block


def _announcement(pages: dict[str, int]) -> str:
    return stream(
        (
            "announcement",
            {
                "line": "Free delivery from €80, and thirty days to change your mind.",
                "links": items(
                    link("How delivery works", page=pages["delivery-and-returns"])
                ),
                "glaze": "cobalt",
            },
        )
    )


def _menu(targets: Targets, pages: dict[str, int]) -> str:
    sections = [
        (
            "menu_section",
            {
                "category": targets.categories[path],
                "label": "",
                "picture": targets.picture(picture),
                "caption": caption,
                "more": [],
            },
        )
        for path, picture, caption in MENU
    ]
    return stream(*sections, ("menu_link", link("About", page=pages["about"])))


def _footer(targets: Targets, pages: dict[str, int]) -> str:
    category = targets.categories
    columns = {
        "Help": [
            link("Delivery and returns", page=pages["delivery-and-returns"]),
            link("Care guide", page=pages["care-guide"]),
            link("Your basket", address="/cart/"),
        ],
        "Shop": [
            link("New pieces", address="/shop/?new=1"),
            link("Reduced", address="/shop/?sale=1"),
            link("Kiln seconds", category=category["ceramics/kiln-seconds"]),
            link("Everything", address="/shop/"),
        ],
        "Workshop": [
            link("Who makes all this", page=pages["about"]),
            link("Stoneware", address="/shop/?material=stoneware"),
            link("Made in Portugal", address="/shop/?origin=portugal"),
        ],
    }
    about = "Household things from small workshops, fired and woven in short runs."
    return stream(
        ("footer_about", {"text": about}),
        *(
            ("link_column", {"heading": heading, "links": items(*links)})
            for heading, links in columns.items()
        ),
    )
