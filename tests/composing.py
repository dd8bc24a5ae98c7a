"""Blocks as raw data: as a database holds them and an importer writes them."""

import json
from datetime import timedelta

from django.utils import timezone

from home.models import DynamicPage, HomePage, LayoutBlock, Picture
from home.models.pictures import CUTS
from tests.builders import a_picture
from tests.frugal import unquestioned
from tests.new_pages import unheard_of

VIDEO = "https://vimeo.com/76979871"


def block(kind: str, **value) -> dict:
    return {"type": kind, "value": value}


def link(label="See it all", address="/shop/", **target) -> dict:
    return {"label": label, "address": "" if target else address} | target


@unquestioned()
def a_page(*blocks: dict, title="A page", **more) -> DynamicPage:
    """A published page beneath the home page, with these blocks."""
    home = HomePage.objects.get()
    more = {"locale_id": home.locale_id} | more
    page = DynamicPage(title=title, body=json.dumps(blocks), **more)
    with unheard_of(page):
        return home.add_child(instance=page)


@unquestioned()
def a_layout_block(*blocks: dict, position="home", **more) -> LayoutBlock:
    content = json.dumps(blocks)
    return LayoutBlock.objects.create(
        position=position, title="Shared", content=content, **more
    )


def main_of(client, page="/") -> str:
    """What stands in the middle of a page that must answer 200."""
    answer = client.get(page if isinstance(page, str) else page.url)
    assert answer.status_code == 200
    markup = answer.content.decode()
    return markup[markup.index("<main") : markup.index("</main>")]


def shown(client, *blocks: dict) -> str:
    """What a page of these blocks shows."""
    return main_of(client, a_page(*blocks))


def a_framed_picture(title="Bowl") -> Picture:
    """A picture whose cuts are known, so that no test waits for them."""
    picture = a_picture(title, size=(8, 8))
    picture.cuts = {"state": picture._cut_state} | {
        name: [[f"/media/{title}-{width}.webp", width, width] for width in cut.widths]
        for name, cut in CUTS.items()
    }
    picture.save()
    return picture


def story_blocks(picture, products, category) -> dict[str, dict]:
    """One of each kind that may stand in a page and in a layout block, complete.
    ``products``: three or more."""
    first, second, third = products[:3]
    words = {"title": "Too good to put away", "text": "Glazed by hand."}
    links = [link(), link("Bowls", category=category.pk)]
    asked = {"question": "Do you repair?", "answer": "<p>Most chips.</p>"}
    said = {"quote": "I know whose thumb it is.", "name": "Marta"}
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    return {
        "product_shelf": {
            "heading": "Fresh",
            "links": links[:1],
            "rule": "picked",
            "products": [first.pk, second.pk],
            "skip_sold_out": False,
        },
        "category_tiles": {
            "heading": "By the room",
            "categories": [
                {"category": category.pk},
                {"category": category.pk, "picture": picture.pk},
            ],
        },
        "editorial": words
        | {"picture": picture.pk, "caption": "At seven.", "links": links[:1]},
        "banner": {"title": "Seconds", "line": "Marks.", "links": links[1:]},
        "text": {
            "text": "<h2>Care</h2><p>Wash by hand.</p>"
            f'<embed embedtype="image" id="{picture.pk}" format="left" alt="Hand"/>'
        },
        "table": {
            "table": {
                "caption": "What each clay stands",
                "columns": [
                    {"type": "words", "heading": "Body"},
                    {"type": "words", "heading": "Oven"},
                ],
                "rows": [{"values": ["Stoneware", "To 220 °C"]}],
            }
        },
        "image": {"picture": picture.pk, "caption": "Four workshops."},
        "hotspots": {
            "heading": "One table",
            "picture": picture.pk,
            "points": [
                {"product": first.pk, "x": 43, "y": 44.5},
                {"product": second.pk, "x": 65.5, "y": 20},
            ],
        },
        "video": {"address": VIDEO, "title": "A bowl", "picture": picture.pk},
        "quotes": {
            "heading": "They say",
            "quotes": [said | {"product": third.pk}, said],
        },
        "faq": {"heading": "Good to know", "questions": [asked, asked], "opened": 1},
        "flash_sale": {"product": first.pk, "text": "Soon gone.", "ends_at": tomorrow},
        "promo_code": {"code": "GLAZE10", "title": "Ten per cent", "terms": "Soon."},
        "newsletter": words | {"consent": "For the letter only.", "glaze": "celadon"},
    }


def page_blocks(picture, products, category, shared) -> dict[str, dict]:
    """One of each kind that may stand in a page."""
    links = [link(), link("Bowls", category=category.pk)]
    words = {"title": "Too good to put away", "text": "Glazed by hand."}
    with_picture = words | {"picture": picture.pk}
    three = [product.pk for product in products[:3]]
    return story_blocks(picture, products, category) | {
        "hero_case": with_picture | {"kicker": "Autumn", "links": links},
        "hero_split": with_picture | {"glaze": "celadon", "links": links[:1]},
        "hero_words": words | {"glaze": "madder", "links": links},
        "hero_trio": words | {"products": three},
        "shared": {"block": shared.pk},
    }


def layout_blocks(picture, products, category) -> dict[str, dict]:
    """One of each kind that may stand in a layout block."""
    return story_blocks(picture, products, category) | {
        "announcement": {"line": "Free delivery.", "links": [link()]},
        "menu_section": {"category": category.pk, "picture": picture.pk},
        "menu_link": link("Everything"),
        "footer_about": {"text": "Small workshops."},
        "link_column": {"heading": "Help", "links": [link()]},
    }
