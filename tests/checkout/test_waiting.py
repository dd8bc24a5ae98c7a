"""The page of those who stand in line, with no script at all."""

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from checkout import admission, clicks, rush, standing, verdicts
from checkout.errors import OutOfStock
from checkout.models import CheckoutAttempt, Drop, Order
from checkout.standing import Place
from checkout.submission import new_key
from shop.models import Stock
from site_config.logs import WithoutSecrets
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import a_shop_that_delivers
from tests.checkout.test_pages import FORM, text_of
from tests.checkout.test_rush import a_crowd, a_drop, in_line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def shopper_of(*items) -> Client:
    client = Client()
    client.cookies["cart"] = a_cart(*items).token
    return client


def submit(client: Client, **changes):
    """Fetch the form and send it with the key that came with it."""
    page = text_of(client.get("/checkout/"))
    hidden = dict(re.findall(r'name="(key|expected_total)" value="([^"]*)"', page))
    return client.post("/checkout/", FORM | hidden | changes)


def test_who_orders_a_drop_gets_a_place_and_then_an_order():
    variant = a_drop(stock=5)
    in_line(variant, 2)
    client = shopper_of((variant, 1))

    response = submit(client)

    attempt = CheckoutAttempt.objects.last()
    assert (response.status_code, response.url) == (303, attempt.get_absolute_url())
    page = Client().get(response.url)
    assert "2 orders are before yours." in text_of(page)
    assert "€24.90" in text_of(page)
    [again] = re.findall(
        r'<noscript><meta http-equiv="refresh" content="(\d+)">', text_of(page)
    )
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    told = Client().get(f"{response.url}state/").json()
    assert (told["state"], told["place"]) == ("waiting", 3)
    assert told["poll_after"] == int(again) >= standing.SOONEST_S
    # Another tab finds the same place, and so does the form when it comes again.
    assert client.get("/checkout/").url == response.url
    rush.serve(variant.product_id, now=timezone.now())

    decided = client.get(response.url)
    attempt.refresh_from_db()
    assert decided.url == attempt.order.get_absolute_url()
    assert client.cookies["basket"].value == ""
    assert client.get(f"{response.url}state/").json() == {"state": "settled"}
    assert submit_again(client) == decided.url


def submit_again(client: Client) -> str:
    return client.post("/checkout/", FORM | {"expected_total": "24.90"}).url


def test_whoever_wants_a_drop_is_known_to_the_balancer_until_it_is_theirs():
    variant, other = a_drop(), a_variant(stock=5)
    client, quiet = Client(), Client()
    for who, piece in ((client, variant), (quiet, other)):
        who.post("/cart/add/", {"sku": piece.sku, "quantity": "1"})
    assert client.cookies["crowd"].value == "1" and "crowd" not in quiet.cookies

    # A line that nobody had planned.
    in_line(other, 1)
    submit(quiet)
    assert quiet.cookies["crowd"]["httponly"]
    url = submit(client).url
    rush.serve(variant.product_id, now=timezone.now())
    client.get(url)
    assert client.cookies["crowd"].value == ""


def test_a_card_is_asked_for_when_it_is_ones_turn_and_a_letter_says_so():
    variant = a_drop()
    url = submit(shopper_of((variant, 1)), payment="fake").url
    rush.serve(variant.product_id, now=timezone.now())
    order = Order.objects.get()

    assert Client().get(url).url == f"/order/{order.token}/pay/"
    for _ in range(2):
        verdicts.send_verdict(order.attempt.pk)
    [letter] = mail.outbox
    assert letter.to == [order.email]
    assert order.number in letter.subject and url in letter.body


def test_a_refusal_says_why_by_page_and_letter_and_nothing_typed_is_lost():
    variant = a_drop(stock=1)
    client = shopper_of((variant, 1))
    in_line(variant, 1)
    url = submit(client).url
    rush.serve(variant.product_id, now=timezone.now())

    page = client.get(url)

    assert page.status_code == 409
    assert "Not everything is left" in text_of(page) and "refresh" not in text_of(page)
    assert 'value="Marta Kowalska"' in text_of(client.get("/checkout/"))
    verdicts.send_verdict(CheckoutAttempt.objects.last().pk)
    [letter] = mail.outbox
    assert "Not everything is left" in letter.body


def test_what_is_gone_is_not_waited_for():
    variant = a_drop(stock=1)
    client = shopper_of((variant, 1))
    form = text_of(client.get("/checkout/"))
    hidden = dict(re.findall(r'name="(key|expected_total)" value="([^"]*)"', form))
    Stock.objects.update(reserved=1)

    response = client.post("/checkout/", FORM | hidden)

    assert response.status_code == 409
    assert 'value="Marta Kowalska"' in text_of(response)
    assert not CheckoutAttempt.objects.exists()


def test_whose_first_sending_has_the_last_piece_is_not_told_that_it_is_gone(
    monkeypatch,
):
    variant = a_drop(stock=1)
    client, late = shopper_of((variant, 1)), shopper_of((variant, 1))
    refuse_sold_out = admission.refuse_sold_out

    def after_the_first(cart):
        monkeypatch.setattr("checkout.admission.refuse_sold_out", refuse_sold_out)
        assert submit(client).status_code == 303
        rush.serve(variant.product_id, now=timezone.now())
        refuse_sold_out(cart)

    monkeypatch.setattr("checkout.admission.refuse_sold_out", after_the_first)
    second = submit(client)

    [order] = Order.objects.all()
    assert (second.status_code, second.url) == (303, order.get_absolute_url())
    assert submit(late).status_code == 409


def test_whoever_waits_is_led_to_their_place_when_pieces_seem_gone():
    variant = a_drop(stock=1)
    client = shopper_of((variant, 1))
    form = FORM | {"key": new_key(), "expected_total": "24.90"}
    place = client.post("/checkout/", form).url
    Stock.objects.filter(variant=variant).update(reserved=1)

    assert client.post("/checkout/", form).url == place


@pytest.mark.parametrize("lines", [1, 50])
def test_what_is_gone_is_found_by_one_read(lines, django_assert_num_queries):
    pieces = [a_drop(stock=1) for _ in range(lines)]
    cart = a_cart(*((piece, 1) for piece in pieces), (a_variant(stock=5), 2))
    admission.refuse_sold_out(cart)
    Stock.objects.filter(variant=pieces[-1]).update(reserved=1)

    with django_assert_num_queries(1), pytest.raises(OutOfStock) as refusal:
        admission.refuse_sold_out(cart)

    [short] = refusal.value.lines
    assert (short.sku, short.wanted, short.left) == (pieces[-1].sku, 1, 0)


def test_nobody_waits_for_what_is_to_be_refused_anyhow():
    client = shopper_of((a_drop(), 1))

    response = submit(client, expected_total="1.00")

    assert response.status_code == 409 and "€24.90" in text_of(response)
    assert not CheckoutAttempt.objects.exists()


@pytest.mark.parametrize("key", ["", "made-up-by-a-bot", "a.b" * 4])
def test_who_skips_the_form_gets_nothing(key):
    client = shopper_of((a_drop(), 1))

    response = client.post("/checkout/", FORM | {"expected_total": "24.90", "key": key})

    assert response.status_code == 409
    assert not CheckoutAttempt.objects.exists()


def test_a_full_line_says_when_to_come_again_and_keeps_what_was_typed():
    variant = a_drop(most_waiting=1)
    in_line(variant, 1)

    response = submit(shopper_of((variant, 1)))

    assert response.status_code == 429 and int(response["Retry-After"]) > 0
    assert 'value="Marta Kowalska"' in text_of(response)
    assert CheckoutAttempt.objects.count() == 1


def test_so_many_clicks_a_second_are_taken_in():
    taken_in = [clicks.admit(7, per_second=1) for _ in range(20)]

    # Two seconds' worth may come at once; the next has to wait for its second.
    assert taken_in[:2] == [True, True] and not all(taken_in)
    assert clicks.admit(8, per_second=1)


def test_who_comes_in_too_great_a_crowd_is_asked_to_come_again(monkeypatch):
    client = shopper_of((a_drop(clicks_per_second=3), 1))
    monkeypatch.setattr(clicks, "admit", lambda product_id, per_second: False)

    response = submit(client)

    assert (response.status_code, response["Retry-After"]) == (429, "2")
    assert not CheckoutAttempt.objects.exists()


def test_without_redis_every_click_is_taken_in(monkeypatch):
    def gone(alias):
        raise clicks.ConnectionInterrupted(connection=None)

    monkeypatch.setattr(clicks, "get_redis_connection", gone)

    assert all(clicks.admit(1, per_second=1) for _ in range(9))


@pytest.mark.parametrize("token", ["nope", "x" * 300, "%00", "é"])
def test_a_place_that_is_not_there_is_not_found(token):
    assert Client().get(f"/checkout/waiting/{token}/").status_code == 404
    assert Client().get(f"/checkout/waiting/{token}/state/").status_code == 404


def test_the_link_of_a_place_is_in_no_log():
    url = in_line(a_drop(), 1)[0].get_absolute_url()
    record = logging.LogRecord("web", logging.INFO, "", 0, "GET %s", (url,), None)

    WithoutSecrets().filter(record)

    assert url.split("/")[-2] not in record.getMessage()


def test_the_estimate_is_what_the_last_minute_says():
    variant = a_drop(stock=50)
    attempts = in_line(variant, 4)
    CheckoutAttempt.objects.filter(pk=attempts[0].pk).update(
        state="refused", reason="sold_out", decided_at=NOON
    )

    # One was decided in the last minute, so three more take three.
    place = standing.of(attempts[3], now=NOON + timedelta(seconds=30))
    assert (place.number, place.wait_s) == (3, 180)
    assert place.estimate == "That is about 3 minutes, as things go now."
    assert place.poll_after_s == standing.LATEST_S
    Drop.objects.update(is_paused=True)
    assert "paused" in standing.of(attempts[3], now=NOON).estimate


@pytest.mark.parametrize(
    ("wait_s", "poll_after_s"), [(None, 15), (1, 2), (20, 5), (3600, 15)]
)
def test_who_is_further_back_asks_more_rarely(wait_s, poll_after_s):
    assert Place(9, wait_s, is_paused=False).poll_after_s == poll_after_s


def test_a_place_takes_as_many_queries_behind_one_as_behind_50(
    django_assert_num_queries,
):
    variant = a_drop(stock=99)
    [first] = in_line(variant, 1)
    others = a_crowd(variant, 50)
    for attempt in (first, others[-1]):
        with django_assert_num_queries(1):
            standing.of(attempt, now=NOON)
