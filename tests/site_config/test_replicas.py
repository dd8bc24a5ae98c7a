"""Which database a page is read from. The replica is the test's own database under a
second name, in which PostgreSQL lets nobody write."""

import os
import socket
import time

import pytest
from django.db import InternalError, OperationalError, connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver

from home import breaker, cacheable, goods, published, reading
from home.models import Picture
from shop.models import Product
from site_config import replicas
from tests.builders import a_cart, a_colleague, a_product
from tests.site_config.processes import LONG_S
from tests.site_config.replicating import ALIAS, a_replica_at, asked
from tests.site_config.test_page_cache import a_shop, how

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", ALIAS])
# Whatever the primary has committed, a mirror has, too.
UP_TO_DATE = replicas.NEEDED
HELD_UP = "SELECT 1"


@pytest.fixture(scope="module", autouse=True)
def _a_mirror():
    with a_replica_at(os.environ["DATABASE_URL"]):
        yield


@pytest.fixture(autouse=True)
def _as_in_a_new_process(settings, monkeypatch):
    settings.DATABASE_ROUTERS = ["home.reading.Router"]
    monkeypatch.setattr(replicas, "REPLAYED", UP_TO_DATE)
    monkeypatch.setattr(replicas, "_needed", None)
    monkeypatch.setattr(replicas, "_breakers", {})
    # Which knows how far it was when an earlier test asked.
    connections[ALIAS].close()


def times_asked(address: str, client=None) -> tuple[int, int]:
    """How often primary and replica were asked for a page that was in no cache."""
    with asked() as statements:
        page = (client or Client()).get(address)
        assert page.status_code == 200
        assert page.getvalue()
    return len(statements["default"]), len(statements[ALIAS])


# What is read where


@pytest.mark.parametrize("n", [1, 50])
def test_the_catalog_is_read_from_the_replica_within_the_same_budget(n):
    home, page, category, product, search = a_shop(products=n, variants=n)
    # What all pages share: the skeleton and the frame, and how a piece travels.
    Client().get("/shop/?sort=name")
    Client().get(f"{product}?warm=1")
    budgets = {home: 5, page: 6, category: 4, product: 6, search: 4}

    for address, budget in budgets.items():
        of_primary, of_replica = times_asked(address)
        assert of_primary == 0, address
        assert 0 < of_replica <= budget
        assert times_asked(address) == (0, 0)


def test_for_each_version_both_are_asked_once_how_far_they_are():
    _, _, category, product, _ = a_shop()
    Client().get("/shop/?sort=name")
    before = times_asked(category)
    goods.changed()
    Client().get("/shop/?sort=name")
    goods._move()

    first, second = times_asked(category), times_asked(f"{category}?sort=price")

    assert sum(before) <= 4
    assert sum(first) > sum(second)


def test_suggestions_feed_and_maps_are_read_there_too():
    a_shop()
    Client().get("/shop/?sort=name")
    names = ["search/suggestions/?q=bow", "feeds/products.xml", "sitemap.xml"]
    names += ["sitemaps/products-0.xml", "sitemaps/pages.xml"]

    asked_for = {name: times_asked(f"/{name}") for name in names}

    assert {of_primary for of_primary, _ in asked_for.values()} == {0}
    assert all(of_replica for _, of_replica in asked_for.values())


@pytest.mark.sidebar
def test_everything_else_is_read_from_the_primary():
    a_shop()
    cart = a_cart((a_product("Jug", slug="jug").variants.get(), 1))
    buyer, editor, drafter = Client(), Client(), Client()
    buyer.cookies["cart"] = cart.token
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    editor.force_login(a_colleague("Editors"), backend)
    drafter.cookies["draft"] = "autumn"
    visits = [(buyer, "/cart/"), (buyer, "/checkout/"), (buyer, "/account/login/")]
    visits += [(editor, "/shop/"), (editor, "/"), (editor, "/admin/")]
    visits += [(drafter, "/shop/"), (buyer, "/wishlist/"), (buyer, "/readyz")]

    for client, address in visits:
        with asked() as statements:
            client.get(address)
        # How far it is; and a new connection learns its types.
        about_itself = ("pg_wal", "pg_type")
        of_replica = [
            statement
            for statement in statements[ALIAS]
            if not any(name in statement for name in about_itself)
        ]
        assert (address, of_replica) == (address, [])


def test_a_view_that_is_renamed_is_not_forgotten():
    known = set()

    def walk(resolver, space=""):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                walk(pattern, inner)
            else:
                known.add(f"{space}{pattern.name}")

    walk(get_resolver())
    assert known >= replicas.READ_ONLY


# What is written is written on the primary, or not at all


def answered(view, address="/shop/") -> HttpResponse:
    request = RequestFactory().get(address)
    request.versions = cacheable.Versions(published.read(), goods.version())
    return replicas.CatalogReads(view)(request)


def test_what_writes_while_it_reads_is_refused_aloud():
    a_product(slug="jug")

    def by_django(request):
        Product.objects.update(live=False)

    def by_sql(request):
        with reading.connection().cursor() as cursor:
            cursor.execute("UPDATE shop_product SET live = false")

    def by_what_was_read(request):
        Product.objects.get().save()

    for view in (by_django, by_what_was_read, by_sql):
        with pytest.raises(InternalError, match="read-only"):
            answered(view)
    assert Product.objects.get().live


def test_what_is_read_in_a_transaction_is_read_where_it_is_written():
    a_product(slug="jug")

    def view(request):
        assert reading.database() == ALIAS
        with transaction.atomic():
            product = Product.objects.select_for_update().get()
            assert (product._state.db, reading.database()) == ("default", "default")
            Product.objects.update(title="Pot")
            assert Product.objects.get().title == "Pot"
        return HttpResponse()

    assert answered(view).status_code == 200
    assert Product.objects.get().title == "Pot"


def test_a_page_that_fails_on_the_replica_is_made_on_the_primary():
    seen = []

    def view(request):
        seen.append(reading.database())
        return HttpResponse(status=200 if seen[-1] == "default" else 500)

    assert answered(view).status_code == 200
    assert seen == [ALIAS, "default"]


def test_a_photograph_is_cut_on_the_primary_by_whoever_shows_it_first():
    a_shop()
    Picture.objects.update(cuts={})

    with asked() as statements:
        page = Client().get("/product/b0/")

    assert "srcset" in page.content.decode()
    assert Picture.objects.get().cuts
    assert any("shop_product" in statement for statement in statements[ALIAS])
    assert not any("INSERT" in statement for statement in statements[ALIAS])


# A replica that is behind


def test_a_replica_that_is_behind_is_not_read(monkeypatch):
    a_shop()
    Client().get("/shop/?sort=name")
    goods._move()
    monkeypatch.setattr(replicas, "REPLAYED", HELD_UP)
    connections[ALIAS].close()

    of_primary, of_replica = times_asked("/shop/tableware/bowls/")
    assert (of_primary > 1, of_replica) == (True, 1)

    monkeypatch.setattr(replicas, "REPLAYED", UP_TO_DATE)
    assert times_asked("/shop/?sort=price")[0] == 0


@pytest.mark.parametrize("known", ["SELECT NULL::bigint", HELD_UP])
def test_what_is_no_replica_any_more_is_not_read(monkeypatch, known):
    monkeypatch.setattr(replicas, "REPLAYED", known)

    def view(request):
        assert reading.database() == "default"
        return HttpResponse()

    assert answered(view).status_code == 200


def test_after_a_minute_the_primary_is_asked_again(monkeypatch):
    versions = cacheable.Versions(1, 1)
    asked_for = []
    monkeypatch.setattr(replicas, "_ask", lambda *question: asked_for.append(1) or 7)

    for _ in range(3):
        assert replicas._how_far_at(versions) == 7
    assert len(asked_for) == 1
    later = time.monotonic() + cacheable.KEEP_S + 1
    monkeypatch.setattr(replicas.time, "monotonic", lambda: later)
    replicas._how_far_at(versions)
    assert len(asked_for) == 2


def test_without_redis_nobody_knows_what_is_current(settings):
    a_product(slug="jug")
    there = settings.CACHES["default"]
    settings.CACHES = {"default": there | {"LOCATION": "redis://127.0.0.1:1/0"}}

    assert times_asked("/product/jug/")[1] == 0


def test_the_skeleton_of_the_catalog_is_kept_as_the_primary_has_it():
    """It is kept longer than the page that has it made, under a number of its own."""
    a_shop()

    def view(request):
        from shop import tree

        assert tree.current().branches
        return HttpResponse()

    with asked() as statements:
        answered(view)

    assert not any("shop_category" in statement for statement in statements[ALIAS])
    assert any("shop_category" in statement for statement in statements["default"])


# A replica that is lost


@pytest.fixture
def deaf():
    """Accepts, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"postgresql://shop:pw@127.0.0.1:{listener.getsockname()[1]}/shop"


def test_one_visitor_finds_out_for_all_and_not_for_long(deaf, monkeypatch):
    monkeypatch.setenv("DATABASE_POOL", "1")
    monkeypatch.setattr(breaker, "SKIP_S", 600)
    look, looks = replicas._has_replayed, []
    monkeypatch.setattr(
        replicas, "_has_replayed", lambda *asked: looks.append(1) or look(*asked)
    )
    a_product(slug="jug")
    began = time.monotonic()
    with a_replica_at(deaf):
        for n in range(3):
            assert Client().get(f"/product/jug/?n={n}").status_code == 200
        ready = Client().get("/readyz")

    assert len(looks) == 1, "one waits for all"
    assert time.monotonic() - began < LONG_S
    assert ready.status_code == 200
    assert ready.json()["checks"]["replicas"] == {ALIAS: None}


def test_it_is_read_again_when_it_is_back(monkeypatch):
    def is_lost(alias, needed):
        raise OperationalError("gone")

    a_shop()
    Client().get("/shop/?sort=name")
    with monkeypatch.context() as lost:
        lost.setattr(replicas, "_has_replayed", is_lost)
        assert times_asked("/search/?q=bowl")[1] == 0
    assert times_asked("/product/b0/")[1] == 0

    replicas._breakers[ALIAS]._tried_again_at = 0
    assert times_asked("/shop/tableware/bowls/")[0] == 0
    assert times_asked("/shop/?sort=price")[0] == 0


def test_a_replica_that_dies_before_the_second_look_is_left_alone(monkeypatch):
    a_shop()
    Client().get("/shop/?sort=name")
    count = published.read

    def read(database="default"):
        if database == ALIAS:
            raise OperationalError("gone")
        return count(database)

    monkeypatch.setattr(published, "read", read)

    assert how(Client().get("/")) == "miss"
    assert how(Client().get("/")) == "hit"
    assert replicas._breakers[ALIAS].turns_away()


def test_the_load_balancer_is_told_how_far_each_is_behind(monkeypatch):
    assert Client().get("/readyz").json()["checks"]["replicas"] == {ALIAS: 0}

    monkeypatch.setattr(replicas, "REPLAYED", HELD_UP)
    ready = Client().get("/readyz")

    assert ready.status_code == 200
    assert ready.json()["checks"]["replicas"][ALIAS] > 0
