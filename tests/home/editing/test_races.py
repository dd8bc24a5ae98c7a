"""Windows that save in the same moment, on real PostgreSQL, and what would happen
without the lock."""

import threading

import pytest

from home.drafts import edit
from home.drafts.content import page_content
from home.drafts.errors import Stale
from home.models import WorkspacePage
from home.models.drafts import DraftWorkspaceQuerySet
from tests.builders import (
    NOON,
    a_colleague,
    a_workspace,
    an_info_page,
    stage_page,
)
from tests.checkout.ordering import all_at_once
from tests.home.drafts.conftest import cookies_inside
from tests.home.drafts.looking import browser_with
from tests.home.editing.typing import autosave, opened, page_editor, words

pytestmark = pytest.mark.django_db(transaction=True)
WINDOWS = 6


@pytest.fixture
def page(transactional_db):
    return an_info_page("About us", text="Four of us.")


@pytest.fixture
def workspace(page):
    return a_workspace("Autumn campaign", a_colleague("Editors", "sofia"))


@pytest.fixture
def save(workspace, page):
    """Saves the words of one window, as ``edit.save_page`` answers: an entry or a
    refusal."""
    content = page_content(page.specific)

    def save_words(title: str):
        values = content | {"title": title}
        try:
            return edit.save_page(workspace, page, values, version=1, now=NOON)
        except Stale as stale:
            return stale

    return save_words


def test_of_windows_that_save_first_at_once_one_wins(workspace, page):
    clients = [
        browser_with(cookies_inside(workspace.owner, workspace)) for _ in range(WINDOWS)
    ]
    form = opened(clients[0], page_editor(page))
    windows = [(one, form | words(f"Window {n}.")) for n, one in enumerate(clients)]

    answers = all_at_once(lambda one: autosave(*_at(page, one)), windows)

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [400] * (WINDOWS - 1)
    won = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
    entry = workspace.pages.get()
    assert f"Window {won}." in entry.content["body"] and entry.version == 1


def _at(page, window) -> tuple:
    client, form = window
    return client, page_editor(page), form


def test_of_windows_that_save_again_at_once_one_wins(workspace, page, save):
    stage_page(workspace, page)

    answers = all_at_once(save, [f"Window {n}" for n in range(WINDOWS)])

    assert len([a for a in answers if isinstance(a, WorkspacePage)]) == 1
    assert len([a for a in answers if isinstance(a, Stale)]) == WINDOWS - 1
    assert workspace.pages.get().version == 2


def test_the_control_without_the_lock_loses_words(workspace, page, save, monkeypatch):
    stage_page(workspace, page)
    all_have_read = threading.Barrier(WINDOWS, timeout=20)
    keep = edit._keep

    def keep_when_all_have_read(*args):
        all_have_read.wait()
        return keep(*args)

    monkeypatch.setattr(
        DraftWorkspaceQuerySet, "lock", lambda self, pk: self.get(pk=pk)
    )
    monkeypatch.setattr(edit, "_keep", keep_when_all_have_read)

    answers = all_at_once(save, [f"Window {n}" for n in range(WINDOWS)])

    assert len([a for a in answers if isinstance(a, WorkspacePage)]) == WINDOWS
    assert workspace.pages.get().version == 2
