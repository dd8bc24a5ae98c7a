"""The line before a busy product, and how it is served: each rule on one connection."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout import (
    coupons,
    deciding,
    places,
    pricing,
    rush,
    serving,
    verdicts,
    writing,
)
from checkout.errors import LineAhead, LineFull
from checkout.models import Cart, CheckoutAttempt, Drop, Order, Redemption
from shop import inventory
from shop.models import SalePrice, Stock, Variant
from shop.prices import change_price
from tests.builders import NOON, a_cart, a_promotion, a_variant
from tests.checkout.ordering import (
    MARTA,
    a_shop_that_delivers,
    place,
    stand_in_line,
    wanted_for,
)
from tests.many import many_carts

pytestmark = pytest.mark.django_db
State, Reason = CheckoutAttempt.State, CheckoutAttempt.Reason


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def a_drop(stock=10, **more) -> Variant:
    variant = a_variant(stock=stock, price="20.00")
    Drop.objects.create(product=variant.product, **more)
    return variant


def buyer(n: int):
    return replace(MARTA, email=f"buyer{n}@example.org")


def in_line(variant, buyers: int, **more) -> list[CheckoutAttempt]:
    return [
        stand_in_line(a_cart((variant, 1)), address=buyer(n), **more)
        for n in range(buyers)
    ]


def serve(variant, **more) -> int:
    return rush.serve(variant.product_id, now=NOON + timedelta(seconds=9), **more)


def outcomes(attempts) -> list[str]:
    for attempt in attempts:
        attempt.refresh_from_db()
    return [attempt.reason or attempt.state for attempt in attempts]


def test_pieces_go_in_the_order_of_places_and_the_rest_are_refused():
    variant = a_drop(stock=3)
    attempts = in_line(variant, 5)

    assert serve(variant) == 5

    assert outcomes(attempts) == ["settled"] * 3 + ["sold_out"] * 2
    placed = list(Order.objects.order_by("pk"))
    assert [attempt.order for attempt in attempts[:3]] == placed
    assert [order.email for order in placed] == [buyer(n).email for n in range(3)]
    assert attempts[3].said[0].startswith("Not everything is left")
    assert attempts[0].asked == {} and attempts[3].asked["email"] == buyer(3).email
    assert Stock.objects.get(variant=variant).available == 0
    assert serve(variant) == 0


def test_an_order_from_the_line_is_the_order_that_would_have_been_placed():
    promotion = a_promotion(most_uses=5)
    variant, other = a_drop(stock=9), a_variant(price="11.00")
    items = [(variant, 2), (other, 3)]
    waits = stand_in_line(a_cart(*items, code="GLAZE10"), key="a-form-key")
    serve(variant)
    Drop.objects.all().delete()
    at_once = place(a_cart(*items, code="GLAZE10"))

    waits.refresh_from_db()
    unlike = {"id", "cart_id", "number", "token", "principal", "placed_at"}
    unlike |= {"hold_expires_at", "form_key", "form_digest", "_state"}

    def of(row, *more) -> dict:
        return {k: v for k, v in vars(row).items() if k not in unlike | set(more)}

    assert of(waits.order) == of(at_once)
    lines = zip(waits.order.lines.all(), at_once.lines.all(), strict=True)
    assert all(of(a, "order_id") == of(b, "order_id") for a, b in lines)
    assert waits.order.form_key == "a-form-key"
    assert promotion.count_uses() == 2


def test_each_pays_what_a_sale_made_of_it_at_the_click():
    variant = a_drop()
    an_hour, later = timedelta(hours=1), timedelta(seconds=4)
    SalePrice.objects.create(
        variant=variant, price=12, starts_at=NOON - an_hour, ends_at=NOON + later
    )
    in_time = stand_in_line(a_cart((variant, 1)), address=buyer(0))
    too_late = stand_in_line(a_cart((variant, 1)), address=buyer(1), now=NOON + later)

    serve(variant)

    assert outcomes([in_time, too_late]) == ["settled", "settled"]
    paid = [one.order.lines.get().unit_price for one in (in_time, too_late)]
    assert paid == [Decimal("12.00"), Decimal("20.00")]


def a_crowd(variant, buyers: int, code="") -> list[CheckoutAttempt]:
    """Many in line, written as ``join`` writes one."""
    product_ids = [variant.product_id]
    carts = many_carts(buyers, (variant, 1), code=code)
    wanted = wanted_for(carts[0])
    return [
        places.take(
            cart, replace(wanted, address=buyer(cart.pk)), product_ids, now=NOON
        )
        for cart in carts
    ]


def test_a_batch_takes_as_many_statements_for_50_as_for_one():
    a_promotion(most_uses=200, once_per_customer=True)
    variant = a_drop(stock=60, most_per_customer=2)
    taken = []
    for buyers in (1, 50):
        a_crowd(variant, buyers, code="GLAZE10")
        with CaptureQueriesContext(connection) as captured:
            assert serve(variant) == buyers
        taken.append(len(captured))

    assert taken[0] == taken[1] <= 40
    assert set(CheckoutAttempt.objects.values_list("state", flat=True)) == {"settled"}


def test_who_wants_the_same_is_priced_once(monkeypatch):
    quote, priced = pricing.quote, []

    def counted(pieces, **terms):
        priced.append(pieces)
        return quote(pieces, **terms)

    variant = a_drop(stock=20)
    a_crowd(variant, 6)
    stand_in_line(a_cart((variant, 2)), address=buyer(1))
    dearer = stand_in_line(
        a_cart((variant, 2)), address=buyer(2), expected_total=Decimal("1.00")
    )
    monkeypatch.setattr(pricing, "quote", counted)

    serve(variant)

    # One piece, and two; whatever total each had agreed to.
    assert len(priced) == 2
    assert outcomes([dearer]) == ["total_changed"]
    totals = [order.total for order in Order.objects.order_by("pk")]
    assert totals == [Decimal("24.90")] * 6 + [Decimal("44.90")]


def test_one_bad_attempt_is_refused_alone():
    a_promotion("ONCE", most_uses=1)
    variant, gone = a_drop(stock=9, most_per_customer=2), a_variant(price="5.00")
    carts = [
        a_cart((variant, 1), code="ONCE"),
        a_cart((variant, 1), code="ONCE"),
        a_cart((variant, 1), (gone, 1)),
        a_cart((variant, 3)),
        a_cart((variant, 1)),
        a_cart((variant, 1)),
        a_cart((variant, 1)),
    ]
    attempts = [stand_in_line(cart, address=buyer(n)) for n, cart in enumerate(carts)]
    stand_in_line(
        a_cart((variant, 1)), address=buyer(9), expected_total=Decimal("1.00")
    )
    Variant.objects.filter(pk=gone.pk).update(is_active=False)
    Cart.objects.filter(pk=carts[4].pk).update(version=7)
    carts[5].items.all().delete()

    serve(variant)

    expected = ["settled", "coupon", "withdrawn", "over_the_cap", "cart_changed"]
    assert outcomes(attempts) == [*expected, "cart_changed", "settled"]
    assert CheckoutAttempt.objects.last().reason == Reason.TOTAL_CHANGED
    assert Order.objects.count() == 2 and Redemption.objects.count() == 1


def test_the_total_is_the_one_agreed_to_at_the_click():
    a_promotion(None, value="50", ends_at=NOON + timedelta(seconds=1))
    variant = a_drop()
    [kept] = in_line(variant, 1)

    serve(variant)

    assert outcomes([kept]) == ["settled"]
    assert kept.order.total == kept.expected_total == Decimal("14.90")

    [dearer] = in_line(variant, 1, expected_total=Decimal("24.90"), now=NOON)
    change_price(variant.pk, Decimal("99.00"), now=NOON)
    serve(variant)
    assert outcomes([dearer]) == ["total_changed"]


def test_whoever_comes_while_others_wait_joins_them():
    variant = a_variant(stock=2)
    in_line(variant, 1)

    with pytest.raises(LineAhead):
        place(a_cart((variant, 1)))

    serve(variant)
    assert place(a_cart((variant, 1))).total


def test_a_cart_has_one_place_from_whichever_tab_it_comes():
    variant = a_drop()
    cart = a_cart((variant, 1))
    first = stand_in_line(cart, key="one-tab-of-it")

    assert stand_in_line(cart, key="another-tab-of-it") == first

    moved = stand_in_line(cart, address=buyer(2))
    assert moved.pk > first.pk
    assert outcomes([first, moved]) == ["cart_changed", "waiting"]
    serve(variant)
    assert stand_in_line(cart, address=buyer(2)) == Order.objects.get()


def test_the_cap_counts_all_orders_and_holds_of_a_customer():
    variant = a_variant(stock=20)
    place(a_cart((variant, 1)), address=replace(MARTA, email="An.Na+1@gmail.com"))
    Drop.objects.create(product=variant.product, most_per_customer=2)
    emails = ["anna+2@gmail.com", "ANNA@googlemail.com", "bo@example.org"]
    attempts = [
        stand_in_line(a_cart((variant, 1)), address=replace(MARTA, email=email))
        for email in emails
    ]

    serve(variant)

    # An order by the same address, written another way, was never in a line.
    assert outcomes(attempts) == ["settled", "settled", "settled"]
    again = stand_in_line(
        a_cart((variant, 1)), address=replace(MARTA, email="an.na@gmail.com")
    )
    serve(variant)
    assert outcomes([again]) == ["over_the_cap"]
    assert "at most 2" in again.said[1]


def test_the_line_is_only_so_long():
    variant = a_drop(most_waiting=2)
    in_line(variant, 2)

    with pytest.raises(LineFull) as refusal:
        in_line(variant, 1)

    assert refusal.value.retry_after_s > 0


def test_a_line_that_is_given_up_before_its_carts_are_locked_is_served_to_its_end(
    monkeypatch,
):
    variant = a_drop()
    attempts, seen = in_line(variant, 2), []
    look = rush._oldest

    def look_and_be_left(product_id):
        seen.extend(batch := look(product_id))
        CheckoutAttempt.objects.update(
            state="refused", reason="cart_changed", decided_at=NOON
        )
        return batch

    monkeypatch.setattr(rush, "_oldest", look_and_be_left)

    assert serve(variant) == len(seen) == 2
    assert outcomes(attempts) == ["cart_changed"] * 2
    assert not Order.objects.exists()


def test_a_paused_drop_keeps_places_and_lets_others_pass():
    paused, open_one = a_drop(is_paused=True), a_drop()
    both = stand_in_line(a_cart((paused, 1), (open_one, 1)))
    [other] = in_line(open_one, 1)

    assert serve(paused) == 0
    assert rush.open_lines() == [open_one.product_id]
    serve(open_one)
    assert outcomes([both, other]) == ["waiting", "settled"]

    Drop.objects.update(is_paused=False)
    serve(paused)
    assert outcomes([both]) == ["settled"]


def test_lines_that_share_a_cart_are_served_in_the_order_of_places():
    one, other = a_drop(stock=1), a_drop(stock=9)
    [first] = in_line(other, 1)
    both = stand_in_line(a_cart((other, 1), (one, 1)), address=buyer(5))
    [last] = in_line(one, 1)

    assert serve(one) == 3

    assert outcomes([first, both, last]) == ["settled", "settled", "sold_out"]


@pytest.mark.parametrize(
    ("room", "deed"),
    [
        (deciding, "review_each"),
        (writing, "write"),
        (inventory, "reserve"),
        (coupons, "write_held"),
        (verdicts, "defer"),
    ],
)
def test_a_batch_that_dies_anywhere_leaves_everyone_waiting(monkeypatch, room, deed):
    variant = a_drop()
    attempts = in_line(variant, 3)
    done = getattr(room, deed)

    def die(*args, **kwargs):
        done(*args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(room, deed, die)
        with pytest.raises(KeyboardInterrupt):
            serve(variant)
    assert outcomes(attempts) == ["waiting"] * 3
    assert not Order.objects.exists()
    assert not Stock.objects.filter(reserved__gt=0).exists()

    serve(variant)
    assert outcomes(attempts) == ["settled"] * 3


def test_a_line_has_one_job_that_is_written_with_its_first_place():
    variant = a_drop()
    in_line(variant, 3)

    [job] = ProcrastinateJob.objects.filter(task_name=serving.serve_line.name)

    assert job.args == {"product_id": variant.product_id}


def test_a_line_that_another_worker_serves_is_looked_at_again(monkeypatch):
    variant = a_drop()
    in_line(variant, 1)
    ProcrastinateJob.objects.all()._raw_delete("default")

    def is_taken(product_id, now):
        raise rush.BeingServed

    monkeypatch.setattr(rush, "serve", is_taken)
    serving.serve_line(variant.product_id)

    [job] = ProcrastinateJob.objects.filter(task_name="checkout.serve_line")
    assert job.scheduled_at is not None


def test_a_line_that_nobody_serves_is_found():
    variant = a_drop()
    in_line(variant, 1)
    ProcrastinateJob.objects.all()._raw_delete("default")

    serving.serve_lines(0)

    assert ProcrastinateJob.objects.filter(task_name="checkout.serve_line").exists()


def test_what_was_asked_for_in_vain_is_forgotten_and_orders_are_kept():
    variant = a_drop(stock=1)
    in_line(variant, 3)
    serve(variant)
    in_line(variant, 1)

    places.forget(now=NOON + places.KEPT)
    assert CheckoutAttempt.objects.count() == 4
    places.forget(now=NOON + places.KEPT + timedelta(minutes=1))
    states = CheckoutAttempt.objects.values_list("state", flat=True)
    assert sorted(states) == ["settled", "waiting"]


def test_a_form_sent_from_two_carts_of_one_account_is_one_order(django_user_model):
    variant = a_drop()
    lena = django_user_model.objects.create(username="lena")
    for _ in range(2):
        cart = a_cart((variant, 1))
        Cart.objects.filter(pk=cart.pk).update(customer=lena)
        stand_in_line(Cart.objects.get(pk=cart.pk), key="the-same-form")
        serve(variant)

    assert Order.objects.count() == 1
    assert wanted_for(cart).expected_total == Order.objects.get().total
