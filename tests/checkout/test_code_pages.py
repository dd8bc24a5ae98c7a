"""The field for codes: in the basket and in the checkout form, without script."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkout import guessing, redeeming
from checkout.models import Cart, CodeTry, Order
from tests.builders import NOON, a_promotion, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    work_off_jobs,
)
from tests.checkout.test_pages import FORM, text_of, with_cart

pytestmark = pytest.mark.django_db
# What workers and threads have to see, and where each statement is counted.
commits = pytest.mark.django_db(transaction=True)
REFUSED = "This code takes nothing off this basket."


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()
    yield
    assert_invariants()


def with_50() -> Client:
    return with_cart((a_variant(price="50.00", stock=9), 1))


def apply(client: Client, code: str):
    return client.post("/cart/code/", {"code": code})


@commits
def test_from_the_basket_to_the_letter_the_discount_is_the_same():
    a_promotion()
    client = with_50()

    assert apply(client, " glaze10 ").url == "/cart/"
    for path in ("/cart/", "/checkout/"):
        page = text_of(client.get(path))
        assert "Code GLAZE10" in page
        assert "−€5.00" in page
        assert "€49.90" in page
    placed = client.post("/checkout/", FORM | {"expected_total": "49.90"})
    work_off_jobs()

    page = text_of(client.get(placed.url))
    letter = mail.outbox[0]
    for words in (page, letter.body, letter.alternatives[0].content):
        assert "Code GLAZE10" in words
        assert "−€5.00" in words
        assert "€49.90" in words


def test_a_code_is_taken_out_again():
    a_promotion()
    client = with_50()
    apply(client, "GLAZE10")

    client.post("/cart/code/", {"drop": "1", "code": ""})

    assert "GLAZE10" not in text_of(client.get("/cart/"))


STATEMENTS = 21
REASONS = {
    "nobody made it": None,
    "it does not look like one": None,
    "it has not begun": {"starts_at": timezone.now() + timedelta(days=1)},
    "it is over": {"ends_at": timezone.now() - timedelta(days=1)},
    "it is switched off": {"is_active": False},
    "it is used up": {"most_uses": 0},
    "the basket is too small": {"least_total": 80},
}


@commits
@pytest.mark.parametrize("why", REASONS)
def test_every_refusal_has_the_same_words_status_and_statements(why):
    values = REASONS[why]
    if values is not None:
        a_promotion(**values)
    typed = "?" if why == "it does not look like one" else "GLAZE10"
    client = with_50()
    apply(client, "WARM-UP")

    with CaptureQueriesContext(connection) as asked:
        refusal = apply(client, typed)

    page = text_of(refusal).replace(f'value="{typed}"', "")
    assert refusal.status_code == 422
    assert REFUSED in page
    assert typed == "?" or typed not in page
    # As many as for a code that nobody made.
    assert len(asked) == STATEMENTS


def test_a_code_that_counted_and_no_longer_does_says_why():
    promotion = a_promotion()
    client = with_50()
    apply(client, "GLAZE10")
    promotion.is_active = False
    promotion.save()

    page = text_of(client.get("/cart/"))

    assert "GLAZE10 is no longer offered." in page
    assert "GLAZE10 takes nothing off" in page
    assert "€54.90" in page


def test_in_the_checkout_form_a_code_keeps_everything_typed():
    a_promotion()
    client = with_50()
    typed = FORM | {"code": "glaze10", "update": "code", "city": "Porto"}

    page = client.post("/checkout/", typed)

    assert page.status_code == 200
    assert 'value="Porto"' in text_of(page)
    assert "Code GLAZE10" in text_of(page)
    assert not Order.objects.exists()


def test_a_refused_code_in_the_checkout_form_is_in_the_error_summary():
    client = with_50()

    page = client.post("/checkout/", FORM | {"code": "NOPE10", "update": "code"})

    assert page.status_code == 422
    assert 'href="#code"' in text_of(page)
    assert f'value="{FORM["name"]}"' in text_of(page)


def test_a_code_typed_and_not_applied_is_shown_before_anything_is_ordered():
    a_promotion()
    client = with_50()

    page = client.post(
        "/checkout/", FORM | {"code": "GLAZE10", "expected_total": "54.90"}
    )

    assert page.status_code == 409
    assert "€49.90" in text_of(page)
    assert not Order.objects.exists()


def test_a_code_that_is_used_up_meanwhile_is_a_page_that_says_so():
    promotion = a_promotion()
    client = with_50()
    apply(client, "GLAZE10")
    promotion.most_uses = 0
    promotion.save()

    page = client.post("/checkout/", FORM | {"expected_total": "49.90"})

    assert page.status_code == 409
    assert "GLAZE10 has been used as often as there was of it." in text_of(page)
    assert "€54.90 instead of €49.90" in text_of(page)
    again = client.post("/checkout/", FORM | {"expected_total": "54.90"})
    assert again.status_code == 303


def test_once_per_customer_is_told_by_the_address_in_the_form():
    a_promotion(once_per_customer=True)
    first, second = with_50(), with_50()
    for client in (first, second):
        apply(client, "GLAZE10")
    first.post("/checkout/", FORM | {"expected_total": "49.90"})

    page = second.post("/checkout/", FORM | {"expected_total": "49.90"})

    assert page.status_code == 409
    assert "GLAZE10 counts for one order per customer." in text_of(page)


# Guessing


def as_if_refused_again(times: int) -> None:
    """So often more what has been noted of one refused code."""
    noted = CodeTry.objects.values_list("guesser", "tried_at")
    CodeTry.objects.bulk_create(
        CodeTry(guesser=guesser, tried_at=tried_at)
        for guesser, tried_at in list(noted) * times
    )


def test_after_20_refusals_in_an_hour_no_more_are_looked_at(time_machine):
    time_machine.move_to(NOON)
    a_promotion()
    client = with_50()
    assert apply(client, "GUESS1").status_code == 422
    as_if_refused_again(18)
    assert apply(client, "GUESS20").status_code == 422

    refusal = apply(client, "GLAZE10")

    assert refusal.status_code == 429
    assert "try again in an hour" in text_of(refusal)
    time_machine.shift(timedelta(minutes=61))
    assert apply(client, "GLAZE10").status_code == 303


def test_a_new_basket_in_the_same_network_starts_no_new_count():
    apply(with_50(), "GUESS1")
    as_if_refused_again(19)

    assert apply(with_50(), "GUESS21").status_code == 429


def test_a_basket_that_changes_networks_starts_no_new_count(settings):
    settings.TRUSTED_PROXIES = 1
    client = with_50()
    elsewhere = {"X-Forwarded-For": "192.0.2.1"}
    client.post("/cart/code/", {"code": "GUESS1"}, headers=elsewhere)
    as_if_refused_again(19)

    assert apply(client, "GUESS21").status_code == 429


def test_guesses_are_counted_without_redis(settings):
    nobody = {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": settings.CACHES["default"] | nobody}
    client = with_50()
    assert apply(client, "GUESS1").status_code == 422
    as_if_refused_again(19)

    assert apply(client, "GUESS21").status_code == 429


def test_codes_that_count_are_no_guesses():
    a_promotion()
    client = with_50()
    for _ in range(2):
        assert apply(client, "GLAZE10").status_code == 303

    assert not CodeTry.objects.exists()


def guess_all_at_once() -> int:
    """How many of 40 guesses at the same moment are looked at."""
    with_50()
    token, now = Cart.objects.get().token, timezone.now()

    def guess(n):
        redeeming.redeem(token, f"GUESS{n}", network="here", now=now)

    outcomes = all_at_once(guess, range(40), places=20)
    return [type(one).__name__ for one in outcomes].count("CodeRefused")


@commits
def test_40_guesses_at_the_same_moment_are_20():
    assert guess_all_at_once() == 20


@commits
def test_without_a_turn_for_each_they_are_more(monkeypatch):
    """The control."""
    admit = guessing.admit

    def admit_without_waiting(asking, *, now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM checkout_codetry")
            if cursor.fetchone()[0] >= 2 * guessing.MOST_PER_HOUR:
                admit(asking, now=now)

    monkeypatch.setattr(guessing, "admit", admit_without_waiting)
    monkeypatch.setattr("checkout.cart.lock_open", lambda token: Cart.objects.get())

    assert guess_all_at_once() > 20


def test_refused_codes_are_forgotten_after_a_day():
    now = timezone.now()
    guessing.note(["net:old"], now=now - timedelta(hours=25))
    guessing.note(["net:new"], now=now)

    guessing.forget(now=now)

    assert [one.guesser for one in CodeTry.objects.all()] == ["net:new"]


def test_no_network_address_is_kept():
    apply(with_50(), "GUESS1")

    assert not any("127" in one.guesser[:8] for one in CodeTry.objects.all())


def test_strange_codes_are_refused_like_any_other():
    client = with_50()

    for code in ["\0", "x" * 5000, "' OR 1=1 --", "<b>", "😀", "%s"]:
        assert apply(client, code).status_code in (303, 422), code


def test_without_a_basket_a_code_leads_to_the_empty_one():
    assert apply(Client(), "GLAZE10").status_code == 422
