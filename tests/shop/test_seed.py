"""The demo shop: what is invented, and what of it reaches the database."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client, TransactionTestCase
from PIL import Image
from wagtail.models import Revision

from checkout.invariants import violations
from checkout.models import Order
from home.models import DynamicPage, HomePage, LayoutBlock, Picture
from home.models.pictures import CUTS
from shop import tree
from shop.demo import pictures, sources
from shop.demo.invention import piece
from shop.demo.placing import leaf_of, shapes_of
from shop.demo.prices import reduced, rounded, steady, struck_price
from shop.models import (
    Category,
    PriceChange,
    Product,
    SalePrice,
    Stock,
    StockMovement,
    Variant,
)
from shop.prices import lowest_price_before
from shop.relist import drift

MANY = range(3000)


@pytest.fixture(scope="module")
def pieces():
    return [piece(number) for number in MANY]


@pytest.fixture(scope="module")
def shop_of_150(django_db_setup, django_db_blocker):
    """A demo shop for all tests below: filling it takes seconds. Its photographs are
    not cut; {rule: sentence} of what is wrong with its books from the first day."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Picture, "make_cuts", _uncut)
        with patch.context() as for_one:
            cut_only_one(for_one)
            seed(150)
        for picture in Picture.objects.all():
            _uncut(picture)
        yield list(violations())
        TransactionTestCase._fixture_teardown(None)


@pytest.fixture
def seeded(shop_of_150, db, monkeypatch):
    monkeypatch.setattr(Picture, "make_cuts", _uncut)
    return shop_of_150


def _uncut(picture, names=CUTS):
    """Kept as if they were, so that seeding again has nothing to cut."""
    cuts = {name: [["/uncut.webp", 320, 320]] for name in names}
    kept = cuts | {"state": picture._cut_state}
    Picture.objects.filter(pk=picture.pk).update(cuts=kept)
    return cuts


def cut_only_one(patch) -> None:
    """Each is cut on a connection of its own, unless there is a pool: a second for a
    hundred that are not really cut."""
    wanted = dict(list(pictures._wanted_cuts().items())[:1])
    patch.setattr(pictures, "_wanted_cuts", lambda: wanted)


def seed(products: int) -> str:
    out = StringIO()
    call_command("seed_demo", products=products, stdout=out)
    return out.getvalue()


# What is invented


def test_a_number_is_always_the_same_piece():
    assert [piece(n) for n in (0, 60, 99_999)] == [piece(n) for n in (0, 60, 99_999)]


def test_no_two_pieces_share_an_address_or_a_sku(pieces):
    skus = [choice.sku for p in pieces for choice in p.choices]

    assert len({p.slug for p in pieces}) == len(pieces)
    assert len(set(skus)) == len(skus)


def test_no_name_breaks_off(pieces):
    assert not [p.title for p in pieces if p.title.endswith(" of")]


def test_hardly_a_name_comes_twice(pieces):
    assert len({p.title for p in pieces}) > 0.99 * len(pieces)


def test_words_fit_their_fields(pieces):
    for name in ("title", "caption", "slug"):
        room = Product._meta.get_field(name).max_length
        assert max(len(getattr(p, name)) for p in pieces) <= room


def test_a_vase_is_never_pictured_as_a_rug(pieces):
    photographs = sources.photographs()
    for p in pieces:
        fitting = {shape.slug for shape in shapes_of(p.leaf)}
        main = photographs[p.pictures[0]]
        assert (main.variant_of or main.slug) in fitting


def test_every_gallery_has_a_second_picture(pieces):
    assert all(len(p.pictures) >= 2 for p in pieces)


def test_every_photograph_is_used_and_described():
    shapes = {shape.slug for shape in sources.shapes()}
    photographs = sources.photographs().values()

    assert {p.slug for p in photographs if p.kind == "product"} == shapes
    assert all(p.path.exists() and 0 < len(p.alt) <= 255 for p in photographs)


def test_categories_have_the_proportions_of_the_design():
    found = Counter(leaf_of(number) for number in range(10_000))

    for row in sources.categories():
        if "share" in row:
            assert abs(found[row["path"]] - row["share"]) <= 5


def test_about_a_third_has_variants_and_an_eighth_is_reduced(pieces):
    several = [p for p in pieces if len(p.choices) > 1]
    cheaper = [p for p in pieces if any(c.compare_at for c in p.choices)]

    assert 0.3 < len(several) / len(pieces) < 0.4
    assert 0.09 < len(cheaper) / len(pieces) < 0.15


def test_a_description_has_two_to_four_sentences_and_no_gaps(pieces):
    for p in pieces:
        told = p.description.replace("<p>", "").replace("</p>", " ")
        assert "{" not in told
        assert 2 <= told.count(". ") <= 7


# What it costs


def test_prices_end_in_halves_and_whole_euros():
    amounts = [str(rounded(amount)) for amount in (1.2, 36.6, 36.8, 123.4)]

    assert amounts == ["4", "36.5", "37", "123"]


def test_the_struck_price_is_the_lowest_of_thirty_days():
    full, cut = rounded(50), rounded(40)

    assert struck_price(reduced(full, cut, age=200, cut_ago=5)) == full
    assert struck_price(reduced(full, cut, 200, 5, rose=True)) == rounded(45)


def test_a_rise_strikes_nothing_through():
    class Always:
        random = staticmethod(lambda: 0)
        uniform = staticmethod(lambda least, most: least)

    history = steady(rounded(50), age=300, chance=Always())

    assert len(history) == 2
    assert struck_price(history) is None


# What is written


def test_seeding_again_changes_nothing(seeded):
    tables = (
        *(Product, StockMovement, PriceChange, SalePrice, Order),
        *(Picture, Revision, LayoutBlock),
    )
    before = [table.objects.count() for table in tables]

    assert "0 of them new" in seed(150)
    assert [table.objects.count() for table in tables] == before


def test_a_larger_number_adds_and_a_smaller_takes_nothing_away(seeded):
    assert "30 of them new" in seed(180)
    seed(20)

    assert Product.objects.count() == 180


def test_a_deleted_piece_stays_deleted(seeded):
    Product.objects.filter(slug=piece(70).slug).update(slug="mine-now")
    seed(160)

    assert not Product.objects.filter(slug=piece(70).slug).exists()


def test_listing_columns_and_ledgers_are_right_from_the_first_day(seeded):
    assert drift() == []
    assert seeded == []
    for variant in Variant.objects.reduced().filter(regular_price=None):
        cut_at = variant.price_changes.first().changed_at
        assert variant.compare_at_price == lowest_price_before(variant, cut_at)


def test_every_stock_row_begins_with_a_count_in_both_warehouses(seeded):
    counted = StockMovement.objects.filter(kind=StockMovement.Kind.INITIAL)

    assert counted.count() == Stock.objects.count() == 2 * Variant.objects.count()


def test_new_things_are_new_and_old_things_old(seeded):
    newest = Product.objects.order_by("-created_at").first()
    ages = newest.created_at - Product.objects.order_by("created_at").first().created_at

    assert newest.slug == "fjell-fluted-vase"
    assert ages > timedelta(days=500)


def test_editors_find_valid_blocks_and_a_history(seeded):
    composed = [*HomePage.objects.all(), *DynamicPage.objects.all()]
    blocks = list(LayoutBlock.objects.all())

    assert len(composed) == 5 and len(blocks) == 4
    for thing in [*composed, *blocks]:
        thing.full_clean()
        assert thing.live and thing.revisions.count() == 2
        stream = thing.body if hasattr(thing, "body") else thing.content
        stream.stream_block.clean(stream)


def test_every_picture_is_in_its_place_and_measured(seeded):
    hung = list(Picture.objects.all())

    assert len(hung) == len(sources.photographs())
    for picture in hung:
        with Image.open(picture.file) as photograph:
            assert photograph.size == (picture.width, picture.height)


def test_the_demo_shows_every_kind_of_block(seeded):
    streams = [home.body for home in HomePage.objects.all()]
    streams += [page.body for page in DynamicPage.objects.all()]
    streams += [layout.content for layout in LayoutBlock.objects.all()]
    shown = {child.block_type for stream in streams for child in stream}

    known = {kind for stream in streams for kind in stream.stream_block.child_blocks}
    assert shown == known - {"unreadable"}


def test_every_link_of_menu_and_footer_leads_somewhere(seeded):
    client = Client()
    page = client.get("/").content.decode()
    chrome = page[: page.index("<main")] + page[page.index("<footer") :]
    links = {part.split('"')[0] for part in chrome.split('href="')[1:]}

    for link in (
        link for link in links if link.startswith("/") and "static" not in link
    ):
        # The account's leads to the log-in.
        assert client.get(link, follow=True).status_code == 200, link


def test_categories_go_three_levels_deep_and_only_leaves_hold_products(seeded):
    branches = tree.current().branches.values()

    assert len([b for b in branches if b.parent_id is None]) == 6
    assert max(Category.objects.values_list("depth", flat=True)) == 3
    assert not Product.objects.filter(category__children__isnull=False).exists()


def test_sample_orders_are_placed_once(seeded):
    assert Order.objects.count() == 12
    assert set(Order.objects.values_list("status", flat=True)) == {"confirmed"}


def test_sales_run_are_planned_and_are_over(seeded):
    State = SalePrice.State
    by_state = {state: SalePrice.objects.filter(state=state) for state in State}

    assert all(sales.exists() for sales in by_state.values())
    for sale in by_state[State.RUNNING].select_related("variant"):
        assert sale.variant.price == sale.price < sale.variant.regular_price
        assert sale.variant.compare_at_price > sale.price
    for sale in by_state[State.OVER]:
        asked = sale.variant.price_changes.filter(changed_at__gte=sale.starts_at)
        back, cut = asked.values_list("price", flat=True)
        assert cut == sale.price < back == sale.variant.price
    reduced, usual = (
        Client().get(f"/product/{slug}/").content.decode()
        for slug in ("ost-linen-cushion", "norr-mug")
    )
    assert "Until <time" in reduced and "30-day lowest" in reduced
    assert "Until <time" not in usual
