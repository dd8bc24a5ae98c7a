"""The newsletter: asked for on a page, agreed to by letter, left by a link."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from home import tasks
from home.models import NewsletterSubscriber
from home.newsletter import consent, links, signup
from home.newsletter.consent import Agreement
from home.roles import Role
from home.visitor import address
from tests.builders import NOON, a_colleague
from tests.composing import block, shown

pytestmark = pytest.mark.django_db

WORDS = "For the letter only."
AGREEMENT = Agreement(WORDS, "letter")
BLOCK = {"title": "A letter", "consent": WORDS, "audience": "letter"}


def ask(client, email="marta@example.org", **more):
    data = {"email": email, "agreed": consent.signed(WORDS, "letter")} | more
    return client.post(reverse("home:newsletter_ask"), data)


def ask_at(now, email="marta@example.org", visitor="here"):
    signup.ask(email, AGREEMENT, visitor=visitor, now=now)
    return NewsletterSubscriber.objects.get(email=email)


def jobs() -> list[int]:
    named = ProcrastinateJob.objects.filter(
        task_name="home.send_newsletter_confirmation"
    )
    return [job.args["subscriber_id"] for job in named.order_by("pk")]


def letter_to(subscriber: NewsletterSubscriber):
    mail.outbox.clear()
    tasks.send_confirmation(subscriber_id=subscriber.pk)
    [letter] = mail.outbox
    return letter


def link_in(letter, word: str) -> str:
    """The path of the link with that word in a letter's text."""
    [found] = re.findall(rf"http\S+/newsletter/{word}/\S+", letter.body)
    return urlsplit(found).path


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


# The whole way


def test_from_a_page_to_the_list_and_off_it_with_a_plain_client(client):
    html = shown(client, block("newsletter", **BLOCK))
    action = re.search(r'<form method="post" action="([^"]+)"', html)[1]
    agreed = re.search(r'name="agreed" value="([^"]+)"', html)[1]

    answer = client.post(action, {"email": "Marta@Example.org", "agreed": agreed})
    assert (answer.status_code, answer.url) == (303, reverse("home:newsletter_asked"))
    assert "A letter is on its way" in text_of(client.get(answer.url))

    subscriber = NewsletterSubscriber.objects.get()
    assert (subscriber.email, subscriber.consent) == ("marta@example.org", WORDS)
    assert subscriber.consent_at and not subscriber.confirmed_at
    assert jobs() == [subscriber.pk]

    letter = letter_to(subscriber)
    assert letter.to == ["marta@example.org"]
    confirm = link_in(letter, "confirm")
    assert WORDS in text_of(client.get(confirm))
    assert not NewsletterSubscriber.objects.subscribed().exists()
    assert "You are on the list" in text_of(client.post(confirm))
    assert NewsletterSubscriber.objects.subscribed().get() == subscriber

    leave = link_in(letter, "leave")
    assert "No more letters?" in text_of(client.get(leave))
    assert NewsletterSubscriber.objects.subscribed().exists()
    assert "No more letters" in text_of(client.post(leave))
    assert not NewsletterSubscriber.objects.subscribed().exists()


def test_the_page_that_asks_stays_the_same_for_everyone(client):
    first = shown(client, block("newsletter", **BLOCK, anchor="a"))
    again = client.get("/a-page/")

    assert not again.cookies and "Cookie" not in again.get("Vary", "")
    agreed = re.search(r'name="agreed" value="[^"]+"', first)[0]
    assert agreed in again.content.decode()


# Known and unknown addresses


def test_nobody_learns_whether_an_address_is_known(client):
    signup.confirm(ask_at(timezone.now() - timedelta(days=1)), now=timezone.now())

    known, unknown = ask(client), ask(client, "jonas@example.org")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert known.content == unknown.content
    assert dict(known.headers) == dict(unknown.headers)


def test_an_address_on_the_list_gets_no_second_letter():
    subscriber = ask_at(NOON)
    signup.confirm(subscriber, now=NOON)

    ask_at(NOON + timedelta(days=1))

    assert jobs() == [subscriber.pk]
    # Nor does the letter that is still under way.
    tasks.send_confirmation(subscriber_id=subscriber.pk)
    assert mail.outbox == []


def test_an_address_is_written_to_once_in_a_while_however_often_it_is_typed():
    for minutes in (0, 1, 14):
        ask_at(NOON + timedelta(minutes=minutes), visitor=f"visitor {minutes}")
    assert len(jobs()) == 1

    ask_at(NOON + timedelta(minutes=15))
    assert len(jobs()) == 2


def test_another_list_is_another_consent():
    ask_at(NOON)
    signup.ask(
        "marta@example.org", Agreement("Other.", "seconds"), visitor="a", now=NOON
    )

    assert set(NewsletterSubscriber.objects.values_list("audience", "consent")) == {
        ("letter", WORDS),
        ("seconds", "Other."),
    }


def test_the_database_refuses_a_member_who_agreed_to_nothing():
    with pytest.raises(IntegrityError):
        NewsletterSubscriber.objects.create(
            email="a@example.org", created_at=NOON, confirmed_at=NOON
        )


# Limits


def test_a_visitor_causes_five_letters_an_hour(client):
    for n in range(5):
        assert ask(client, f"marta{n}@example.org").status_code == 303

    answer = ask(client, "marta5@example.org")

    assert answer.status_code == 429
    assert "Please try again in an hour" in text_of(answer)
    assert "marta5@example.org" in text_of(answer)
    assert len(jobs()) == 5


def test_after_an_hour_the_visitor_may_ask_again():
    for n in range(5):
        ask_at(NOON, f"marta{n}@example.org")
    with pytest.raises(signup.TooManyRequests):
        ask_at(NOON, "jonas@example.org")

    ask_at(NOON + timedelta(hours=1), "jonas@example.org")
    ask_at(NOON, "aiko@example.org", visitor="elsewhere")


def test_the_limit_needs_no_redis(client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }
    for n in range(5):
        ask(client, f"marta{n}@example.org")

    assert ask(client, "jonas@example.org").status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.9, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_a_visitor_is_known_by_what_trusted_proxies_saw(
    rf, settings, proxies, forwarded, seen
):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert address(rf.get("/", REMOTE_ADDR="192.0.2.1", headers=headers)) == seen


def test_no_network_address_is_kept(client):
    ask(client)

    assert "127.0.0.1" not in str(NewsletterSubscriber.objects.values().get())


# What is refused


@pytest.mark.parametrize("email", ["", "marta", "a@b", "a\0@example.org", "x" * 300])
def test_an_address_that_is_none_is_said_and_kept_on_the_page(client, email):
    answer = ask(client, email)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text_of(answer)
    assert not NewsletterSubscriber.objects.exists()


@pytest.mark.parametrize("agreed", ["", "everything", "a:b:c", "\0", "x" * 5000])
def test_words_that_the_shop_did_not_sign_are_refused(client, agreed):
    assert ask(client, agreed=agreed).status_code == 400
    assert not NewsletterSubscriber.objects.exists()


def test_another_site_cannot_ask(client):
    answer = client.post(
        reverse("home:newsletter_ask"),
        {"email": "a@example.org", "agreed": consent.signed(WORDS, "letter")},
        headers={"sec-fetch-site": "cross-site"},
    )

    assert answer.status_code == 403
    assert not NewsletterSubscriber.objects.exists()


def test_asking_is_done_by_post_alone(client):
    assert client.get(reverse("home:newsletter_ask")).status_code == 405


# Links


def confirm_path(subscriber) -> str:
    return urlsplit(links.confirm_url(subscriber)).path


def leave_path(subscriber) -> str:
    return urlsplit(links.leave_url(subscriber)).path


def test_a_link_runs_out_after_a_week(client, time_machine_at):
    subscriber = ask_at(timezone.now())
    path = confirm_path(subscriber)

    time_machine_at(timezone.now() + timedelta(days=7, minutes=1))

    assert client.post(path).status_code == 410
    assert not NewsletterSubscriber.objects.subscribed().exists()


@pytest.fixture
def time_machine_at():
    import time_machine

    travellers = []

    def travel(moment):
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    yield travel
    for traveller in travellers:
        traveller.stop()


def test_a_forged_link_opens_nothing(client):
    subscriber = ask_at(timezone.now())
    path = confirm_path(subscriber)

    assert client.post(f"{path[:-3]}xx/").status_code == 410
    # Nor does one kind of link serve as the other.
    token = leave_path(subscriber).split("/")[-2]
    swapped = reverse("home:newsletter_confirm", args=[token])
    assert client.post(swapped).status_code == 410
    assert not NewsletterSubscriber.objects.subscribed().exists()


def test_a_letter_from_before_leaving_cannot_bring_back(client):
    subscriber = ask_at(timezone.now())
    old = confirm_path(subscriber)
    client.post(old)
    client.post(leave_path(subscriber))

    assert client.post(old).status_code == 410
    assert not NewsletterSubscriber.objects.subscribed().exists()


def test_who_left_may_come_back(client):
    subscriber = ask_at(timezone.now())
    client.post(confirm_path(subscriber))
    client.post(leave_path(subscriber))

    subscriber = ask_at(timezone.now())
    client.post(confirm_path(subscriber))

    assert NewsletterSubscriber.objects.subscribed().exists()


def test_a_second_press_changes_nothing(client):
    subscriber = ask_at(timezone.now())
    for path in (confirm_path(subscriber), leave_path(subscriber)):
        client.post(path)
        before = NewsletterSubscriber.objects.values().get()
        client.post(path)
        assert NewsletterSubscriber.objects.values().get() == before


def test_leaving_an_address_that_is_gone_is_leaving(client):
    subscriber = ask_at(timezone.now())
    path = leave_path(subscriber)
    subscriber.delete()

    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 200
        assert "No more letters" in text_of(answer)


def test_a_mail_program_leaves_by_one_click(client):
    subscriber = ask_at(timezone.now())
    letter = letter_to(subscriber)
    signup.confirm(subscriber, now=timezone.now())

    header = letter.extra_headers["List-Unsubscribe"].strip("<>")
    one_click = {"List-Unsubscribe": "One-Click"}
    assert client.post(urlsplit(header).path, one_click).status_code == 200

    assert not NewsletterSubscriber.objects.subscribed().exists()


@pytest.mark.parametrize("path", [confirm_path, leave_path])
def test_pages_behind_a_letters_link_are_for_one_reader(client, path):
    answer = client.get(path(ask_at(timezone.now())))

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


def test_a_letter_that_comes_twice_is_known_by_its_id():
    subscriber = ask_at(NOON)

    first, second = letter_to(subscriber), letter_to(subscriber)

    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_the_letter_says_the_same_in_html_and_in_text():
    letter = letter_to(ask_at(NOON))
    html = letter.alternatives[0].content

    for word in ("confirm", "leave"):
        path = link_in(letter, word)
        assert path in html
    assert WORDS in letter.body and WORDS in html


# Forgetting


def test_who_never_confirmed_is_forgotten_after_a_month():
    ask_at(NOON - timedelta(days=31), "old@example.org")
    ask_at(NOON - timedelta(days=29), "new@example.org")
    signup.confirm(ask_at(NOON - timedelta(days=90), "yes@example.org"), now=NOON)

    assert signup.sweep(now=NOON) == 1

    kept = NewsletterSubscriber.objects.values_list("email", flat=True)
    assert set(kept) == {"new@example.org", "yes@example.org"}


def test_who_asks_again_after_a_month_is_not_forgotten_at_once():
    ask_at(NOON - timedelta(days=40))
    ask_at(NOON - timedelta(days=1))

    assert signup.sweep(now=NOON) == 0


def test_from_where_somebody_asked_is_forgotten_after_a_day():
    ask_at(NOON - timedelta(hours=25), "old@example.org")
    ask_at(NOON - timedelta(hours=23), "new@example.org")

    signup.sweep(now=NOON)

    kept = dict(NewsletterSubscriber.objects.values_list("email", "visitor"))
    assert kept == {"old@example.org": "", "new@example.org": "here"}


# The admin


def sign_in(client, role: Role) -> None:
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(a_colleague(role), backend=backend)


@pytest.mark.parametrize("role", [Role.PUBLISHERS, Role.ADMINISTRATORS])
def test_publishers_see_the_list_and_export_it_harmlessly(client, role):
    ask_at(NOON, "=1+1@example.org")
    sign_in(client, role)

    assert "=1+1@example.org" in client.get("/admin/newsletter/").content.decode()
    sheet = client.get("/admin/newsletter/?export=csv")
    assert b"'=1+1@example.org" in b"".join(sheet.streaming_content)


@pytest.mark.parametrize("role", [Role.EDITORS, Role.SHOP_STAFF])
def test_nobody_else_sees_an_address(client, role):
    ask_at(NOON)
    sign_in(client, role)

    answer = client.get("/admin/newsletter/")

    assert answer.status_code in (302, 403)
    assert "marta@example.org" not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "left"), [(Role.PUBLISHERS, 1), (Role.ADMINISTRATORS, 0)]
)
def test_an_administrator_erases_an_address_for_its_owner(client, role, left):
    subscriber = ask_at(NOON)
    sign_in(client, role)

    client.post(f"/admin/newsletter/delete/{subscriber.pk}/")

    assert NewsletterSubscriber.objects.count() == left


# In one transaction


@pytest.mark.django_db(transaction=True)
def test_without_a_job_no_address_is_kept(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("home.outbox.defer", fail)

    with pytest.raises(RuntimeError):
        ask_at(NOON)

    assert not NewsletterSubscriber.objects.exists()
    assert connection.in_atomic_block is False
