"""A small shop with everything a page can show."""

import json

from home.models import HomePage, LayoutBlock, SiteSettings
from shop.models import Product
from tests.builders import (
    a_brand,
    a_category,
    a_delivery_method,
    a_picture,
    a_product,
    a_promotion,
    a_tax_rate,
    a_value,
    a_variant,
)
from tests.composing import a_layout_block, block, link, page_blocks


def dress(size=(800, 800)) -> None:
    """Eight products in a tree of two levels, a composed home page, menu and footer."""
    picture = a_picture("Bowl", size=size)
    picture.make_cuts()
    tableware = a_category("Tableware", picture=picture, description="For every day.")
    bowls = a_category("Bowls", parent=tableware)
    fill_shelves(bowls, picture)
    a_delivery_method("post", "4.90", free_from=80)
    a_delivery_method("day", "9.90", position=1)
    a_tax_rate()
    a_promotion("GLAZE10")
    compose(tableware, picture)


def fill_shelves(bowls, picture) -> None:
    moss = a_value("Moss", "colour", swatch="#8f9678", name="Colour", is_option=True)
    oat = a_value("Oat", "colour", swatch="#d8cdb8", name="Colour", is_option=True)
    clay = a_value("Stoneware", "material", name="Material")
    bowl = a_product(
        "Vid serving bowl",
        slug="vid",
        price=None,
        caption="Stoneware, moss glaze, Ø 26 cm",
        description="<p>Thrown in runs of two hundred.</p>",
        category=bowls,
        brand=a_brand(),
        picture=picture,
        further_pictures=[picture],
        popularity=9,
        values=[clay],
    )
    reduced = {"price": "36.50", "compare_at_price": "42.00"}
    a_variant(bowl, sku="VID-MOSS", options=[moss], picture=picture, **reduced)
    a_variant(bowl, sku="VID-OAT", price="39.50", stock=5, options=[oat], position=1)
    a_product("Uma bowl", stock=0, category=bowls, picture=picture, values=[clay])
    for n in range(6):
        values = [clay] if n % 2 else []
        a_product(f"Lag plate {n}", category=bowls, picture=picture, values=values)


def compose(category, picture) -> None:
    settings = SiteSettings.objects.get_or_create(site=_site())[0]
    settings.name, settings.email = "Kiln & Loom", "shop@example.org"
    settings.description = "Household things from small workshops."
    settings.save()
    home = HomePage.objects.get()
    home.body = json.dumps(_home_body(category, picture))
    home.save()
    for position, blocks in _layout(category, picture).items():
        content = json.dumps(blocks)
        LayoutBlock.objects.create(position=position, title=position, content=content)


def _site():
    from wagtail.models import Site

    return Site.objects.get(is_default_site=True)


def _home_body(category, picture) -> list[dict]:
    """One block of every kind, the heroes and the shared one included."""
    products = Product.objects.filter(title__startswith="Lag").order_by("pk")
    shared = a_layout_block(block("banner", title="Shared"), position="product")
    kinds = page_blocks(picture, list(products), category, shared)
    first = ("hero_case", "category_tiles", "product_shelf", "hero_split")
    order = [*first, *(kind for kind in kinds if kind not in first)]
    return [block(kind, **kinds[kind]) for kind in order]


def _layout(category, picture) -> dict[str, list[dict]]:
    section = {"label": "", "caption": "A table", "more": []}
    column = {"heading": "Help", "links": [link("Delivery", "/shop/")]}
    news = {"line": "Free delivery from €80.", "links": [link("How", "/shop/")]}
    return {
        "announcement": [block("announcement", glaze="cobalt", **news)],
        "header": [
            block("menu_section", category=category.pk, picture=picture.pk, **section),
            block("menu_link", **link("Everything", "/shop/")),
        ],
        "footer": [
            block("footer_about", text="Small workshops."),
            block("link_column", **column),
        ],
    }
