"""Signing up, logging in, forgetting a password: by letter, and without telling anybody
who has an account."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model, hashers
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from home.accounts import letters
from tests.builders import a_colleague
from tests.home.accounts.coming_in import (
    PASSWORD,
    a_shopper,
    link_in,
    log_in,
    post_letters,
    sign_up,
)

pytestmark = pytest.mark.django_db
User = get_user_model()
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def seen(answer) -> tuple:
    """All that a stranger can tell of an answer, but for the form's random token."""
    return answer.status_code, answer.get("Location"), TOKEN.sub("", text(answer))


def text(answer) -> str:
    return answer.content.decode()


def test_from_nothing_to_an_account_with_a_plain_client(client):
    answer = sign_up(client, "Marta@Example.org")
    assert answer.url == "/account/confirm-email/"
    assert log_in(Client()).url == "/account/confirm-email/"

    letter, *_ = post_letters()
    assert letter.to == ["marta@example.org"]
    confirm = link_in(letter, "confirm-email/")
    page = client.get(confirm)
    assert page.status_code == 200 and not EmailAddress.objects.get().verified
    assert "no-store" in page["Cache-Control"]

    assert client.post(confirm).url == "/account/"
    assert EmailAddress.objects.get().verified
    assert "marta@example.org" in text(client.get("/account/"))
    assert client.post("/account/logout/").url == "/"
    assert client.get("/account/").url.startswith("/account/login/")
    assert log_in(client).url == "/account/"


def test_a_new_password_by_letter(client):
    user = a_shopper()
    client.post("/account/password/reset/", {"email": user.email})
    [letter] = post_letters()

    form = client.get(link_in(letter, "password/reset/key/"))
    new = {"password1": "another-kiln-9", "password2": "another-kiln-9"}
    client.post(form.url, new)

    assert [letter.subject for letter in post_letters()][-1:] == [
        "Your password was set anew"
    ]
    assert log_in(client).status_code == 422
    assert log_in(client, password="another-kiln-9").url == "/account/"


def test_a_used_link_sets_no_second_password(client):
    user = a_shopper()
    client.post("/account/password/reset/", {"email": user.email})
    [letter] = post_letters()
    user.set_password("changed-meanwhile-1")
    user.save()

    page = client.get(link_in(letter, "password/reset/key/"))

    assert page.status_code == 200 and "password1" not in text(page)


@pytest.mark.parametrize("path", ["signup", "password/reset"])
def test_nobody_learns_who_has_an_account(path):
    a_shopper("known@example.org")

    def ask(email):
        client = Client()
        client.get(f"/account/{path}/")
        posted = {"email": email, "password1": PASSWORD}
        answer = client.post(f"/account/{path}/", posted)
        return seen(answer), seen(client.get(answer.url))

    known, unknown = ask("known@example.org"), ask("novel@example.org")

    assert str(known).replace("known@", "novel@") == str(unknown)
    assert {letter.to[0] for letter in post_letters()} == {
        "known@example.org",
        "novel@example.org",
    }


def test_a_wrong_password_and_an_unknown_address_read_the_same(client):
    a_shopper("known@example.org")

    known = log_in(Client(), "known@example.org", "wrong")
    unknown = log_in(Client(), "novel@example.org", "wrong")

    assert known.status_code == unknown.status_code == 422
    assert seen(known)[2].replace("known@", "novel@") == seen(unknown)[2]
    assert "novel@example.org" in text(unknown)  # What was typed is not lost.


def test_known_and_unknown_addresses_cost_the_same_work(monkeypatch):
    """Of all that either does, hashing alone takes long: it is counted, not timed."""
    a_shopper("known@example.org")
    hashed = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self, *args, **more):
        hashed.append(1)
        return encode(self, *args, **more)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)

    def work(ask) -> int:
        hashed.clear()
        ask()
        return len(hashed)

    for deed in (
        lambda email: sign_up(Client(), email),
        lambda email: log_in(Client(), email, "wrong"),
        lambda email: Client().post("/account/password/reset/", {"email": email}),
    ):
        known = work(lambda deed=deed: deed("known@example.org"))
        unknown = work(lambda deed=deed: deed(f"n{time.time_ns()}@example.org"))
        assert known == unknown


def test_a_job_holds_no_link_and_a_letter_that_is_late_asks_nothing(client):
    sign_up(client)
    [job] = ProcrastinateJob.objects.filter(task_name__startswith="home.send_account")
    address = EmailAddress.objects.get()
    assert job.args == {"address_id": address.pk}

    EmailAddress.objects.update(verified=True)
    assert post_letters() == []
    letters.send_confirmation(address_id=0)
    letters.send_reset(user_id=0, email="gone@example.org")
    assert post_letters() == []


def test_every_notice_can_be_written():
    for kind in letters.NOTICES:
        letters.send_notice(kind=kind, email="marta@example.org")


def test_the_ninth_wrong_password_is_refused_and_so_is_the_right_one_then(client):
    """Counted in the database, so that Redis may be gone."""
    a_shopper()
    answers = []
    for n in range(9):
        cache.clear()
        answers.append(log_in(client, password=f"wrong-{n}").status_code)

    assert answers[:7] == [422] * 7 and answers[-1] == 429
    cache.clear()
    late = log_in(client)
    assert late.status_code == 429 and "<h1" in text(late)


def test_people_get_in_while_redis_is_gone(client, monkeypatch):
    a_shopper()
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache.add", lambda *a, **k: 0)

    assert log_in(client).url == "/account/"


def test_staff_go_to_the_admin_by_user_name_and_need_no_letter(client):
    a_colleague("Editors", "sofia")

    first = client.get("/admin/")
    answer = client.post(first.url, {"login": "sofia", "password": "secret"})

    assert answer.url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/").url == "/account/login/"
    assert client.get("/admin/password_reset/").status_code == 404


def test_a_shopper_who_types_a_staff_address_gets_no_account(client):
    a_colleague("Editors", "sofia")

    sign_up(client, "sofia@example.com")

    assert User.objects.count() == 1
    assert [letter.subject for letter in post_letters()] == [
        "You have an account here already"
    ]
