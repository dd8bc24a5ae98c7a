"""A draft's words appear in nothing that a visitor is sent, whatever caches hold."""

import re
from collections import deque
from copy import deepcopy
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from home import cacheable
from home.drafts import share, viewing
from home.models import HomePage, ReviewComment
from tests.builders import (
    NOON,
    a_category,
    a_colleague,
    a_layout_block,
    a_picture,
    a_workspace,
    an_announcement,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
)
from tests.home.drafts.looking import enter, html
from tests.many import many_products

pytestmark = pytest.mark.django_db

CANARY = "Zinnober"
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)"|<loc>https?://[^/]+(/[^<]*)</loc>')
ASKED = [
    "/",
    "/sitemap.xml",
    "/robots.txt",
    "/feeds/products.xml",
    "/api/openapi.json",
    f"/search/?q={CANARY}",
    f"/{CANARY.lower()}-news/",
    f"/{CANARY.lower()}-about/",
    f"/shop/?q={CANARY}",
    "/drafts/",
    "/drafts/review/made-up/",
    "/cart/",
    "/checkout/",
    "/healthz",
    "/readyz",
    "/no-such-page/",
]
FURTHER_CATEGORIES = ("Vases", "Lamps", "Plates", "Pots")
NOT_PAGES = ("/static/", "/media/", "/admin/")


@pytest.fixture(scope="module")
def built(module_db):
    """Enough to crawl: five categories, 54 products, a block at each position. And the
    word in everything a workspace holds."""
    for name, count in (("Bowls", 30), *((name, 6) for name in FURTHER_CATEGORIES)):
        many_products(count, name, categories=[a_category(name)])
    for position in ("announcement", "home", "catalog", "product", "cart", "footer"):
        a_layout_block(position, f"Standing at {position}")
    return drafted_in(a_workspace(f"{CANARY} campaign", a_colleague("Editors")))


def drafted_in(workspace):
    page, announcement = an_info_page(), an_announcement()
    picture = a_picture(f"{CANARY} bowl")
    home = HomePage.objects.get()
    for changed in (page, home):
        stage_page(
            workspace,
            changed,
            title=f"{CANARY} title",
            seo_title=f"{CANARY} seo",
            search_description=f"{CANARY} description",
            social_picture=picture.pk,
            text=f"{CANARY} text",
            **({"slug": f"{CANARY.lower()}-about"} if changed is page else {}),
        )
    stage_new_page(
        workspace,
        title=f"{CANARY} news",
        text=f"{CANARY} text",
        menu_placement="footer",
    )
    stage_block(workspace, announcement, line=f"{CANARY} sale")
    for position in ("home", "catalog", "product", "cart", "footer", "header"):
        stage_new_block(workspace, position, f"{CANARY} at {position}")
    link = share.make_link(workspace, workspace.owner, until=in_a_year(), now=NOON)
    ReviewComment.objects.create(
        workspace=workspace, link=link, name=CANARY, text=CANARY, at=NOON
    )
    return workspace


@pytest.fixture
def drafted(built, db):
    return deepcopy(built)


@pytest.fixture
def inside(client, drafted):
    """The editor's browser, looking through the workspace."""
    client.force_login(drafted.owner)
    enter(client, drafted)
    return client


def look_at_it_all(workspace, inside) -> None:
    """Owner and reviewer, until every cache that could keep the word has had the
    chance."""
    reviewer = Client()
    reviewer.cookies[viewing.REVIEW_COOKIE] = share.signing.dumps(
        workspace.links.get().nonce, salt=share.COOKIE_SALT
    )
    for client in (inside, reviewer):
        crawled(client, most=30)
        assert CANARY in html(client), "the draft is there to leak"


def in_a_year():
    from datetime import timedelta

    from django.utils import timezone

    return timezone.now() + timedelta(days=365)


def crawled(client, most: int = 500) -> dict[str, str]:
    """{path: head and body} of all that can be reached from the front and from what is
    asked for by name; of the first ``most`` of it."""
    found, waiting = {}, deque(ASKED)
    while waiting and len(found) < most:
        path = waiting.popleft()
        if path in found or path.startswith(NOT_PAGES):
            continue
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        text = body.decode(errors="replace")
        found[path] = f"{answer.headers}\n{text}"
        for matched in LINK.finditer(text):
            waiting.append(unescape(matched[1] or matched[2]))
        if answer.has_header("Location") and answer["Location"].startswith("/"):
            waiting.append(answer["Location"])
    return found


def leaks(found: dict[str, str]) -> list[str]:
    """Paths that hold the word, where it was not the visitor who brought it along."""
    return [
        path
        for path, text in found.items()
        if CANARY in text and CANARY.lower() not in path.lower()
    ]


def asked_for(found: dict[str, str]) -> str:
    """What is sent to somebody who guesses the word, less their own question."""
    guessed = (text for path, text in found.items() if CANARY.lower() in path.lower())
    return "".join(guessed)


def test_no_visitor_is_sent_a_word_of_a_draft(drafted, inside, visitor):
    look_at_it_all(drafted, inside)
    warmed_by_them = crawled(visitor)
    warmed_by_visitors = crawled(visitor)
    cache.clear()
    cold = crawled(visitor)

    crawls = (warmed_by_them, warmed_by_visitors, cold)
    assert sum(map(len, crawls)) >= 300
    for found in crawls:
        assert leaks(found) == []
        for words in ("title", "seo", "description", "text", "sale", "news", "bowl"):
            assert f"{CANARY} {words}" not in asked_for(found)


def test_what_an_editor_was_sent_is_not_confirmed_to_a_visitor(
    drafted, inside, visitor
):
    of_editor = inside.get("/")
    assert CANARY in of_editor.content.decode()

    for name, asked in (("ETag", "if-none-match"), ("Last-Modified", "x-nothing")):
        if of_editor.has_header(name):
            answer = visitor.get("/", headers={asked: of_editor[name]})
            assert answer.status_code == 200 and CANARY not in answer.content.decode()
    assert CANARY not in html(visitor)


def test_without_the_guard_the_word_is_found(drafted, visitor, monkeypatch):
    """The control: everyone looks through the workspace."""

    def everyone(request):
        return viewing.Viewing(workspace=drafted)

    monkeypatch.setattr(viewing, "find", everyone)
    monkeypatch.setattr(cacheable, "is_for_everyone", lambda request: False)
    cache.clear()

    assert len(leaks(crawled(visitor, most=45))) > 20
