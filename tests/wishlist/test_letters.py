"""Letters to those who watch: one a day, never twice, ended by one press."""

import re
import smtplib
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from shop.models import Product
from tests.builders import NOON, a_product
from tests.home.accounts.coming_in import a_shopper
from tests.wishlist.test_price_drops import a_watch
from wishlist import digests, letters, tasks, watching
from wishlist.models import Digest, Watch, Wishlist

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = timezone.localdate(NOON)


def with_news(email="marta@example.org", price="40.00", **more) -> Watch:
    product = a_product(price=price)
    return a_watch(product, email, due_price=Decimal(price), **more)


def write(now=NOON) -> int:
    return digests.write(day=timezone.localdate(now), now=now)


def path_in(letter, word: str) -> str:
    [found] = re.findall(rf"http\S+/wishlist/mail/{word}/\S+", letter.body)
    return urlsplit(found).path


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


# Digests


def test_all_news_of_a_day_is_one_letter_to_each(mailoutbox):
    with_news()
    with_news()
    with_news("jonas@example.org")

    assert write() == 2

    marta, jonas = sorted(mailoutbox, key=lambda letter: letter.to[0], reverse=True)
    assert marta.subject == "2 pieces you kept cost less"
    assert jonas.subject == "A piece you kept costs less"
    assert "€40.00 now; €50.00 when you kept it" in marta.body
    assert marta.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/wishlist/mail/stop/" in marta.extra_headers["List-Unsubscribe"]


def test_what_comes_later_in_the_day_waits_for_tomorrow(mailoutbox):
    with_news()
    write()
    with_news()

    assert write(NOON + timedelta(hours=3)) == 0 and len(mailoutbox) == 1
    assert write(NOON + DAY) == 1 and len(mailoutbox) == 2
    assert write(NOON + 2 * DAY) == 0


def test_back_in_stock_is_in_the_same_letter_and_told_once(mailoutbox):
    watch = with_news()
    Watch.objects.filter(pk=watch.pk).update(is_back=True, due_price=None)

    write()

    [letter] = mailoutbox
    assert letter.subject == "A piece you wait for is back"
    assert "Back in stock" in letter.body and "when you kept it" not in letter.body
    assert write(NOON + DAY) == 0


@pytest.mark.parametrize(
    "changes", [{"live": False}, {"current_price": Decimal(60)}], ids=["gone", "dearer"]
)
def test_what_is_no_longer_true_is_not_told(changes, mailoutbox):
    watch = with_news()
    Product.objects.filter(pk=watch.product_id).update(**changes)

    assert write() == 0 and not mailoutbox
    assert write(NOON + DAY) == 0


class Dying(EmailBackend):
    """Takes two letters, then the worker is gone, wherever it stood."""

    def send_messages(self, messages):
        if len(mail.outbox) == 2:
            raise SystemExit(137)
        return super().send_messages(messages)


def test_a_worker_killed_midway_leaves_nobody_with_two_letters(settings, mailoutbox):
    for n in range(5):
        with_news(f"w{n}@example.org")
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(SystemExit):
        write()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    write(NOON + timedelta(hours=1))
    write(NOON + timedelta(hours=2))

    addresses = [letter.to[0] for letter in mailoutbox]
    assert len(addresses) == len(set(addresses)) == 4  # One is lost, none is doubled.


class Refusing(EmailBackend):
    """Will not have the letter to one address."""

    def send_messages(self, messages):
        if messages[0].to == ["w0@example.org"]:
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


def test_an_address_that_is_refused_holds_up_nobody_and_is_tried_again(
    settings, mailoutbox
):
    for n in range(3):
        with_news(f"w{n}@example.org")
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert write() == 2

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert write() == 1 and len(mailoutbox) == 3


@pytest.mark.parametrize("n", [1, 50])
def test_statements_grow_by_batches_and_letters_not_by_watchers_at_once(n, mailoutbox):
    product = with_news("w0@example.org").product
    for at in range(1, n):
        a_watch(product, f"w{at}@example.org", due_price=Decimal(40))

    with CaptureQueriesContext(connection) as queries:
        last = digests.open_digests("", day=TODAY, now=NOON)
        assert last and digests.open_digests(last, day=TODAY, now=NOON) is None

    asked = [q for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(asked) == 3 and Digest.objects.count() == n
    assert write() == n


def test_two_workers_send_each_letter_once(mailoutbox):
    with_news()
    digests.open_digests("", day=TODAY, now=NOON)
    [digest] = Digest.objects.all()

    assert digests._send(digest, now=NOON) and not digests._send(digest, now=NOON)
    assert len(mailoutbox) == 1


# Asking, agreeing, ending


def test_a_guest_is_written_to_only_once_they_have_said_so(client, mailoutbox):
    product = a_product("Vid serving bowl", stock=0)
    path = f"/wishlist/watch/{product.slug}/"
    assert "Vid serving bowl" in text(client.get(path))

    answer = client.post(path, {"email": "Marta@Example.org"})
    assert "A letter is on its way" in text(answer)
    watch = Watch.objects.get()
    assert watch.confirmed_at is None
    [job] = ProcrastinateJob.objects.filter(task_name="wishlist.send_confirmation")
    tasks.send_confirmation(**job.args)
    [letter] = mailoutbox

    confirm = path_in(letter, "confirm")
    assert "Shall we write to you?" in text(client.get(confirm))
    assert Watch.objects.get().confirmed_at is None
    assert "Noted" in text(client.post(confirm))
    assert Watch.objects.get().confirmed_at
    tasks.send_confirmation(**job.args)
    assert len(mailoutbox) == 1


def test_nobody_learns_whether_an_address_watches_and_nobody_is_flooded(client):
    product = a_product(stock=0)
    path = f"/wishlist/watch/{product.slug}/"
    a_watch(product, "known@example.org", at=timezone.now())

    known = client.post(path, {"email": "known@example.org"})
    novel = client.post(path, {"email": "novel@example.org"})
    assert text(known) == text(novel) and known.status_code == 200

    for n in range(5):
        answer = client.post(path, {"email": f"n{n}@example.org"})
    assert answer.status_code == 429 and "n4@example.org" in text(answer)
    wrong = client.post(path, {"email": "marta"})
    assert wrong.status_code == 422 and 'value="marta"' in text(wrong)


def test_a_link_that_is_forged_or_old_confirms_nothing(client):
    watch = a_watch(a_product(), confirmed_at=None)

    assert client.get("/wishlist/mail/confirm/forged/").status_code == 410
    for word in ("letters", "stop"):
        assert client.get(f"/wishlist/mail/{word}/forged/").status_code == 404
    assert Watch.objects.get(pk=watch.pk).confirmed_at is None


def test_one_press_in_a_mail_program_ends_all_letters(mailoutbox):
    with_news()
    with_news()
    write()
    header = mailoutbox[0].extra_headers["List-Unsubscribe"]
    path = urlsplit(header.strip("<>")).path

    stranger = Client(enforce_csrf_checks=True)
    assert "No more letters?" in text(stranger.get(path)) and Watch.objects.exists()
    answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200 and not Watch.objects.exists()


def test_each_piece_can_be_ended_by_itself(client, mailoutbox):
    one, other = with_news(), with_news()
    write()
    path = path_in(mailoutbox[0], "letters")
    assert text(client.get(path)).count("Stop writing") == 2

    client.post(path, {"product": one.product_id})
    one.refresh_from_db()
    other.refresh_from_db()
    assert not one.wants_price and other.wants_price
    client.post(path)
    assert "we do not write to you about any piece" in text(client.get(path))


def test_a_customer_turns_letters_on_and_off_and_a_letters_link_does_too(client):
    marta, product = a_shopper(), a_product()
    client.force_login(marta)
    client.post("/wishlist/press/", {"product": product.pk})

    client.post("/wishlist/letters/", {"on": "1"})
    watch = Watch.objects.get()
    assert (watch.email, watch.owner, watch.wants_price) == (marta.email, marta, True)
    assert "Stop writing" in text(client.get("/wishlist/"))

    watching.end(marta.email)
    assert not Wishlist.objects.get().is_watched and not Watch.objects.exists()
    assert Client().post("/wishlist/letters/", {"on": "1"}).status_code == 302


def test_a_customer_asks_for_a_piece_that_is_gone_without_typing(client):
    marta, product = a_shopper(), a_product(stock=0)
    client.force_login(marta)
    path = f"/wishlist/watch/{product.slug}/"
    assert marta.email in text(client.get(path))

    for _ in range(2):
        assert "We write when it is back" in text(client.post(path))

    watch = Watch.objects.get()
    assert watch.wants_stock and watch.confirmed_at and watch.owner == marta


def test_who_never_confirmed_is_forgotten_and_so_is_from_where():
    a_watch(a_product(), "old@example.org", confirmed_at=None, at=NOON - 31 * DAY)
    a_watch(a_product(), at=NOON - 2 * DAY, visitor="fingerprint")

    watching.sweep(now=NOON)

    assert [(w.email, w.visitor) for w in Watch.objects.all()] == [
        ("marta@example.org", "")
    ]


def test_the_jobs_run(mailoutbox):
    with_news()
    tasks.find_news(timestamp=0)
    tasks.write_digests(timestamp=0)
    tasks.sweep(timestamp=0)

    assert len(mailoutbox) == 1


def test_what_the_room_knows_is_told_and_forgotten():
    from wishlist import own_data

    marta = a_shopper()
    with_news(marta.email)
    write()
    assert len(own_data.export(marta)["letters_about"]) == 1

    own_data.erase(marta)

    assert not Watch.objects.exists() and not Digest.objects.exists()
    assert letters.address_of("") is None
