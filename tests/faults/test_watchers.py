"""A worker killed with -9 over the news of many: the next one goes on where it was, and
nobody is told twice."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core.mail.backends.filebased import EmailBackend
from django.utils import timezone

from checkout import tasks as checkout_tasks
from home import outbox
from tests.checkout.ordering import start_jobs_now, work_off_jobs
from tests.faults.dying import die_after, die_before, killed
from tests.faults.test_workers import let_pass, look_for_the_dead
from tests.wishlist.test_price_drops import a_watch, history
from wishlist import digests, letters, price_drops, tasks
from wishlist.models import Digest, Watch

pytestmark = pytest.mark.django_db(transaction=True)
WATCHERS = [f"w{n}@example.org" for n in range(5)]
# Over whose letter the worker dies.
UNLUCKY = WATCHERS[1]


@pytest.fixture
def sent(settings, tmp_path):
    """[(address, Message-ID)] that a mail server has taken, whoever sent them."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path

    def read() -> list[tuple[str, str]]:
        # Letters of one second may share a file, with a line of dashes after each.
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        found = map(message_from_bytes, files.split(b"-" * 79 + b"\n")[:-1])
        return sorted((letter["To"], letter["Message-ID"]) for letter in found)

    return read


@pytest.fixture
def news(transactional_db, monkeypatch):
    """A piece that costs less since yesterday, and five who want to know."""
    for room in (price_drops, digests):
        monkeypatch.setattr(room, "BATCH", 2)
    now = timezone.now()
    product = history((0, "50"), (40, "40"), start=now - timedelta(days=41))
    for email in WATCHERS:
        a_watch(product, email, at=now - timedelta(days=41))


def do_and_die(task, die) -> None:
    outbox.defer(task, timestamp=0)

    def work():
        die()
        work_off_jobs()

    start_jobs_now()
    assert killed(work)


def go_on() -> None:
    """A worker that is alive, once the dead one is missed."""
    let_pass(checkout_tasks.SILENT_FOR_S + 0.1)
    look_for_the_dead()


def die_once_the_first_are_found() -> None:
    die_after(price_drops, "mark")


def die_once_the_first_letters_are_begun() -> None:
    die_after(digests, "open_digests")


def die_before_it_is_sent() -> None:
    die_before(letters, "digest", lambda day, news: day.email == UNLUCKY)


def die_once_it_is_sent() -> None:
    def is_theirs(backend, messages) -> bool:
        return messages[0].to == [UNLUCKY]

    die_after(EmailBackend, "send_messages", is_theirs)


def test_who_is_told_is_found_by_the_next_worker_where_one_died(news):
    do_and_die(tasks.find_news, die_once_the_first_are_found)
    assert Watch.objects.exclude(due_price=None).count() == 2

    go_on()

    # A letter may have told it already: the worker does all that is due at this hour.
    assert not Watch.objects.filter(due_price=None, told_price=None).exists()


@pytest.mark.parametrize(
    ("die", "before", "lost"),
    [
        (die_once_the_first_letters_are_begun, 0, []),
        (die_before_it_is_sent, 1, [UNLUCKY]),
        (die_once_it_is_sent, 2, []),
    ],
)
def test_letters_go_on_where_a_worker_died_and_nobody_gets_two(
    news, sent, die, before, lost
):
    price_drops.find(now=timezone.now())
    do_and_die(tasks.write_digests, die)
    assert len(sent()) == before

    go_on()
    outbox.defer(tasks.write_digests, timestamp=0)
    work_off_jobs()

    got = [address for address, _ in sent()]
    assert got == [address for address in WATCHERS if address not in lost]
    assert not Digest.objects.filter(sent_at=None).exists()


def test_control_one_who_notes_a_letter_after_it_is_sent_sends_it_twice(
    news, sent, monkeypatch
):
    """The same letter, as its Message-ID says to a mail program that looks."""

    def send_and_note(digest, *, now):
        letters.digest(digest, list(digest.watches.select_related("product"))).send()
        return Digest.objects.filter(pk=digest.pk).update(sent_at=now)

    monkeypatch.setattr(digests, "_send", send_and_note)
    price_drops.find(now=timezone.now())
    do_and_die(tasks.write_digests, die_once_it_is_sent)

    go_on()

    twice = [letter for letter in sent() if letter[0] == UNLUCKY]
    assert len(twice) == 2 and len(set(twice)) == 1
