"""Second factors: an app's codes, codes on paper; and where one is logged in."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client, override_settings

from home.accounts.adapter import SecondFactorAdapter
from tests.home.accounts.coming_in import (
    PASSWORD,
    a_shopper,
    log_in,
    post_letters,
    prove,
)

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def inside(client):
    a_shopper()
    log_in(client)
    return client


def add_app(client) -> str:
    """An authenticator app; returns its secret."""
    prove(client)
    page = text(client.get("/account/2fa/totp/activate/"))
    secret = re.search(r'id="authenticator_secret"[^>]* value="([A-Z0-9]+)"', page)[1]
    client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


def test_an_app_a_code_on_paper_and_no_way_round_them(
    inside, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        secret = add_app(inside)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept and SecondFactorAdapter().decrypt(kept) == secret
    assert "An authenticator app was added" in [x.subject for x in post_letters()]

    other = Client()
    assert log_in(other).url == "/account/2fa/authenticate/"
    assert other.get("/account/").url.startswith("/account/login/")
    wrong = other.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 422

    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    answer = other.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert answer.url == "/account/"
    again = Client()
    log_in(again)
    used = again.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert used.status_code == 422


def test_a_secret_outlives_a_change_of_the_secret_key(settings):
    sealed = SecondFactorAdapter().encrypt("JBSWY3DP")

    old = settings.SECRET_KEY
    with override_settings(SECRET_KEY="new" * 20, SECRET_KEY_FALLBACKS=[old]):
        assert SecondFactorAdapter().decrypt(sealed) == "JBSWY3DP"


def test_other_sessions_are_seen_and_ended(inside):
    other = Client(HTTP_USER_AGENT="Another browser")
    log_in(other)
    assert "Another browser" in text(inside.get("/account/sessions/"))

    inside.post("/account/sessions/")

    assert other.get("/account/").status_code == 302
    assert inside.get("/account/").status_code == 200
    assert UserSession.objects.count() == 1


def test_pages_of_an_account_wear_the_shops_look_and_are_kept_nowhere(inside):
    prove(inside)
    for page in (
        "",
        "email/",
        "password/change/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "sessions/",
        "data/",
        "orders/",
        "addresses/",
        "logout/",
    ):
        answer = inside.get(f"/account/{page}")
        assert answer.status_code == 200, page
        assert "site-footer" in text(answer) and text(answer).count("<h1") == 1, page
        assert "no-store" in answer["Cache-Control"], page
        assert answer["X-Robots-Tag"] == "noindex", page
    outside = Client()
    for page in ("login", "signup", "password/reset", "password/reset/done"):
        answer = outside.get(f"/account/{page}/")
        assert answer.status_code == 200 and "site-footer" in text(answer), page


def test_nobody_changes_a_factor_at_a_window_left_open(inside):
    asked = inside.get("/account/2fa/totp/activate/")
    assert asked.url.startswith("/account/reauthenticate/")

    wrong = inside.post(asked.url, {"password": "wrong"})
    assert wrong.status_code == 422
    answer = inside.post(asked.url, {"password": PASSWORD})
    assert answer.url == "/account/2fa/totp/activate/"
