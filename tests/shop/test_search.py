"""From what a shopper types to products, best first."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import vocabulary
from shop.models import Pin, PinnedSearch, Synonym
from shop.search import Search
from shop.words import LONGEST_QUERY, LONGEST_WORD, MOST_WORDS, typed
from tests.builders import a_brand, a_category, a_product, a_value
from tests.shop.listings import a_listing, titles

pytestmark = pytest.mark.django_db


def found(words: str, **more) -> list[str]:
    listing = a_listing(urlencode({"q": words} | more))
    return [product.title for product in listing.products]


@pytest.fixture(scope="module")
def shop(module_db):
    lamps = a_category("Lamps")
    a_product("Vid serving bowl", values=[a_value("Moss")], popularity=1)
    cups, seats = a_category("Cups"), a_category("Seats")
    a_product("Norr mug", caption="Stoneware, oat", category=cups, popularity=2)
    a_product("Café lamp", category=lamps, brand=a_brand("Ålesund Glass"))
    a_product("Bench", caption="Goes with the bowl", category=seats)
    vocabulary.learn()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("bowl", "Vid serving bowl"),
        ("BOWLS", "Vid serving bowl"),
        ("serv", "Vid serving bowl"),
        ("moss bowl", "Vid serving bowl"),
        ("a bowl for the moss", "Vid serving bowl"),
        ("cafe", "Café lamp"),
        ("CAFÉ lámp", "Café lamp"),
        ("alesund", "Café lamp"),
        ("lamp", "Café lamp"),
        ("stonewear mug", "Norr mug"),
        ("mgu", ""),
        ("bolw", "Vid serving bowl"),
        ("servng bowll", "Vid serving bowl"),
        ("qwxyz", ""),
        ("bowl qwxyz", ""),
        ("s", ""),
        ("s bowl", "Vid serving bowl"),
        ("v s", "Vid serving bowl"),
    ],
)
def test_words_find(shop, words, first):
    assert (found(words) or [""])[0] == first


def test_a_title_counts_for_more_than_a_label(shop):
    assert found("bowl") == ["Vid serving bowl", "Bench"]


def test_what_was_looked_for_instead_is_said(shop, client):
    righted, right = (client.get(f"/search/?q={q}") for q in ("servng", "serv"))

    assert "<strong>serving</strong>" in righted.content.decode()
    assert "Nothing found for" not in right.content.decode()


def test_where_nothing_has_all_words_those_that_find_something_are_offered(
    shop, client
):
    Synonym.objects.create(words="cushion, seat")
    a_product("Seat pad")
    vocabulary.learn()

    def offered(words: str) -> list[str]:
        page = client.get("/search/", {"q": words}).content.decode()
        assert "Nothing found for" in page
        return re.findall(r'href="/search/\?q=(\w+)">Only', page)

    assert offered("bowls qwxyz cushions s bowls") == ["bowls", "cushions"]
    assert offered("qwxyz zzz") == []
    assert offered("qwxyz") == []
    assert all(found(word) for word in ("bowls", "cushions"))


def test_a_search_without_a_hit_asks_once_more_at_most(shop, client):
    def queries(words: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/search/", {"q": words})
        return len(asked)

    queries("abc")
    few = queries("xyz")

    assert queries("qwxyz zzz") == queries(" ".join(["bowl", *"qwertyzxc"])) == few + 1


def test_an_exact_sku_comes_first(shop):
    bowl = a_product("Bowl of bowls", caption="bowl", popularity=900)
    lone = a_product("Something else")
    sku = lone.variants.get().sku
    a_product(f"{sku} {sku} {sku}", popularity=1000)

    assert found(sku.lower())[0] == "Something else"
    assert bowl.title in found("bowl")


def test_synonyms_find_each_other_and_phrases_do(shop):
    assert found("settle") == []
    Synonym.objects.create(words="settle, bench, garden seat")

    assert found("settle") == found("garden seat") == ["Bench"]
    assert found("garden") == []
    Synonym.objects.all().delete()
    assert found("settle") == []


def test_pinned_results_come_first_in_their_order(shop):
    seats = a_category("Seats")
    mug, bench = (
        a_product(title, category=seats) for title in ("Pinned mug", "Pinned bench")
    )
    a_product("Never shown", live=False)
    pinned = PinnedSearch(words="Bowl!")
    pinned.pins = [Pin(product=mug, sort_order=0), Pin(product=bench, sort_order=1)]
    pinned.full_clean()
    pinned.save()

    assert found("BOWL") == ["Pinned mug", "Pinned bench", "Vid serving bowl", "Bench"]
    assert found("bowl", sort="name")[:2] == ["Bench", "Pinned bench"]
    mug.unpublish()
    assert found("bowl")[0] == "Pinned bench"


def test_facets_narrow_a_search_and_keep_its_order(shop):
    assert titles(a_listing("q=bowl&colour=moss")) == ["Vid serving bowl"]
    assert found("bowl", colour="moss") == ["Vid serving bowl"]
    assert found("bowl", kind="seats") == ["Bench"]


def test_what_is_not_for_sale_is_not_found(shop):
    hidden = a_product("Hidden bowl", live=False)

    assert "Hidden bowl" not in found("bowl")
    assert found(f"{hidden.variants.get().sku}") == []


BREAKING = [
    *("%", "_", "%%%", "\\", "\\\\", "'", "''", '"', "`", ";", "--", "/*", "*/", "$$"),
    *("&", "|", "!", "!!", "<->", ":*", ":A", "a:*", "a & b", "a | b", "!a", "(", ")"),
    *("a <-> b", "'a':*", "((a", "a&&b", "' OR 1=1 --", "'); DROP TABLE shop_product;"),
    *("{}", "{a}", "[a]", "a|b|c", "|", "||", "-", "--a", "a-", "_a_", "a_b"),
    *(
        "\x00",
        "a\x00b",
        "\x01\x02",
        "\t\n",
        " ",
        "\u200b",
        "\u202e abc",
        "🏺",
        "a🏺b",
        "ﷺ",
    ),
    *("ß", "İ", "ﬁ", "e\u0301" * 60, "漢字", "مرحبا", "١٢٣", "\ufffe", "NaN", "null"),
    *("a" * 100_000, "ab " * 40_000, "%s", "%(x)s", "{{ 7*7 }}", "<script>"),
    *("kl-" * 40, "1e999", "a" * 39 + "é" * 39, "the of and"),
]


def test_nothing_that_is_typed_breaks_the_search(client, shop):
    assert len(BREAKING) >= 60
    for words in BREAKING:
        page = client.get("/search/", {"q": words}, follow=True)
        assert page.status_code in (200, 400), words
        assert len(page.redirect_chain) <= 1


def test_however_much_is_typed_the_database_is_asked_for_a_few_short_words():
    for text in [*BREAKING, "ﷺ" * 100_000, "kl-1 " * 40_000]:
        asked = Search.of(typed(text))

        assert len(asked.words) <= MOST_WORDS
        assert all(0 < len(word) <= LONGEST_WORD for word in asked.words)
        # A letter may be up to three when it is a capital.
        assert len(asked.sku) <= 3 * LONGEST_QUERY
