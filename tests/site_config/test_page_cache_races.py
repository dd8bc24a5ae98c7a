"""Readers while editors publish: a page is all of one state, or the test says so.

A token stands in the home page's body, in announcement and footer, and in the menu. All
are published in one transaction; a page that shows two tokens is a mix.
"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import pytest
from django.core.cache import cache
from django.db import connections, transaction
from django.test import Client
from django_redis import get_redis_connection
from wagtail.models import Page

from home import goods, published, storefront
from home.models import DynamicPage, HomePage, LayoutBlock
from shop import views
from site_config import kept_page, page_cache
from tests.checkout.ordering import all_at_once
from tests.home.publishing import a_block, a_page, content

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = re.compile(r"token-\d+")
PATIENCE_S = 30


@pytest.fixture(autouse=True)
def _tokens(transactional_db):
    a_block("announcement", "token-0")
    a_block("footer", "token-0")
    a_page("About", slug="about", menu_placement="footer")
    publish(0)


def publish(number: int) -> None:
    """Body, menu, announcement and footer together, as a campaign is published; in few
    statements, so that a hundred take no minute."""
    token = f"token-{number}"
    with transaction.atomic():
        HomePage.objects.update(body=content("body", token))
        DynamicPage.objects.update(title=token)
        for position in ("announcement", "footer"):
            blocks = LayoutBlock.objects.filter(position=position)
            blocks.update(content=content(position, token))
        published.changed()


def tokens(address="/") -> set[str]:
    """Which tokens a visitor meets on one page."""
    response = Client().get(address)
    assert response.status_code == 200
    return set(TOKEN.findall(response.content.decode()))


def elsewhere(deed, *arguments):
    """Do it in another thread, with a connection of its own, and wait for it."""

    def run():
        try:
            return deed(*arguments)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=PATIENCE_S)


# By chance: many readers, many publishes


def test_every_page_is_all_old_or_all_new_while_a_hundred_are_published():
    seen, is_over = [], threading.Event()

    def read(address):
        while not is_over.is_set():
            seen.append(frozenset(tokens(address)))
            time.sleep(0.01)
        connections.close_all()

    with ThreadPoolExecutor(3) as readers:
        for address in ("/", "/", "/shop/"):
            readers.submit(read, address)
        try:
            for number in range(1, 101):
                publish(number)
        finally:
            is_over.set()

    assert {len(page) for page in seen} == {1}
    assert len(set(seen)) > 10
    assert tokens() == {"token-100"}


# By plan: something is published at the worst moment


def between(monkeypatch, owner, name: str, deed, times=1) -> list:
    """Before ``owner.name`` does its work, do something else, the first ``times``."""
    undisturbed, calls = getattr(owner, name), []

    def disturbed(*args, **kwargs):
        calls.append(args)
        if len(calls) <= times:
            elsewhere(deed, len(calls))
        return undisturbed(*args, **kwargs)

    monkeypatch.setattr(owner, name, disturbed)
    return calls


def without_the_second_look(monkeypatch) -> None:
    monkeypatch.setattr(page_cache, "_is_doubtful", lambda *anything: False)


def after_the_pointer_before_the_page(monkeypatch) -> None:
    """The frame is in the cache, the version is known, the page is not read yet."""
    tokens("/shop/")
    between(monkeypatch, Page, "route_for_request", publish)


def in_the_middle_of_the_frame(monkeypatch) -> None:
    """Announcement and footer of the blocks are read, the menus are not."""
    between(monkeypatch, storefront, "_page_menus", publish)


MOMENTS = [
    after_the_pointer_before_the_page,
    in_the_middle_of_the_frame,
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_is_published_while_a_page_is_made_makes_it_anew(monkeypatch, moment):
    published.version()
    moment(monkeypatch)

    assert tokens() == {"token-1"}
    assert tokens() == tokens("/shop/") == {"token-1"}


@pytest.mark.parametrize("moment", MOMENTS)
def test_control_without_the_second_look_it_is_a_mix(monkeypatch, moment):
    published.version()
    moment(monkeypatch)
    without_the_second_look(monkeypatch)

    assert tokens() == {"token-0", "token-1"}


def test_something_published_at_every_try_ends_in_one_moment_of_the_database(
    monkeypatch,
):
    tokens("/shop/")
    calls = between(monkeypatch, Page, "route_for_request", publish, times=9)

    seen = tokens()

    assert len(calls) == page_cache.TRIES
    assert len(seen) == 1


def test_control_without_that_one_moment_the_last_try_is_a_mix(monkeypatch):
    tokens("/shop/")
    between(monkeypatch, Page, "route_for_request", publish, times=9)
    monkeypatch.setattr(published, "snapshot", nullcontext)
    # The frame of the state before, as somebody else may have kept it meanwhile.
    monkeypatch.setattr(storefront, "_key", lambda request: "of-any-version")
    tokens("/search/?q=bowl")

    assert len(tokens()) == 2


def test_a_pointer_that_was_never_moved_costs_time_but_no_mix():
    tokens("/shop/"), tokens("/")
    version = published.read()
    publish(1)
    # As if the process had died between its commit and its word to Redis.
    cache.set(published.POINTER, version, 30)
    cache.delete_pattern("page:*")

    assert tokens("/shop/") == {"token-0"}
    assert tokens("/") == {"token-1"}
    assert tokens("/search/?q=bowl") == {"token-1"}


# A crowd


@contextmanager
def slow_and_counted(monkeypatch, owner, name: str):
    made, counting = getattr(owner, name), []

    def make(*args, **kwargs):
        counting.append(threading.get_ident())
        time.sleep(0.2)
        return made(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, make)
        yield counting


def ask_at_once(times: int) -> set[int]:
    # In one process, where a shop would have dozens.
    get_redis_connection().connection_pool.max_connections = 250
    answers = all_at_once(lambda n: Client().get("/shop/").status_code, range(times))
    return set(answers)


def test_a_page_that_200_want_anew_is_made_twice_at_most(monkeypatch):
    # All in one process, the maker works two hundred times slower than in a shop.
    for module in (kept_page, page_cache):
        monkeypatch.setattr(module, "TURN_S", PATIENCE_S)
    Client().get("/shop/")
    goods.changed()

    with slow_and_counted(monkeypatch, views, "_list") as made:
        assert ask_at_once(200) == {200}

    assert 1 <= len(made) <= 2


def test_control_without_turns_it_is_made_by_many(monkeypatch):
    Client().get("/shop/")
    goods.changed()
    monkeypatch.setattr(kept_page.Shelf, "take_turn", lambda self: True)

    with slow_and_counted(monkeypatch, views, "_list") as made:
        assert ask_at_once(20) == {200}

    assert len(made) > 2


def test_a_maker_that_died_is_waited_for_only_so_long(monkeypatch):
    monkeypatch.setattr(page_cache, "TURN_S", 0.1)
    Client().get("/shop/")
    goods.changed()
    [kept] = cache.keys("page:*")
    cache.set(f"{kept}:turn", 1, timeout=60)

    response = Client().get("/shop/")

    assert (response.status_code, response["X-Cache"]) == (200, "miss")
