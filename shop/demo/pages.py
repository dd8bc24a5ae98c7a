"""The demo's pages: the autumn firing, about, delivery and returns, care guide."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.utils.functional import cached_property

from home.models import DynamicPage, HomePage, Picture
from shop.demo.stories import CARE, DELIVERY, FIRING, FOUR, MAKING, SLOWLY, VIDEO, WHO
from shop.demo.streams import items, link, shelf, stream, table
from shop.models import Category, Product


@dataclass
class Targets:
    """What blocks refer to, by the names of the demo."""

    pictures: dict[str, Picture]
    newsletter: int
    # When the demo's flash sale ends.
    sale_ends_at: datetime

    @cached_property
    def categories(self) -> dict[str, int]:
        return dict(Category.objects.values_list("url_path", "pk"))

    def picture(self, name: str) -> int:
        return self.pictures[name].pk

    def products(self, *slugs: str) -> list[int]:
        """Keys of the products that are there, in that order."""
        found = dict(Product.objects.filter(slug__in=slugs).values_list("slug", "pk"))
        return [found[slug] for slug in slugs if slug in found]


def write_pages(
    home: HomePage, targets: Targets, by: dict[str, AbstractUser]
) -> dict[str, int]:
    """{slug: key} of the pages under ``home``; a page that is there stays as it is."""
    made = {
        slug: _page(home, slug, title, introduction, body(targets), by).pk
        for slug, title, introduction, body in (
            ("about", "Who makes all this", WHO, _about),
            ("autumn-firing", "The autumn firing", FIRING["intro"], _firing),
            (
                "delivery-and-returns",
                "Delivery and returns",
                DELIVERY["intro"],
                _delivery,
            ),
            ("care-guide", "Care guide", CARE["intro"], _care),
        )
    }
    return made


def publish(page, by: dict[str, AbstractUser]) -> None:
    """Publish as an editor and a publisher would: two entries in the history."""
    page.save_revision(user=by.get("editor"), log_action=True)
    revision = page.save_revision(user=by.get("publisher"), log_action=True)
    revision.publish(user=by.get("publisher"))


def _page(home, slug, title, introduction, body, by) -> DynamicPage:
    there = DynamicPage.objects.child_of(home).filter(slug=slug).first()
    if there:
        return there
    page = DynamicPage(
        title=title,
        slug=slug,
        introduction=introduction,
        search_description=introduction,
        body=body,
        owner=by.get("editor"),
        live=False,
    )
    home.add_child(instance=page)
    publish(page, by)
    return page


def _firing(targets: Targets) -> str:
    trio = targets.products("halden-moon-vase", "vid-serving-bowl", "norr-mug")
    ceramics = targets.categories["ceramics"]
    fired: tuple[str, dict] = shelf("All that came out of it", "category")
    fired[1].update(category=ceramics, count=8)
    if len(trio) == 3:
        opening = ("hero_trio", {**FIRING["trio"], "products": items(*trio)})
    else:
        opening = ("hero_words", FIRING["trio"])
    return stream(
        opening,
        ("text", {"text": FIRING["text"]}),
        ("promo_code", FIRING["code"]),
        fired,
        ("shared", {"block": targets.newsletter}),
    )


def _about(targets: Targets) -> str:
    first = ("norr-mug", "vid-serving-bowl", "fold-wool-throw", "lade-oak-box")
    everything = link("The whole shop", address="/shop/")
    picture = targets.picture("scene-table-setting")
    blocks: list[tuple[str, dict]] = [
        ("hero_words", SLOWLY),
        ("image", {"picture": picture, "caption": FOUR}),
        ("text", {"text": MAKING}),
        ("video", {**VIDEO, "picture": targets.picture("scene-textiles-bench")}),
    ]
    if products := targets.products(*first):
        blocks.append(shelf("Where most begin", "picked", everything, products))
    blocks.append(("shared", {"block": targets.newsletter}))
    return stream(*blocks)


def _delivery(targets: Targets) -> str:
    return stream(
        ("text", {"text": DELIVERY["text"]}),
        table(*DELIVERY["table"]),
        ("faq", _faq("Asked often", DELIVERY["questions"])),
    )


def _care(targets: Targets) -> str:
    return stream(
        ("text", {"text": CARE["text"]}),
        table(*CARE["table"]),
        ("faq", _faq("Good to know", CARE["questions"])),
    )


def _faq(heading: str, questions: list[tuple[str, str]]) -> dict:
    return {
        "heading": heading,
        "questions": items(
            *({"question": asked, "answer": answer} for asked, answer in questions)
        ),
    }
