"""The report of searches, and what staff tell the search in the admin."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.roles import Role
from shop import searches, suggestions, tree, vocabulary
from shop.models import Pin, PinnedSearch, Product, Searched, Synonym
from shop.suggestions import suggest
from tests.builders import NOON, a_category, a_colleague, a_product, a_variant
from tests.many import many_products

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def report() -> dict[str, tuple[int, int]]:
    searches.write()
    return {s.words: (s.times, s.found) for s in Searched.objects.all()}


def test_searches_are_counted_by_day_without_anybodys_name():
    for found in (3, 4):
        searches.note("The  Bowl", found, today=TODAY)
    assert report() == {"bowl": (2, 4)}
    searches.note("bowl", 5, today=TODAY)
    searches.note("vase", 0, today=TODAY)

    assert report() == {"bowl": (3, 5), "vase": (1, 0)}
    assert report() == {"bowl": (3, 5), "vase": (1, 0)}
    fields = {field.name for field in Searched._meta.get_fields()}
    assert fields == {"id", "words", "day", "times", "found"}


@pytest.mark.parametrize(
    "typed", ["sofia@example.com", "+351 912 345 678", "4111-1111111"]
)
def test_what_may_be_somebodys_address_or_number_is_not_kept(typed):
    searches.note(typed, 0, today=TODAY)

    assert report() == {}


def test_a_search_page_is_counted_and_a_page_of_it_is_not(client):
    a_product("Bowl")
    client.get("/search/?q=bowl")
    client.get("/search/?in_stock=1&q=bowl")
    client.get("/search/?q=nothing")

    assert report() == {"bowl": (1, 1), "nothing": (1, 0)}


def test_what_a_job_left_behind_is_written_by_the_next(monkeypatch):
    searches.note("bowl", 1, today=TODAY)
    with monkeypatch.context() as broken:
        broken.setattr(searches, "WRITE", "SELECT 1 / 0 WHERE %s IS NULL OR %s = %s")
        with pytest.raises(Exception, match="parameter"):
            searches.write()
    searches.note("vase", 0, today=TODAY)

    assert report() == {"bowl": (1, 1)}
    assert report() == {"bowl": (1, 1), "vase": (1, 0)}


def test_staff_read_the_report_and_keep_synonyms(client):
    client.force_login(a_colleague(Role.SHOP_STAFF))
    searches.note("vase", 0, today=TODAY)
    searches.note("bowl", 2, today=TODAY)
    searches.write()

    nothing = client.get("/admin/searches/?found=nothing").content.decode()
    assert "vase" in nothing and "bowl" not in nothing
    client.post("/admin/snippets/shop/synonym/add/", {"words": "jug, pitcher"})
    assert Synonym.objects.get().words == "jug, pitcher"
    lone = client.post("/admin/snippets/shop/synonym/add/", {"words": "jug"})
    assert "Two words at least" in lone.content.decode()


def test_editors_are_not_shown_what_shoppers_search_for(client):
    client.force_login(a_colleague(Role.EDITORS))

    assert client.get("/admin/searches/").status_code in (302, 403)
    assert client.get("/admin/snippets/shop/pinnedsearch/").status_code in (302, 403)


# Suggestions


def test_suggestions_are_categories_and_products(client):
    a_product("Vid serving bowl", category=a_category("Bowls"), price="36.50")
    a_product("Hidden bowl", live=False)

    page = client.get("/search/suggestions/?q=bow").content.decode()

    assert "/shop/bowls/" in page
    assert "Vid serving bowl" in page and "€36.50" in page
    assert "/search/?q=bow" in page
    assert "Hidden" not in page
    assert 'data-status="2 suggestions"' in page


def test_a_word_put_right_is_suggested(client):
    a_product("Vid serving bowl")
    vocabulary.learn()

    page = client.get("/search/suggestions/?q=servng").content.decode()

    assert "/search/?q=serving" in page
    assert "Vid serving bowl" in page


@pytest.mark.parametrize("q", ["", "%", "'", "\x00", "a" * 100_000, "🏺", "zzzz"])
def test_suggestions_may_be_none(client, q):
    page = client.get("/search/suggestions/", {"q": q})

    assert page.status_code == 200
    assert "No suggestions" in page.content.decode()


@pytest.mark.parametrize("products", [1, 20])
def test_suggestions_are_two_queries(client, products):
    category = a_category("Jars")
    many_products(products, categories=[category])
    client.get("/search/suggestions/?q=other")

    with CaptureQueriesContext(connection) as queries:
        client.get("/search/suggestions/?q=bowl")

    assert len(queries) == 2


def suggested(words: str) -> list[str]:
    return [product.title for product in suggest(words, tree.current()).products]


def test_suggestions_come_of_popular_pieces_and_of_all_where_too_few_of_those_fit(
    monkeypatch,
):
    monkeypatch.setattr(suggestions, "POPULAR", 8)
    category = a_category("Jars")
    dishes = [f"Dish {n}" for n in range(5)]
    titles = ["Jug", *dishes, "Cup", "Jug", "Bowl", "Cup"]
    products = Product.objects.bulk_create(
        Product(
            title=title,
            slug=f"piece-{n}",
            category=category,
            created_at=NOON,
            current_price=5,
            popularity=100 - n,
            search_text="bowl" if title in dishes else "",
        )
        for n, title in enumerate(titles)
    )
    assert suggested("bowl") == dishes
    # The best of all has it in its title, and comes where too few of the popular fit.
    monkeypatch.setattr(suggestions, "POPULAR", 5)
    assert suggested("bowl") == ["Bowl", *dishes[:4]]
    assert suggested("cup") == ["Cup", "Cup"]

    monkeypatch.setattr(suggestions, "POPULAR", 8)
    a_variant(products[-1], sku="BOWL")
    assert suggested("bowl")[0] == "Cup"
    pinned = PinnedSearch(words="dish")
    pinned.pins = [Pin(product=products[-2])]
    pinned.save()
    assert suggested("dish")[:2] == ["Bowl", "Dish 0"]


def test_suggestions_are_the_same_for_everyone_and_kept(client):
    a_product("Bowl")
    cold = client.get("/search/suggestions/?q=bowl")
    assert not cold.cookies
    assert "public" in cold["Cache-Control"]
    assert cache.get("tree:version")

    with CaptureQueriesContext(connection) as queries:
        client.get("/search/suggestions/?q=bowl")

    assert len(queries) == 0
