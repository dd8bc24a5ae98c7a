"""How often a page asks the database, counted on the whole response."""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from home.blocks import PageBlocks
from home.blocks.preload import preload
from home.models import HomePage
from tests.builders import a_category
from tests.composing import (
    a_framed_picture,
    a_layout_block,
    a_page,
    block,
    link,
    main_of,
    page_blocks,
)
from tests.many import many_products

pytestmark = pytest.mark.django_db

KINDS = [name for name in PageBlocks().child_blocks if name != "unreadable"]


class Shop:
    """Enough different things that no two neighbouring blocks show the same."""

    def __init__(self, each=12, products=44):
        self.pictures = [a_framed_picture(f"Picture {n}") for n in range(each)]
        self.categories = [
            a_category(f"Category {n}", picture=self.pictures[n]) for n in range(each)
        ]
        self.products = many_products(
            products, "Piece", categories=self.categories, pictures=self.pictures
        )
        self.pages = [a_page(title=f"Story {n}") for n in range(each)]
        self.shared = [
            a_layout_block(block("text", text=f"<p>{n}</p>"), position="product")
            for n in range(each)
        ]

    def of_kind(self, kind: str, count: int) -> list[dict]:
        return [block(kind, **self._value(kind, n)) for n in range(count)]

    def _value(self, kind: str, n: int) -> dict:
        def nth(things):
            return things[n % len(things)]

        products = [self.products[(n + i) % len(self.products)] for i in range(3)]
        value = page_blocks(
            nth(self.pictures), products, nth(self.categories), nth(self.shared)
        )[kind]
        page = nth(self.pages)
        if "links" in value:
            value["links"] = [link("Story", page=page.pk), link()]
        if kind == "text":
            value["text"] += f'<p><a linktype="page" id="{page.pk}">Story</a></p>'
        return value


@pytest.fixture(scope="module")
def shop(module_db):
    """Looked at, never changed."""
    return Shop()


def queries_of(client, path: str) -> list[str]:
    """What a cold page asks, while what all pages share is in the cache."""
    client.get("/search/")
    return queries_of_another(client, path)


def queries_of_another(client, path: str) -> list[str]:
    """The same when a page was shown before, and with it the frame of all pages was
    kept. So is where sites begin, by Wagtail and for an hour."""
    Site.get_site_root_paths()
    cache.delete_pattern("page:*")
    with CaptureQueriesContext(connection) as queries:
        main_of(client, path)
    return [query["sql"] for query in queries]


def compose_home(*blocks: dict) -> None:
    home = HomePage.objects.get()
    home.body = json.dumps(blocks)
    home.save()


def ten_blocks(shop: Shop) -> list[dict]:
    """Forty products and links to pages among them."""
    ids = [product.pk for product in shop.products]
    shelves = [
        block("product_shelf", heading="Fresh", rule="newest", count=12),
        block("product_shelf", heading="Picked", rule="picked", products=ids[:12]),
        block("product_shelf", heading="More", rule="picked", products=ids[12:24]),
        block(
            "product_shelf",
            heading="Bowls",
            rule="category",
            count=4,
            category=shop.categories[0].pk,
        ),
    ]
    kinds = ("hero_case", "category_tiles", "editorial", "hotspots", "quotes", "text")
    return [shop.of_kind(kind, 1)[0] for kind in kinds] + shelves


@pytest.mark.parametrize("kind", KINDS)
def test_fifty_blocks_of_a_kind_ask_as_little_as_one(client, shop, kind):
    few = a_page(*shop.of_kind(kind, 1), title="Few")
    many = a_page(*shop.of_kind(kind, 50), title="Many")

    # Once, so that it is not the first that is asked for.
    main_of(client, few)
    asked_of_few = len(queries_of_another(client, few.url))

    assert asked_of_few > 0
    assert len(queries_of_another(client, many.url)) == asked_of_few


def test_a_home_page_of_ten_blocks_and_forty_products_asks_six_questions(client, shop):
    compose_home(*ten_blocks(shop))

    queries = queries_of(client, "/")

    assert client.get("/").content.decode().count('class="card"') >= 36
    assert len(queries) <= 6


def test_any_other_page_of_them_asks_eight(client, shop):
    page = a_page(*ten_blocks(shop), title="Full")

    queries = queries_of(client, page.url)

    assert main_of(client, page).count('class="card"') >= 36
    assert len(queries) <= 8


def test_three_hundred_blocks_ask_twenty_questions_at_most(client, shop):
    every = [one for kind in KINDS for one in shop.of_kind(kind, 15)]
    page = a_page(*(every + shop.of_kind("banner", 15)), title="Everything")
    assert len(page.body) == 300

    assert len(queries_of(client, page.url)) <= 20


def test_the_picture_for_other_sites_comes_with_those_of_the_blocks(client, shop):
    page = a_page(*shop.of_kind("hotspots", 1), title="Pictures")
    without = queries_of(client, page.url)
    cache.clear()
    page.social_picture = a_framed_picture("Shelf")
    page.save()

    assert len(queries_of(client, page.url)) == len(without)
    assert 'property="og:image"' in client.get(page.url).content.decode()


def test_block_by_block_the_same_page_asks_far_more_often(client, shop):
    """The control: nobody has loaded anything for all of them."""
    page = a_page(*ten_blocks(shop), title="Naive").specific
    page = type(page).objects.get(pk=page.pk)

    with CaptureQueriesContext(connection) as queries:
        for child in page.body:
            child.render({"page": page})

    assert len(queries) > 20


def test_addresses_of_linked_pages_are_found_by_one_look_at_the_sites(monkeypatch):
    pages = [a_page(title=f"Story {n}") for n in range(20)]
    body = a_page(
        *(block("banner", title="B", links=[link("S", page=p.pk)]) for p in pages),
        title="Links",
    ).body
    looks, look = [], Site.get_site_root_paths
    monkeypatch.setattr(Site, "get_site_root_paths", lambda: looks.append(1) or look())

    html = body.render_as_block()

    assert html.count('href="/story-') == 20
    assert len(looks) == 1


def test_streams_of_a_page_and_of_layout_blocks_are_loaded_together(client, shop):
    streams = [
        a_page(*shop.of_kind("hotspots", 2), title="One").body,
        a_layout_block(*shop.of_kind("editorial", 2)).content,
    ]
    client.get("/shop/")

    with CaptureQueriesContext(connection) as queries:
        loaded = preload(streams, now=timezone.now())
    with CaptureQueriesContext(connection) as later:
        kinds = [[child.block_type for child in loaded.blocks(s)] for s in streams]

    assert kinds == [["hotspots"] * 2, ["editorial"] * 2]
    assert len(queries) <= 3
    assert len(later) == 0


def test_showing_a_page_changes_nothing_in_it(client, shop):
    page = a_page(*shop.of_kind("hero_trio", 2), title="One")
    before = json.dumps(page.body.get_prep_value())

    page.body.render_as_block()

    assert json.dumps(page.body.get_prep_value()) == before
