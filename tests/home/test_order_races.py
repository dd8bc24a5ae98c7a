"""Two at once in the order of blocks; the lock with a control that lacks it."""

import threading

import pytest
from django.db import connection

from home import ordering
from tests.builders import a_colleague, a_layout_block

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_moves_of_the_same_order_one_is_refused():
    editor = a_colleague("Editors")
    blocks = [a_layout_block(title=title) for title in ("First", "Second", "Third")]
    seen = [block.pk for block in blocks]

    outcomes = _at_once(
        lambda: ordering.move("home", seen, seen[2], 0, user=editor),
        lambda: ordering.move("home", seen, seen[1], 0, user=editor),
    )

    assert sorted(map(str, outcomes)) == ["OrderChanged", "done"]


def test_and_without_the_lock_both_would_be_taken(monkeypatch):
    """The control: each sees the order that the other is changing."""
    editor = a_colleague("Editors")
    blocks = [a_layout_block(title=title) for title in ("First", "Second", "Third")]
    seen = [block.pk for block in blocks]
    unlocked, both_have_looked = ordering.placed, threading.Barrier(2)

    def look_together(position):
        found = unlocked(position)
        both_have_looked.wait(timeout=30)
        return found

    monkeypatch.setattr(ordering, "lock", lambda position: None)
    monkeypatch.setattr(ordering, "placed", look_together)
    outcomes = _at_once(
        lambda: ordering.move("home", seen, seen[2], 0, user=editor),
        lambda: ordering.move("home", seen, seen[1], 0, user=editor),
    )

    assert list(map(str, outcomes)) == ["done", "done"]


def _at_once(*deeds) -> list[str]:
    outcomes, start = [], threading.Barrier(len(deeds))

    def run(deed):
        start.wait(timeout=30)
        try:
            deed()
            outcomes.append("done")
        except ordering.OrderChanged:
            outcomes.append("OrderChanged")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
