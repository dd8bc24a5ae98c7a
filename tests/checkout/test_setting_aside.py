"""A fault of ours holds a line up for a moment, and nobody but its own buyer."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client

from checkout import rush, serving, setting_aside, verdicts, writing
from checkout.models import Drop
from shop.models import Stock
from tests.builders import NOON, a_cart
from tests.checkout.ordering import a_shop_that_delivers, stand_in_line
from tests.checkout.test_pages import text_of
from tests.checkout.test_rush import a_drop, buyer, in_line, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


@pytest.fixture
def faulty(monkeypatch) -> set[int]:
    """Keys of carts that no order can be made of, as long as they are in it."""
    carts: set[int] = set()
    write = writing.write

    def fail(agreed, *, now):
        if carts & {one.cart.pk for one in agreed}:
            raise ValueError("marta@example.org has a strange address")
        return write(agreed, now=now)

    monkeypatch.setattr(writing, "write", fail)
    return carts


def test_an_attempt_that_fails_again_and_again_is_set_aside(faulty, mailoutbox, caplog):
    variant = a_drop(stock=9)
    attempts = in_line(variant, 5)
    faulty.add(attempts[2].cart_id)

    states = []
    for _n in range(setting_aside.MOST_TRIES):
        states.append(outcomes(attempts))
        serving.serve_line(variant.product_id)

    # Those before it are served at once; it is tried again, and nobody passes it.
    waits = ["settled"] * 2 + ["waiting"] * 3
    assert states == [["waiting"] * 5, waits, waits]
    aside = attempts[2]
    assert outcomes(attempts) == ["settled"] * 2 + ["set_aside"] + ["settled"] * 2
    assert (aside.tries, aside.fault) == (3, "ValueError in fail")
    assert Stock.objects.get(variant=variant).reserved == 4

    verdicts.send_verdict(aside.pk)
    assert "not your fault" in mailoutbox[0].body
    page = Client().get(aside.get_absolute_url())
    assert page.status_code == 409 and "not your fault" in text_of(page)
    # Whoever watches is told which, and nothing about whom.
    told = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert told[-1] == f"Attempt {aside.pk} is set aside: ValueError in fail."
    assert "marta" not in caplog.text


def test_control_without_setting_aside_nobody_behind_it_is_ever_served(faulty):
    variant = a_drop(stock=9)
    attempts = in_line(variant, 3)
    faulty.add(attempts[0].cart_id)

    for _n in range(setting_aside.MOST_TRIES + 1):
        with pytest.raises(ValueError, match="strange"):
            rush.serve(variant.product_id, now=NOON)

    assert outcomes(attempts) == ["waiting"] * 3


def test_a_fault_that_passes_costs_nobody_their_place(faulty):
    variant = a_drop(stock=9)
    attempts = in_line(variant, 2)
    faulty.add(attempts[0].cart_id)
    with pytest.raises(setting_aside.StandsStill):
        setting_aside.serve(variant.product_id, now=NOON)

    faulty.clear()

    assert setting_aside.serve(variant.product_id, now=NOON) == 2
    assert outcomes(attempts) == ["settled"] * 2


def test_a_database_that_is_gone_is_nobodys_fault(monkeypatch):
    variant = a_drop()
    attempts = in_line(variant, 1)

    def gone(*args, **kwargs):
        raise OperationalError("connection lost")

    monkeypatch.setattr(writing, "write", gone)
    for _n in range(setting_aside.MOST_TRIES + 1):
        with pytest.raises(OperationalError):
            setting_aside.serve(variant.product_id, now=NOON)

    assert outcomes(attempts) == ["waiting"] and attempts[0].tries == 0


def test_a_fault_in_the_other_line_of_a_cart_is_left_to_that_line(faulty):
    one, other = a_drop(), a_drop()
    [first] = in_line(other, 1)
    both = stand_in_line(a_cart((one, 1), (other, 1)), address=buyer(7))
    faulty.add(first.cart_id)

    with pytest.raises(setting_aside.StandsStill):
        setting_aside.serve(one.product_id, now=NOON)
    assert outcomes([first, both]) == ["waiting", "waiting"]
    assert first.tries == both.tries == 0

    for _n in range(setting_aside.MOST_TRIES):
        serving.serve_line(other.product_id)
    assert outcomes([first, both]) == ["set_aside", "settled"]
    assert Drop.objects.count() == 2
