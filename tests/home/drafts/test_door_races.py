"""Several presses at the same moment, on real PostgreSQL; each guard with a control
that lacks it."""

import threading

import pytest
from django.test import Client

from home.drafts import stage
from home.models import LayoutBlock
from home.models.drafts import DraftWorkspaceQuerySet
from tests.builders import NOON, a_colleague, a_layout_block, a_workspace
from tests.checkout.ordering import all_at_once
from tests.home.drafts.looking import enter
from tests.home.drafts.test_numbering import order

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
