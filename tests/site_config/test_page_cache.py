"""Public pages come from Redis for everyone who sees the same, and for nobody else."""

import gzip
import random
import re
from contextlib import contextmanager
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from django.utils import translation
from wagtail.models import PageViewRestriction

from home import cacheable, goods, published
from shop.models import Product
from shop.prices import change_price
from site_config.page_cache import PageCache
from tests.builders import (
    NOON,
    a_brand,
    a_category,
    a_colleague,
    a_product,
    a_value,
    a_variant,
)
from tests.composing import a_framed_picture
from tests.home.accounts.coming_in import a_shopper, log_in
from tests.home.publishing import a_block, a_page, home_page, save_draft, write
from tests.many import further_variants, many_products

pytestmark = pytest.mark.django_db


def pieces(count: int, variants: int) -> str:
    """Bowls, with further variants of one: its address."""
    bowls = a_category("Bowls", a_category("Tableware"))
    picture = a_framed_picture()
    about = {"brand": a_brand(), "values": [a_value("Clay", "material")]}
    first = Product.objects.filter(slug="b0").first()
    first = first or a_product(
        "Bowl", slug="b0", category=bowls, picture=picture, **about
    )
    many_products(count - 1, categories=[bowls], pictures=[picture], **about)
    colours = [a_value(f"Colour {n}", swatch="#8f9678") for n in range(variants)]
    further_variants(first, colours)
    return first.url


def a_shop(products=1, variants=0) -> list[str]:
    """A shop with something of everything, and the addresses of its kinds of page."""
    product = pieces(products, variants)
    a_block("announcement")
    a_block("footer")
    page = a_page("Care guide", menu_placement="footer")
    home = home_page()
    home.body = [("product_shelf", {"heading": "New", "rule": "newest", "count": 12})]
    home.save()
    return ["/", page.url, "/shop/tableware/bowls/", product, "/search/?q=bowl"]


@contextmanager
def queries_at_most(number: int):
    with CaptureQueriesContext(connection) as queries:
        yield
    assert len(queries) <= number, [query["sql"] for query in queries]


def how(response) -> str:
    return response["X-Cache"]


# What it costs


def took(client, address: str) -> int:
    """Queries of a whole cold response. The warm one is the same, and takes none."""
    with CaptureQueriesContext(connection) as queries:
        cold = client.get(address)
    with queries_at_most(0):
        warm = client.get(address)
    assert (how(cold), how(warm)) == ("miss", "hit")
    assert warm.content == cold.content
    return len(queries)


def test_a_cold_page_takes_as_few_queries_for_fifty_as_for_one(client):
    home, page, category, product, search = a_shop(products=1, variants=1)
    three = f"{category}?brand=oficina-mare&in_stock=1&material=clay"
    lists = [category, f"{category}?material=clay", three, "/shop/?page=2&sort=name"]
    searches = [search, "/search/?material=clay&q=bowl"]
    # Of an editors' page three are for the page itself, whatever stands on it.
    budgets = {home: 6, page: 6, product: 6}
    budgets |= dict.fromkeys([*lists, *searches, "/search/?q=wolb"], 4)
    client.get("/shop/")
    for_one = {address: took(client, address) for address in budgets}
    assert all(for_one[address] <= most for address, most in budgets.items())

    pieces(50, variants=50)
    cache.clear()
    client.get("/shop/")

    assert {address: took(client, address) for address in budgets} == for_one


def test_the_very_first_page_after_a_flush_takes_ten_queries_at_most(client):
    for address in a_shop(products=3, variants=3):
        client.get(address)
        cache.clear()

        with queries_at_most(10):
            assert how(client.get(address)) == "miss"
        with queries_at_most(0):
            assert how(client.get(address)) == "hit"


def test_a_forgotten_pointer_costs_one_query_and_no_page(client):
    client.get("/")
    cache.delete(published.POINTER)

    with queries_at_most(1):
        assert how(client.get("/")) == "hit"
    with queries_at_most(0):
        assert how(client.get("/")) == "hit"


# What makes a page anew


@pytest.mark.django_db(transaction=True)
def test_what_is_published_is_on_the_next_page(client):
    page = home_page()
    client.get("/")

    write(page, "Fresh from the kiln")
    revision = page.save_revision()
    assert "Fresh from the kiln" not in client.get("/").content.decode()

    revision.publish()
    assert "Fresh from the kiln" in client.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_autosave_leaves_pages_warm(client):
    client.get("/")

    save_draft(home_page())

    assert how(client.get("/")) == "hit"


@pytest.mark.django_db(transaction=True)
def test_a_price_is_on_the_next_page_of_every_kind(client):
    variant = a_variant(price="36.50")
    addresses = ["/shop/", variant.product.url, "/search/?q=vid"]
    for address in addresses:
        assert "€36.50" in client.get(address).content.decode()

    change_price(variant.pk, Decimal(29), now=NOON)

    for address in addresses:
        assert "€29" in client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_shelf_in_a_layout_block_follows_the_price_too(client):
    variant = a_variant(price="36.50")
    block = a_block("cart")
    block.content = [
        ("product_shelf", {"heading": "Also", "rule": "newest", "count": 4})
    ]
    block.save()
    assert "€36.50" in client.get("/cart/").content.decode()

    change_price(variant.pk, Decimal(29), now=NOON)

    assert "€29" in client.get("/cart/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_gone_is_gone_and_nobody_waits_for_it(client):
    page = a_page("Care guide")
    client.get(page.url)

    page.unpublish()

    assert client.get(page.url).status_code == 404
    assert not [key for key in cache.keys("page:*") if "turn" not in key]


@pytest.mark.django_db(transaction=True)
def test_a_page_made_private_is_private_at_once(client):
    page = a_page("Care guide")
    assert client.get(page.url).status_code == 200

    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.LOGIN
    )

    assert client.get(page.url).status_code == 302


def test_a_page_behind_a_password_is_given_to_those_who_know_it(client):
    page = a_page("Care guide")
    write(page, "For friends")
    page.save()
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="clay"
    )
    door = reverse(
        "wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk]
    )

    client.post(door, {"password": "clay", "return_url": page.url})

    assert "For friends" in client.get(page.url).content.decode()
    assert "For friends" not in Client().get(page.url).content.decode()


def test_a_page_grows_old_and_the_view_says_when(client):
    with time_machine.travel(NOON, tick=False) as clock:
        client.get("/shop/")
        clock.shift(50)
        assert how(client.get("/shop/")) == "hit"
        clock.shift(11)
        assert how(client.get("/shop/")) == "miss"


# Who gets it


@pytest.mark.parametrize("name", ["sessionid", "draft", "review"])
def test_whoever_may_see_more_neither_reads_nor_fills_the_cache(client, name):
    stranger = Client()
    client.cookies[name] = "x"

    for _ in range(2):
        answer = client.get("/")
        assert how(answer) == "bypass"
        assert answer["Cache-Control"] == "private, no-store"
    assert how(stranger.get("/")) == "miss"
    assert how(client.get("/")) == "bypass"


@pytest.mark.parametrize("flag", ["draft", "is_preview", "is_dummy"])
def test_a_flag_on_the_request_keeps_it_from_the_cache(flag):
    def view(request):
        return cacheable.public(HttpResponse(f"draft {flag}"))

    request = RequestFactory().get("/", headers={"host": "localhost"})
    setattr(request, flag, object())

    answer = PageCache(view)(request)

    assert answer["Cache-Control"] == "private, no-store"
    assert not cache.keys("*")


def test_a_preview_that_only_the_view_knows_of_is_not_kept():
    def view(request):
        request.is_preview = True
        return cacheable.public(HttpResponse("draft"))

    PageCache(view)(RequestFactory().get("/", headers={"host": "localhost"}))

    assert not cache.keys("page:*")


def test_a_preview_in_the_admin_shows_the_draft_to_its_editor_alone(client):
    page = home_page()
    write(page, "Half a thought")
    request = RequestFactory().get("/", headers={"host": "localhost"})

    preview = page.make_preview_request(request)
    live = client.get("/")

    assert "Half a thought" in preview.content.decode()
    assert preview["Cache-Control"] == "private"
    assert "Half a thought" not in live.content.decode()


def who_asks(request) -> HttpResponse:
    """A page that wrongly claims to be the same for everyone."""
    who = request.COOKIES.get("draft") or (
        request.user.username if "sessionid" in request.COOKIES else "everyone"
    )
    return cacheable.public(HttpResponse(f"for {who}"))


urlpatterns = [path("who/", who_asks)]


def ask_in_disorder(times: int) -> set[tuple[str, str]]:
    """(who asked, for whom the page was) of so many requests."""
    people = {
        name: Client() for name in ("Sofia", "Ines", "marta", "everyone", "autumn")
    }
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    people["Sofia"].force_login(a_colleague("Editors", "Sofia"), backend)
    people["Ines"].force_login(a_colleague("Publishers", "Ines"), backend)
    people["autumn"].cookies["draft"] = "autumn"
    as_a_shopper(people["marta"])
    order = random.Random(8).choices(list(people), k=times)
    return {
        (name, people[name].get("/who/").content.decode().removeprefix("for "))
        for name in order
    }


def as_a_shopper(client: Client) -> None:
    a_shopper()
    with override_settings(ROOT_URLCONF="site_config.urls"):
        assert log_in(client).status_code == 302


@override_settings(ROOT_URLCONF=__name__)
def test_a_thousand_requests_of_different_people_get_each_their_own():
    """A shopper gets everyone's page, and her own until there is one."""
    own = {(name, name) for name in ("Sofia", "Ines", "everyone", "autumn")}

    told = ask_in_disorder(1000)

    assert own | {("marta", "everyone")} <= told
    assert told <= own | {("marta", "everyone"), ("marta", "marta")}


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("rule", ["is_for_everyone", "may_be_given"])
def test_control_without_a_rule_they_get_each_others(monkeypatch, rule):
    monkeypatch.setattr(cacheable, rule, lambda request: True)

    told = ask_in_disorder(100)

    assert any(name not in (page, "marta") for name, page in told)


# Who is logged in


def test_a_shoppers_page_is_everyones_to_the_letter_whoever_made_it():
    stranger, shopper = Client(), Client()
    as_a_shopper(shopper)
    for address in a_shop():
        own = shopper.get(address)
        everyones = stranger.get(address)
        given = shopper.get(address)

        assert (how(own), how(everyones), how(given)) == ("bypass", "miss", "hit")
        assert own["Cache-Control"] == "private, no-store"
        assert own.content == everyones.content == given.content
        assert not given.cookies


def test_what_is_made_for_a_shopper_is_kept_for_nobody():
    page = a_page("Care guide")
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.LOGIN
    )
    shopper = Client()
    as_a_shopper(shopper)

    assert shopper.get(page.url).status_code == 200
    assert Client().get(page.url).status_code == 302
    assert not cache.keys("page:*")


@pytest.mark.parametrize("cookie", ["draft", "review", "another session", "no word"])
def test_a_shopper_who_sees_more_or_may_be_another_bypasses(cookie):
    shopper = Client()
    as_a_shopper(shopper)
    Client().get("/")
    if cookie == "another session":
        other = Client()
        other.force_login(
            a_colleague("Editors"),
            "allauth.account.auth_backends.AuthenticationBackend",
        )
        shopper.cookies["sessionid"] = other.cookies["sessionid"].value
    elif cookie == "no word":
        shopper.cookies["shopper"] = "x"
    else:
        shopper.cookies[cookie] = "x"

    assert how(shopper.get("/")) == "bypass"


def test_who_works_here_is_no_shopper_and_who_logs_out_is_none_any_more():
    colleague, shopper = Client(), Client()
    a_colleague("Editors", "Sofia")
    log_in(colleague, "Sofia", "secret")
    as_a_shopper(shopper)

    assert "shopper" not in colleague.cookies
    assert shopper.cookies["shopper"]["httponly"]
    shopper.post("/account/logout/")
    assert not shopper.cookies["shopper"].value


# In which appearance


def test_light_dark_and_undecided_are_three_pages(client):
    for theme in ("", "light", "dark"):
        client.cookies["theme"] = theme
        cold, warm = client.get("/shop/"), client.get("/shop/")

        assert (how(cold), how(warm)) == ("miss", "hit")
        assert (f'data-theme="{theme}"' in warm.content.decode()) == bool(theme)
        # A cache in front of us knows nothing of the cookie.
        assert ("private" in warm["Cache-Control"]) == bool(theme)


def test_an_invented_theme_is_no_page_of_its_own(client):
    client.get("/shop/")
    client.cookies["theme"] = "pink"

    assert how(client.get("/shop/")) == "hit"


def announcement_of(html: str) -> str:
    return re.search(r'name="announcement" value="(\w*)"', html)[1]


def test_a_hidden_announcement_is_hidden_for_those_who_hid_it(client):
    a_block("announcement", "Free delivery.")
    shown = client.get("/shop/").content.decode()
    hider = Client()
    hider.cookies["hidden"] = announcement_of(shown)

    cold, warm = hider.get("/shop/"), hider.get("/shop/")

    assert (how(cold), how(warm)) == ("miss", "hit")
    assert "Free delivery." not in warm.content.decode()
    assert warm["Cache-Control"] == "private, max-age=0"
    again = client.get("/shop/")
    assert how(again) == "hit"
    assert "Free delivery." in again.content.decode()


def test_whoever_comes_first_leaves_the_other_page_to_the_other(client):
    a_block("announcement", "Free delivery.")
    hider = Client()
    hider.cookies["hidden"] = announcement_of(client.get("/").content.decode())

    assert "Free delivery." not in hider.get("/shop/").content.decode()
    assert "Free delivery." in client.get("/shop/").content.decode()


def test_what_stands_in_the_cookie_makes_no_new_pages(client):
    a_block("announcement")
    client.get("/shop/")

    for n in range(20):
        client.cookies["hidden"] = f"{n:012x}"
        assert how(client.get("/shop/")) == "hit"

    assert len(cache.keys("page:*")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_announcement_is_shown_to_those_who_hid_the_old_one(client):
    block = a_block("announcement", "Free delivery.")
    client.cookies["hidden"] = announcement_of(client.get("/shop/").content.decode())
    client.get("/shop/")

    block.content = [("announcement", {"line": "The kiln is open.", "links": []})]
    block.save()

    assert "The kiln is open." in client.get("/shop/").content.decode()


def test_address_query_host_and_language_make_a_page_of_their_own(client):
    client.get("/shop/")

    assert how(client.get("/shop/?page=2")) == "miss"
    assert how(client.get("/shop/", headers={"host": "localhost"})) == "miss"
    with translation.override("pt"):
        assert how(client.get("/shop/")) == "miss"
    assert how(client.get("/shop/")) == "hit"


def test_what_is_in_the_basket_makes_no_page_of_its_own(client):
    client.get("/shop/")
    client.cookies["cart"], client.cookies["basket"] = "secret", "3"

    assert how(client.get("/shop/")) == "hit"


# In which form


def test_a_page_is_kept_once_and_given_in_either_encoding(client):
    plain = client.get("/shop/")
    packed = client.get("/shop/", headers={"accept-encoding": "br, gzip"})

    assert how(packed) == "hit"
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"
    for answer in (plain, packed):
        assert int(answer["Content-Length"]) == len(answer.content)


def test_a_browser_that_has_the_page_is_told_so(client):
    etag = client.get("/")["ETag"]

    again = client.get("/", headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    assert client.get("/", headers={"if-none-match": 'W/"x"'}).status_code == 200


def test_a_kept_page_brings_the_policy_it_was_made_under(client, settings):
    made = client.get("/")["Content-Security-Policy"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'none'"]}}

    assert "frame-ancestors 'self'" in made
    assert client.get("/")["Content-Security-Policy"] == made
    cache.clear()
    assert client.get("/")["Content-Security-Policy"] == "default-src 'none'"


def test_another_appearance_is_another_page_to_the_browser(client):
    etag = client.get("/")["ETag"]
    client.cookies["theme"] = "dark"

    assert client.get("/", headers={"if-none-match": etag}).status_code == 200


def test_a_draft_is_never_confirmed_by_the_public_page(client):
    etag = client.get("/")["ETag"]
    client.cookies["draft"] = "autumn"

    answer = client.get("/", headers={"if-none-match": etag})

    assert answer.status_code == 200
    assert "ETag" not in answer


def test_head_is_answered_from_the_page_and_makes_none(client):
    assert how(client.head("/")) == "miss"
    assert how(client.get("/")) == "miss"
    assert how(client.head("/")) == "hit"


def test_a_cache_in_front_is_told_how_old_the_page_is(client):
    with time_machine.travel(NOON, tick=False) as clock:
        client.get("/")
        clock.shift(20)
        assert client.get("/")["Age"] == "20"


# What is kept


def test_pages_of_editors_and_of_the_catalog_are_public(client):
    for address in a_shop():
        answer = client.get(address)

        assert answer["Cache-Control"] == "public, max-age=0, s-maxage=60"
        assert not answer.cookies


def kept(view, method="get") -> bool:
    """Whether the answer of a view is kept."""
    ask = getattr(RequestFactory(), method)
    PageCache(view)(ask("/x/", headers={"host": "localhost"}))
    return bool(cache.keys("page:*"))


def answer(status=200, **headers) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse("words " * 100, status=status, headers=named)


PUBLIC = {"Cache_Control": "public, max-age=0, s-maxage=60"}


def test_a_public_answer_is_kept():
    assert kept(lambda request: answer(**PUBLIC))
    assert kept(lambda request: answer(**PUBLIC, Vary="Accept-Encoding"))


def with_cookie(request):
    answered = answer(**PUBLIC)
    answered.set_cookie("a", "b")
    return answered


def with_a_policy(request):
    answered = answer(**PUBLIC)
    answered._csp_update = {"frame-src": ["elsewhere.example"]}
    return answered


@pytest.mark.parametrize(
    "view",
    [
        lambda request: answer(404, **PUBLIC),
        lambda request: answer(302, **PUBLIC, Location="/"),
        lambda request: answer(),
        lambda request: answer(Cache_Control="public"),
        lambda request: answer(Cache_Control="s-maxage=60"),
        lambda request: answer(Cache_Control="private, s-maxage=60"),
        lambda request: answer(Cache_Control="public, s-maxage=60, no-store"),
        lambda request: answer(Cache_Control="public, s-maxage=60, no-cache"),
        lambda request: answer(Cache_Control="public, s-maxage=0"),
        lambda request: answer(**PUBLIC, Vary="Cookie"),
        lambda request: answer(**PUBLIC, Vary="Accept-Encoding, Cookie"),
        lambda request: answer(**PUBLIC, Vary="*"),
        lambda request: answer(**PUBLIC, Content_Encoding="br"),
        lambda request: StreamingHttpResponse(
            ["x"], headers={"Cache-Control": PUBLIC["Cache_Control"]}
        ),
        with_cookie,
        with_a_policy,
    ],
)
def test_anything_else_is_not(view):
    assert not kept(view)


@pytest.mark.parametrize("method", ["post", "put", "head"])
def test_only_what_was_asked_for_is_kept(method):
    assert not kept(lambda request: answer(**PUBLIC), method)


@pytest.mark.parametrize("address", ["/admin/", "/healthz", "/readyz", "/media/x.jpg"])
def test_what_is_no_page_does_not_ask_redis(client, address, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("asked")

    monkeypatch.setattr("site_config.page_cache.Shelf", refuse)

    client.get(address)


def test_a_page_that_something_ends_on_is_kept_no_longer_than_that():
    def view(request):
        cacheable.keep_at_most(request, 5)
        cacheable.keep_at_most(request, 30)
        return answer(**PUBLIC)

    page_cache = PageCache(view)
    request = RequestFactory().get("/x/", headers={"host": "localhost"})
    with time_machine.travel(NOON, tick=False) as clock:
        assert page_cache(request)["Cache-Control"].endswith("s-maxage=5")
        clock.shift(4)
        assert how(page_cache(request)) == "hit"
        clock.shift(2)
        assert how(page_cache(request)) == "miss"


def test_a_page_that_has_just_ended_is_not_kept_at_all():
    def view(request):
        cacheable.keep_at_most(request, 0)
        return answer(**PUBLIC)

    assert not kept(view)


def test_only_the_demo_tells_where_a_page_came_from(client, settings):
    settings.DEMO = False

    assert "X-Cache" not in client.get("/")


# Without Redis


@pytest.fixture
def _no_redis(settings):
    there = settings.CACHES["default"]
    settings.CACHES = {"default": there | {"LOCATION": "redis://127.0.0.1:1/0"}}


@pytest.mark.usefixtures("_no_redis")
def test_without_redis_pages_come_from_the_database(client):
    addresses = a_shop()

    for address in [*addresses, "/cart/", "/no-such-page/"]:
        page = client.get(address)
        assert page.status_code == (404 if "no-such" in address else 200)
        assert "Free delivery." in page.content.decode()

    write(page := home_page(), "Fresh from the kiln")
    page.save_revision().publish()
    goods.changed()
    assert "Fresh from the kiln" in client.get("/").content.decode()
