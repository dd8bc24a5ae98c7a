"""What is answered while the database is away. That it really was: tests/faults."""

import psycopg
import pytest
from django.core.cache import cache
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test import Client

import shop.views
from checkout import cart as carts
from checkout.orders import settle
from home import goods, outbox
from site_config import outage
from site_config.kept_page import Shelf

pytestmark = pytest.mark.django_db
LOST = psycopg.OperationalError("server closed the connection unexpectedly")
TOO_LATE = psycopg.errors.QueryCanceled("statement timeout")


@pytest.fixture
def shopper(monkeypatch):
    # However busy the machine.
    monkeypatch.setattr(outage, "AGAIN_WITHIN_S", 60)
    return Client(raise_request_exception=False)


class Failing:
    """In place of a function: fails so many times, then does what it did before."""

    def __init__(self, times: int, cause: Exception, function=None):
        self.times, self.cause, self.function = times, cause, function
        self.calls = 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        if self.calls <= self.times:
            raise OperationalError("away") from self.cause
        return self.function(*args, **kwargs)


def fail(monkeypatch, place, name: str, times=99, cause: Exception = LOST) -> Failing:
    failing = Failing(times, cause, getattr(place, name))
    monkeypatch.setattr(place, name, failing)
    return failing


def test_a_page_says_so_and_when_to_come_again(shopper, monkeypatch):
    fail(monkeypatch, carts, "find")

    answer = shopper.get("/cart/?a=1&b=2")

    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Cache-Control"] == "no-store"
    assert "catching its breath" in page and 'href="/cart/?a=1&amp;b=2"' in page
    assert 'href="/static/vitrine.css"' in page and "<script" not in page


def test_a_program_is_told_in_json(rf):
    answer = outage.answer(rf.get("/api/anything"), OperationalError())

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/json")
    assert b"try again" in answer.content


def test_what_was_typed_is_sent_again_at_the_press_of_a_button(shopper, monkeypatch):
    fail(monkeypatch, carts, "add")

    answer = shopper.post("/cart/add/", {"sku": 'a"b', "quantity": ["2", "3"]})

    page = answer.content.decode()
    assert answer.status_code == 503
    assert '<form method="post" action="/cart/add/">' in page
    assert 'name="sku" value="a&quot;b"' in page
    assert page.count('name="quantity"') == 2


@pytest.mark.parametrize(
    ("path", "typed"),
    [("/cart/add/", {"sku": "x", "password": "p"}), ("/admin/login/", {"sku": "x"})],
)
def test_passwords_and_the_admins_forms_are_not_repeated(path, typed, rf):
    answer = outage.answer(rf.post(path, typed), OperationalError())

    assert b"<form" not in answer.content


def test_what_another_site_sent_is_not_repeated(rf):
    headers = {"Origin": "https://elsewhere.example"}
    request = rf.post("/cart/add/", {"sku": "x"}, headers=headers)

    assert b"<form" not in outage.answer(request, OperationalError()).content


def test_a_read_that_lost_its_connection_is_read_once_more(shopper, monkeypatch):
    finding = fail(monkeypatch, carts, "find", times=1)

    assert shopper.get("/cart/").status_code == 200
    assert finding.calls == 2


def test_once_more_and_no_more(shopper, monkeypatch):
    finding = fail(monkeypatch, carts, "find")

    assert shopper.get("/cart/").status_code == 503
    assert finding.calls == 2


def test_what_was_too_slow_is_not_asked_again(shopper, monkeypatch):
    slow = fail(monkeypatch, carts, "find", cause=TOO_LATE)
    assert shopper.get("/cart/").status_code == 503
    assert slow.calls == 1

    # Nor what took long to be lost: two waits would be one too many.
    monkeypatch.setattr(outage, "AGAIN_WITHIN_S", -1)
    lost = fail(monkeypatch, carts, "find")
    assert shopper.get("/cart/").status_code == 503
    assert lost.calls == 1


def test_a_post_that_would_count_twice_is_not_repeated(shopper, monkeypatch):
    adding = fail(monkeypatch, carts, "add", times=1)

    assert shopper.post("/cart/add/", {"sku": "x"}).status_code == 503
    assert adding.calls == 1


def test_the_checkout_form_may_come_twice_and_is_repeated(shopper, monkeypatch):
    finding = fail(monkeypatch, carts, "find_any", times=1)

    answer = shopper.post("/checkout/", {"key": "a-key-of-this-form"})

    assert (answer.status_code, finding.calls) == (303, 2)


def test_a_job_that_cannot_be_written_fails_like_any_other_row():
    """Procrastinate has words of its own for it, which nobody here would know."""
    with pytest.raises(ProgrammingError) as failure, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE procrastinate_jobs RENAME TO elsewhere")
        outbox.defer(settle, order_id=1)

    assert isinstance(failure.value.__cause__, psycopg.errors.UndefinedTable)


def test_an_outage_does_not_make_a_kept_page_forgotten(shopper, monkeypatch, rf):
    """One of many who want it again makes it then, as ever."""
    assert shopper.get("/shop/").status_code == 200
    cache.set(goods.POINTER, 1)
    fail(monkeypatch, shop.views, "Listing", cause=TOO_LATE)

    assert shopper.get("/shop/").status_code == 503

    assert Shelf(rf.get("/shop/")).look().was_kept


def test_our_own_faults_stay_500(shopper, monkeypatch):
    def broken(*args):
        raise ValueError

    monkeypatch.setattr(carts, "find", broken)

    assert shopper.get("/cart/").status_code == 500
