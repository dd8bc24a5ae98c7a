"""Several presses at the same moment, on real PostgreSQL; each guard with a control
that lacks it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from home.drafts import review, share, stage
from home.drafts.errors import NotWhatWasConfirmed
from home.drafts.items import items, set_digest
from home.drafts.viewing import REVIEW_COOKIE
from home.models import LayoutBlock, ReviewComment, ReviewVerdict, ShareVisit
from home.models.drafts import DraftWorkspaceQuerySet
from tests.builders import (
    NOON,
    a_colleague,
    a_layout_block,
    a_workspace,
    an_info_page,
    stage_page,
)
from tests.checkout.ordering import all_at_once
from tests.home.drafts.looking import enter
from tests.home.drafts.test_numbering import order
from tests.waiting import is_waited_for, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor(transactional_db):
    return a_colleague("Editors", "sofia")


@pytest.fixture
def workspace(editor):
    return a_workspace("Autumn campaign", editor, now=NOON)


def unlock(monkeypatch) -> None:
    def read(self, workspace_id):
        return self.get(pk=workspace_id)

    monkeypatch.setattr(DraftWorkspaceQuerySet, "lock", read)


def together(monkeypatch, owner, name: str, times: int) -> None:
    """Nobody goes on from there before all have come there."""
    gate, deed = threading.Barrier(times, timeout=20), getattr(owner, name)

    def wait_for_all(*args, **kwargs):
        gate.wait()
        return deed(*args, **kwargs)

    monkeypatch.setattr(owner, name, wait_for_all)


# A move, pressed twice


@pytest.fixture
def blocks(transactional_db):
    LayoutBlock.objects.all().delete()
    return [a_layout_block("home", f"No. {n}", sort_order=10 * n) for n in range(4)]


def presses(editor, workspace, block, times=2) -> list[Client]:
    browsers = [Client() for _n in range(times)]
    for browser in browsers:
        browser.force_login(editor)
        enter(browser, workspace)
    said = {"deed": f"up published-{block.pk}", "next": "/", "version": "0"}
    return all_at_once(lambda one: one.post("/drafts/stage/", said), browsers)


def test_two_presses_at_once_are_one_move(editor, workspace, blocks):
    answers = presses(editor, workspace, blocks[3])

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert order(workspace) == [blocks[n].pk for n in (0, 1, 3, 2)]


def test_without_the_lock_both_are_taken_for_the_first(
    editor, workspace, blocks, monkeypatch
):
    unlock(monkeypatch)
    together(monkeypatch, stage, "_move", 2)

    answers = presses(editor, workspace, blocks[3])

    assert 409 not in [getattr(answer, "status_code", 0) for answer in answers]


# What reviewers say

AT_ONCE = 4


@pytest.fixture
def link(workspace):
    stage_page(workspace, an_info_page("About us"), text="Five of us.")
    now = timezone.now()
    return share.make_link(workspace, None, until=now + timedelta(days=7), now=now)


def post_at_once(link, path, said) -> list[int]:
    reviewers = [Client() for _n in range(AT_ONCE)]
    for reviewer in reviewers:
        share_cookie = share.signing.dumps(link.nonce, salt=share.COOKIE_SALT)
        reviewer.cookies[REVIEW_COOKIE] = share_cookie
    answers = all_at_once(
        lambda one: one.post(f"/drafts/review/{path}/", said).status_code, reviewers
    )
    return sorted(answers)


def decide(link) -> list[int]:
    digest = set_digest(items(link.workspace))
    said = {"name": "Ana", "answer": "approved", "digest": digest}
    return post_at_once(link, "verdict", said)


def say(link, monkeypatch) -> list[int]:
    monkeypatch.setattr(review, "MOST_COMMENTS", 2)
    return post_at_once(link, "comment", {"name": "Ana", "text": "Too red."})


def visit(link) -> None:
    now = timezone.now()
    all_at_once(lambda _n: share.note_visit(link, "/", now=now), range(AT_ONCE))


def test_a_verdict_that_is_sent_several_times_at_once_is_one(link):
    assert decide(link) == [303] * AT_ONCE
    assert ReviewVerdict.objects.count() == 1


def test_without_the_lock_there_are_several(link, monkeypatch):
    unlock(monkeypatch)
    together(monkeypatch, ReviewVerdict, "save", AT_ONCE)

    assert decide(link) == [303] * AT_ONCE
    assert ReviewVerdict.objects.count() == AT_ONCE


def test_comments_end_where_they_end_however_many_come_at_once(link, monkeypatch):
    assert say(link, monkeypatch) == [303, 303, 429, 429]
    assert ReviewComment.objects.count() == 2


def test_without_the_lock_there_are_too_many(link, monkeypatch):
    unlock(monkeypatch)
    together(monkeypatch, ReviewComment, "save", AT_ONCE)

    assert say(link, monkeypatch) == [303] * AT_ONCE
    assert ReviewComment.objects.count() == AT_ONCE


def test_visits_of_one_page_at_once_are_noted_once(link):
    visit(link)

    assert ShareVisit.objects.count() == 1


def test_without_the_links_lock_each_is_noted(link, monkeypatch):
    monkeypatch.setattr(share, "_lock", lambda link: None)
    together(monkeypatch, ShareVisit, "save", AT_ONCE)

    visit(link)

    assert ShareVisit.objects.count() == AT_ONCE


def test_a_verdict_waits_for_whoever_is_saving_and_is_refused(link, monkeypatch):
    """The digest is compared under the lock under which the words are saved."""
    decided = decide_while_saving(link, monkeypatch)

    assert isinstance(decided, NotWhatWasConfirmed)
    assert not ReviewVerdict.objects.exists()


def test_without_the_lock_it_is_about_what_is_gone(link, monkeypatch):
    unlock(monkeypatch)

    decided = decide_while_saving(link, monkeypatch)

    assert isinstance(decided, ReviewVerdict)
    assert decided.digest != set_digest(items(link.workspace))


def decide_while_saving(link, monkeypatch):
    """Somebody has saved, and has not committed yet, when a verdict comes in."""
    digest = set_digest(items(link.workspace))
    page = link.workspace.pages.get().page

    def run():
        try:
            return review.decide(
                link, name="Ana", answer="approved", digest=digest, now=timezone.now()
            )
        except NotWhatWasConfirmed as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            stage_page(link.workspace, page, text="Six of us.")
            waiting = pool.submit(run)
            until(lambda: waiting.done() or is_waited_for())
        return waiting.result(timeout=60)
