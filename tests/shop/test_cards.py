"""Cards and the choices of facets: what they say, and that no word is markup."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import clear_script_prefix, reverse, set_script_prefix
from django.utils import translation

from shop.cards import get_cards
from shop.facets import Bar, Choice, Facet
from shop.models import Product
from shop.queries import get_card_queryset
from shop.templatetags.card_tags import cards, heart, price
from shop.templatetags.facet_tags import bars, facet_choices
from tests.builders import a_picture, a_product, a_value

HOSTILE = "<script>alert('1')</script>\"&amp;"
ESCAPED = "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&quot;&amp;amp;"


def a_card(**values) -> Product:
    """A product with what a card shows of it, of no database."""
    about = {
        "pk": 7,
        "title": "Bowl",
        "slug": "bowl",
        "caption": "Oat, Ø 26 cm",
        "current_price": Decimal("1240.00"),
        "currency": "EUR",
        "stock_quantity": 20,
    }
    shown = {"is_new": False, "swatches": []}
    product = Product(**{n: v for n, v in (about | values).items() if n not in shown})
    for name, value in shown.items():
        setattr(product, name, values.get(name, value))
    return product


def words(markup: str) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "Bowl Oat, Ø\u00a026\u00a0cm €1,240.00"),
        ({"caption": "", "has_price_range": True}, "Bowl from €1,240.00"),
        ({"caption": "", "stock_quantity": 5}, "Bowl €1,240.00 Only 5 left"),
        ({"caption": "", "is_new": True}, "Bowl €1,240.00 New"),
        (
            {"caption": "", "stock_quantity": 0, "is_new": True},
            "Bowl €1,240.00 Sold out",
        ),
        (
            {"caption": "", "compare_at_price": Decimal(1500), "is_new": True},
            "Bowl Now €1,240.00 before €1,500.00"
            " 30-day lowest before the cut: €1,500.00 Reduced",
        ),
    ],
)
def test_a_card_says_what_matters_and_one_badge(values, told):
    assert words(cards([a_card(**values)], level=2, sizes="46vw")) == told


def test_a_card_counts_its_colours_from_two_on():
    moss, oat = ("Moss", "#8f9678"), ("Oat", "#d8cdb8")

    one, two = (
        cards([a_card(swatches=colours)], level=3, sizes="46vw")
        for colours in ([moss], [moss, oat])
    )

    assert "swatches" not in one
    assert 'aria-label="2 colours: Moss, Oat"' in two
    assert "<h3>" in two


def test_the_first_pictures_do_not_wait_and_the_very_first_is_hurried():
    markup = cards([a_card() for _ in range(5)], level=2, sizes="46vw", eager=2)

    hurried = ["fetchpriority" in picture for picture in markup.split("<li>")[1:]]
    waiting = ['loading="lazy"' in picture for picture in markup.split("<li>")[1:]]
    assert hurried == [True, False, False, False, False]
    assert waiting == [False, False, True, True, True]
    assert "fetchpriority" not in cards([a_card()], level=2, sizes="46vw")


def test_a_product_is_led_to_where_its_page_is_also_beneath_a_prefix():
    product = a_card(slug="tea-bowl-2")
    assert product.url == reverse("shop:product", args=["tea-bowl-2"])

    set_script_prefix("/old-shop/")
    try:
        assert product.url == "/old-shop/product/tea-bowl-2/"
    finally:
        clear_script_prefix()


def test_a_heart_keeps_a_product_under_its_name_and_price():
    small, wide = heart(a_card()), heart(a_card(), is_wide=True)

    for markup in (small, wide):
        assert 'name="product" value="7" data-price="1240.00"' in markup
        assert 'aria-label="Save Bowl to wishlist"' in markup
    assert (words(small), words(wide)) == ("", "Keep for later")


def test_words_are_those_of_the_language_that_is_active():
    asked = Decimal("1240.5"), "EUR"

    with translation.override("de"):
        german = price(*asked)

    assert words(german) == "€1.240,50"
    assert words(price(*asked)) == "€1,240.50"
    assert words(price(*asked, note="VAT included.")) == "€1,240.50 VAT included."
    assert words(price(None)) == ""


def test_no_word_of_a_card_is_markup():
    colours = [(HOSTILE, HOSTILE), ("Oat", "#d8cdb8")]
    product = a_card(title=HOSTILE, caption=HOSTILE, slug="x", swatches=colours)
    product.currency = HOSTILE[:8]

    markup = cards([product], level=2, sizes=HOSTILE)
    markup += heart(product, is_wide=True)
    markup += price(Decimal(1), HOSTILE, Decimal(2), note=HOSTILE)

    assert "<script" not in markup and "alert('" not in markup
    # Sizes, title, caption, names and fill of the colours; twice the title of a heart;
    # of the price its currency three times, and the note.
    assert markup.count(ESCAPED) == 5 + 2 + 4


def test_no_word_of_a_facet_is_markup():
    choice = Choice(HOSTILE, HOSTILE, HOSTILE, 1, is_chosen=False)

    markup = facet_choices(Facet(HOSTILE, HOSTILE, (choice,)))

    assert "<script" not in markup and "alert('" not in markup
    assert markup.count(ESCAPED) == 4


@pytest.mark.django_db
def test_cards_by_key_are_what_the_cards_queryset_loads():
    picture = a_picture()
    picture.make_cuts()
    bowl = a_product("Bowl", values=[a_value("Moss")], picture=picture)
    pot = a_product("Pot", price="1240.00", stock=0)
    draft, priceless = a_product("Draft", live=False), a_product("Cup", price=None)
    asked = [pot.pk, draft.pk, priceless.pk, bowl.pk, 0]

    with CaptureQueriesContext(connection) as queries:
        found = get_cards(asked)
        loaded = {pk: loads(product) for pk, product in found.items()}
        shown = [product.main_image for product in found.values()]

    assert len(queries) == 1
    by_queryset = get_card_queryset().in_bulk(asked)
    assert loaded == {pk: loads(product) for pk, product in by_queryset.items()}
    assert set(found) == {bowl.pk, pot.pk} and set(shown) == {picture, None}
    own, theirs = found[bowl.pk].main_image, by_queryset[bowl.pk].main_image
    assert loads(own) == loads(theirs)
    assert own.sources("card") == picture.sources("card")
    assert found[pot.pk]._state.db == by_queryset[pot.pk]._state.db
    assert not found[pot.pk]._state.adding
    with CaptureQueriesContext(connection) as none:
        assert get_cards([]) == {}
    assert len(none) == 0


def loads(instance) -> dict:
    """The fields that were loaded, with their values as the database has them."""
    loaded = vars(instance).keys() - instance.get_deferred_fields()
    names = {field.attname for field in instance._meta.concrete_fields} & loaded
    return {name: getattr(instance, name) for name in names}


@pytest.mark.django_db
def test_a_hostile_title_is_words_on_every_page_that_shows_its_card(client):
    moss = a_value(HOSTILE, swatch="#8f9678")
    picture = a_picture()
    picture.description = HOSTILE
    picture.save()
    a_product("Pot", slug="pot", values=[moss])
    a_product(HOSTILE, slug="bowl", caption=HOSTILE, values=[moss], picture=picture)

    for address in ("/shop/", "/product/pot/"):
        page = client.get(address).content.decode()
        assert page.count(ESCAPED) >= 3, address
        assert "alert('" not in page, address


@pytest.mark.parametrize(
    ("count", "is_chosen", "state", "number"),
    [
        (3, False, "", "3"),
        (0, False, " disabled", "0"),
        (0, True, " checked", "0"),
        (1000, True, " checked", "1,000"),
        (999, False, "", "999"),
    ],
)
def test_a_choice_says_its_count_and_whether_it_is_open(
    count, is_chosen, state, number
):
    choice = Choice("moss", "Moss", "#8f9678", count, is_chosen)

    assert facet_choices(Facet("colour", "Colour", (choice,))) == (
        '<label class="check"><input type="checkbox" name="colour"'
        f' value="moss"{state}>'
        '<svg class="dot" aria-hidden="true" color="#8f9678"></svg>'
        f'Moss<span class="count">{number}</span></label>'
    )


def test_a_choice_inside_another_stands_further_in():
    inner = Choice("tableware.bowls", "Bowls", "", 3, is_chosen=False, depth=1)
    outer = Choice("tableware", "Tableware", "", 3, is_chosen=False)

    boxes = facet_choices(Facet("kind", "Kind", (outer, inner))).splitlines()

    assert ["deeper" in box for box in boxes] == [False, True]


def test_bars_of_the_choice_are_a_path_of_their_own():
    drawn = (Bar(0.0, 8.0, 20.0, is_in=False), Bar(10.0, 8.0, 40.0, is_in=True))

    assert bars(drawn, is_in=False) == "M0.0 20.0h8.0v20.0h-8.0z"
    assert bars(drawn, is_in=True) == "M10.0 0.0h8.0v40.0h-8.0z"
