"""What shoppers see of every block: complete, out of season, and with parts missing."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from home.blocks import PageBlocks
from home.models import LayoutBlock, Picture
from shop.models import Category, Product
from tests.composing import a_page, block, link, main_of, shown

pytestmark = pytest.mark.django_db

KINDS = [name for name in PageBlocks().child_blocks if name != "unreadable"]
WITH_LINKS = [
    name for name in KINDS if "links" in PageBlocks().child_blocks[name].child_blocks
]
ALL_DAY = timedelta(days=1)


# Every block


def test_there_is_a_sample_of_every_block(furnished):
    assert set(furnished) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_complete_block_passes_its_own_validation(furnished, kind):
    chosen = PageBlocks().child_blocks[kind]

    chosen.clean(chosen.to_python(furnished[kind]))


def anchored(furnished, **more) -> list[dict]:
    """One block of each kind, each with its kind as its anchor."""
    return [
        block(kind, **value, anchor=f"a-{kind}", **more)
        for kind, value in furnished.items()
    ]


def anchors(html: str) -> list[str]:
    return re.findall(r'id="a-(\w+)"', html)


def test_an_anchor_becomes_the_id_of_its_block(client, furnished):
    assert anchors(shown(client, *anchored(furnished))) == list(furnished)


def test_a_block_shows_within_its_dates_and_nothing_outside(client, furnished):
    now = timezone.now()
    begun, over = (now - ALL_DAY).isoformat(), (now + ALL_DAY).isoformat()
    within = anchored(furnished, shown_from=begun, shown_until=over)
    early = anchored(furnished, shown_from=over)
    late = anchored(furnished, shown_until=begun)

    assert anchors(shown(client, *within)) == list(furnished)
    assert anchors(shown(client, *early, *late)) == []


VICTIMS = {
    "product": lambda: Product.objects.all().delete(),
    "picture": lambda: Picture.objects.all().delete(),
    "category": lambda: Category.objects.get(slug="vases").delete(),
    "layout block": lambda: LayoutBlock.objects.all().delete(),
}


def test_a_block_survives_whatever_it_shows(client, furnished):
    """Each kind on a page of its own, for one that fails is skipped without a word."""
    still_here = block("banner", title="Still here")
    pages = {
        kind: a_page(block(kind, **value), still_here, title=f"Of {kind}")
        for kind, value in furnished.items()
    }

    for victim, delete_all in VICTIMS.items():
        before = transaction.savepoint()
        delete_all()
        for kind, page in pages.items():
            html = main_of(client, page)
            assert "Still here" in html, (kind, victim)
            assert "None" not in html, (kind, victim)
        transaction.savepoint_rollback(before)
        # Of pages that were made without what stands again.
        cache.clear()


@pytest.mark.parametrize("kind", ["hero_trio", "flash_sale", "product_shelf"])
def test_a_block_whose_products_are_gone_is_skipped(client, furnished, kind):
    page = a_page(block(kind, **furnished[kind], anchor="autumn"))

    Product.objects.all().delete()

    assert "autumn" not in main_of(client, page)


def test_an_unpublished_product_is_not_named(client, furnished):
    page = a_page(*(block(kind, **value) for kind, value in furnished.items()))
    Product.objects.update(live=False)

    assert not re.search(r"Bowl \d", main_of(client, page))


def delete(page) -> None:
    """With what a commit would do, for no test commits: kept pages are old now."""
    Page.objects.get(pk=page.pk).delete()
    cache.clear()


def test_a_deleted_page_takes_its_link_with_it(client):
    about = a_page(title="About", slug="about")
    page = a_page(
        block("banner", title="Seconds", links=[link("More", page=about.pk)]),
        block("text", text=f'<p>A <a linktype="page" id="{about.pk}">word</a></p>'),
    )
    assert main_of(client, page).count('href="/about/"') == 2

    delete(about)

    html = main_of(client, page)
    assert "Seconds" in html and "word" in html
    assert "More" not in html and "/about/" not in html


def test_a_block_survives_the_page_that_it_links_to(client, furnished):
    about = a_page(title="About", slug="about")
    to_it = {"links": [link("More of it", page=about.pk)]}
    page = a_page(
        *(
            block(kind, **furnished[kind] | to_it, anchor=f"a-{kind}")
            for kind in WITH_LINKS
        )
    )
    assert main_of(client, page).count("More of it") == len(WITH_LINKS)

    delete(about)

    html = main_of(client, page)
    assert anchors(html) == WITH_LINKS and "More of it" not in html


def test_a_link_to_a_draft_does_not_give_it_away(client):
    secret = a_page(title="Secret", slug="secret-campaign", live=False)
    to_it = link("More", page=secret.pk)

    html = shown(
        client,
        block("banner", title="Seconds", links=[to_it]),
        block("text", text=f'<p><a linktype="page" id="{secret.pk}">word</a></p>'),
    )

    assert "secret-campaign" not in html


def test_an_address_that_runs_script_is_no_link(client):
    html = shown(
        client,
        block("banner", title="Seconds", links=[link("Go", "JavaScript:alert(1)")]),
    )

    assert "alert" not in html


def test_a_glaze_is_a_class_and_can_end_no_attribute(client):
    html = shown(client, block("hero_words", title="Words", glaze='"><script>'))

    assert "<script>" not in html


# Title and order


def test_the_first_hero_carries_the_title_of_the_page(client):
    html = shown(
        client,
        block("hero_words", title="Made slowly"),
        block("hero_words", title="Used daily"),
    )

    assert re.findall(r"<h1[^>]*>([^<]+)", html) == ["Made slowly"]


def test_the_page_has_a_title_when_its_hero_is_out_of_season(client, furnished):
    tomorrow = (timezone.now() + ALL_DAY).isoformat()
    hero = block("hero_words", title="Made slowly", shown_from=tomorrow)

    html = shown(client, hero, block("banner", title="Seconds"))

    assert re.findall(r"<h1[^>]*>([^<]+)", html) == ["A page"]


def test_the_page_has_a_title_when_its_trio_is_gone(client, furnished):
    page = a_page(block("hero_trio", **furnished["hero_trio"]))
    Product.objects.all().delete()

    assert re.findall(r"<h1[^>]*>([^<]+)", main_of(client, page)) == ["A page"]


@pytest.mark.parametrize("kind", ["hero_case", "hero_split", "hero_trio", "image"])
def test_one_picture_of_a_page_is_hurried(client, furnished, kind):
    first, second = block(kind, **furnished[kind]), block("image", **furnished["image"])

    assert shown(client, first, second).count("fetchpriority") == 1
