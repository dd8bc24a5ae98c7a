"""Thousands of anonymous reads (``READS`` says how many) while campaigns go live and
are taken back: through the page cache, as browsers ask, and never a page of two states.
"""

import os
import re
import threading
import time
from contextlib import nullcontext
from itertools import count
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import QuerySet
from django.test import RequestFactory

from home.drafts import publish as publishing
from home.models import LayoutBlock
from tests.builders import (
    a_colleague,
    a_workspace,
    an_announcement,
    an_info_page,
    stage_block,
    stage_page,
)
from tests.checkout.ordering import all_at_once
from tests.home.drafts.releasing import fresh, publish, roll_back

pytestmark = pytest.mark.django_db(transaction=True)
READS, READERS = int(os.environ.get("READS", "2000")), 4
TOKEN = re.compile(rb"token-\d+")
BEFORE = frozenset({b"token-0"})


class Shop:
    """A page and an announcement that bear the same word, and whoever changes both by
    workspaces."""

    def __init__(self):
        self.henrik = a_colleague("Publishers", "henrik")
        self.page = an_info_page("About us", text="token-0")
        self.announcement = an_announcement("token-0")
        self.numbers = count(1)

    def campaign(self):
        word = f"token-{next(self.numbers)}"
        workspace = a_workspace(word, self.henrik)
        stage_page(workspace, fresh(self.page), text=word)
        stage_block(workspace, fresh(self.announcement), line=word)
        return workspace

    def there_and_back(self):
        workspace = self.campaign()
        publish(workspace, self.henrik)
        roll_back(workspace, self.henrik)


def read(answer, path="/about-us/") -> frozenset:
    """The words that a visitor meets on the page."""
    said = []
    environ = RequestFactory()._base_environ(PATH_INFO=path)
    body = answer(environ, lambda status, headers: said.append(status))
    page = b"".join(body)
    body.close()
    assert said == ["200 OK"]
    return frozenset(TOKEN.findall(page))


def reading_while(change, reads: int) -> list[frozenset]:
    """What ``reads`` visits met while ``change`` was done again and again."""
    seen: list[frozenset] = []
    over = threading.Event()

    answer = WSGIHandler()

    def visit():
        for _ in range(reads // READERS):
            seen.append(read(answer))

    def change_till_all_have_read():
        while not over.is_set():
            change()

    def readers():
        try:
            assert all_at_once(lambda _: visit(), range(READERS)) == [None] * READERS
        finally:
            over.set()

    answers = all_at_once(lambda deed: deed(), [readers, change_till_all_have_read])
    assert answers == [None, None]
    return seen


def test_thousands_of_reads_meet_all_of_a_campaign_or_nothing_of_it():
    seen = reading_while(Shop().there_and_back, READS)

    assert len(seen) == READS
    assert {len(words) for words in seen} == {1}
    # Both before and after were met, many times over.
    assert BEFORE in seen
    assert len(set(seen)) > 3


def test_control_without_the_transaction_they_meet_half_of_it(monkeypatch):
    shop = Shop()
    save = LayoutBlock.save

    def save_when_half_was_read(self, *args, **more):
        time.sleep(0.3)
        save(self, *args, **more)

    campaign = shop.campaign()
    no_transaction = SimpleNamespace(atomic=lambda **more: nullcontext())
    monkeypatch.setattr(publishing, "transaction", no_transaction)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **more: self)
    monkeypatch.setattr(LayoutBlock, "save", save_when_half_was_read)

    def publish_once():
        if campaign.is_open:
            publish(campaign, shop.henrik)
            campaign.refresh_from_db()

    seen = reading_while(publish_once, 1000)

    assert 2 in {len(words) for words in seen}
