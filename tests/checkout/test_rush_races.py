"""Many buyers and several workers at once, each guard with a control that lacks it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction

from checkout import places, rush
from checkout.admission import order_or_wait
from checkout.errors import CartBusy
from checkout.invariants import violations
from checkout.models import Cart, CheckoutAttempt, Drop, Order
from shop.models import Stock
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    own_connection,
    stand_in_line,
    wanted_for,
)
from tests.checkout.test_rush import a_drop, buyer, in_line, outcomes
from tests.faults.repeats import FULL, at_once
from tests.many import many_carts

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = at_once(12, 40)


@pytest.fixture(autouse=True)
def _shop(transactional_db):
    a_shop_that_delivers()


@contextmanager
def workers(count: int, product_ids):
    """So many workers that serve these lines all the time, until nobody waits."""
    is_over = threading.Event()

    @own_connection()
    def work():
        while not is_over.is_set() or rush.open_lines():
            for product_id in product_ids:
                decided = 0
                with suppress(rush.BeingServed, CartBusy):
                    decided = rush.serve(product_id, now=NOON)
                if not decided:
                    # Leave the machine to those who decide, and to those who will wait.
                    is_over.wait(0.005)

    with ThreadPoolExecutor(count) as pool:
        served = [pool.submit(work) for _ in range(count)]
        yield
        is_over.set()
        for one in served:
            one.result(timeout=120)


def buyers_come(carts: list[Cart]) -> None:
    all_at_once(
        lambda n: stand_in_line(carts[n], address=buyer(n)),
        range(len(carts)),
        places=PLACES,
    )


def test_40_buyers_three_workers_and_pieces_go_by_place():
    variant = a_drop(stock=10)
    carts = many_carts(40, (variant, 1))

    with workers(3, [variant.product_id]):
        buyers_come(carts)

    states = CheckoutAttempt.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["settled"] * 10 + ["refused"] * 30
    assert Stock.objects.get(variant=variant).available == 0
    assert_invariants()


def test_40_carts_over_three_busy_products_are_served_whole_or_not_at_all():
    busy = [a_drop(stock=30) for _ in range(3)]
    plain = a_variant(stock=99)
    there = [(variant, 1) for variant in [*busy, plain]]
    back = [(variant, 1) for variant in [*reversed(busy), plain]]
    pairs = zip(many_carts(20, *there), many_carts(20, *back), strict=True)
    carts = [*chain.from_iterable(pairs)]

    with workers(3, [variant.product_id for variant in busy]):
        buyers_come(carts)

    settled = CheckoutAttempt.objects.filter(state="settled")
    assert (settled.count(), Order.objects.count()) == (30, 30)
    assert all(order.lines.count() == 4 for order in Order.objects.all())
    assert_invariants()


def in_a_thread(deed):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(own_connection()(deed)).result(timeout=60)


def serve_briefly(variant):
    """As a second worker does, which may not wait long for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    return rush.serve(variant.product_id, now=NOON)


def test_a_second_worker_leaves_a_line_alone_and_serves_another():
    variant, other = a_drop(), a_drop()
    in_line(variant, 1), in_line(other, 1)

    with transaction.atomic():
        rush._claim(variant.product_id)
        with pytest.raises(rush.BeingServed):
            in_a_thread(lambda: serve_briefly(variant))
        assert in_a_thread(lambda: serve_briefly(other)) == 1


def test_a_cart_in_two_lines_waits_for_the_worker_of_the_other_line():
    lower, higher = sorted((a_drop(), a_drop()), key=lambda v: v.product_id)
    [first] = in_line(higher, 1)
    both = stand_in_line(a_cart((lower, 1), (higher, 1)), address=buyer(7))
    [last] = in_line(higher, 1)

    with transaction.atomic():
        rush._claim(lower.product_id)
        assert in_a_thread(lambda: serve_briefly(higher)) == 1
        with pytest.raises(rush.BeingServed):
            in_a_thread(lambda: serve_briefly(higher))
    assert outcomes([first, both, last]) == ["settled", "waiting", "waiting"]

    assert in_a_thread(lambda: serve_briefly(higher)) == 2
    assert outcomes([both, last]) == ["settled", "settled"]


def test_control_without_the_claim_a_second_worker_is_stuck_behind_the_first(
    unclaimed,
):
    variant = a_drop()
    [attempt] = in_line(variant, 1)

    with transaction.atomic():
        # The first worker, in the middle of its batch.
        type(attempt.cart).objects.lock_all([attempt.cart_id])
        with pytest.raises(CartBusy):
            in_a_thread(lambda: serve_briefly(variant))


@pytest.fixture
def unclaimed(monkeypatch):
    """Nobody asks whether another has claimed a line."""
    monkeypatch.setattr(rush, "_claim", lambda product_id, **how: True)


def two_workers_who_have_seen_one_line(variant, monkeypatch) -> None:
    """Both look at it before either locks anything."""
    both, look = threading.Barrier(2), rush._oldest

    def look_together(product_id):
        seen = look(product_id)
        both.wait(timeout=30)
        return seen

    @own_connection()
    def serve(_worker):
        try:
            rush.serve(variant.product_id, now=NOON)
        except rush.BeingServed:
            # The other is alone then.
            both.abort()

    monkeypatch.setattr(rush, "_oldest", look_together)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(serve, range(2)))


def told_and_sold(attempts) -> tuple[list[str], int]:
    return outcomes(attempts), Order.objects.count()


def test_control_without_the_claim_the_carts_still_keep_a_line_from_being_sold_twice(
    monkeypatch, unclaimed
):
    variant = a_drop(stock=2)
    attempts = in_line(variant, 4)

    two_workers_who_have_seen_one_line(variant, monkeypatch)

    assert told_and_sold(attempts) == (["settled"] * 2 + ["sold_out"] * 2, 2)


def test_control_without_claim_and_carts_who_has_bought_is_told_that_all_is_sold(
    monkeypatch, unclaimed
):
    variant = a_drop(stock=2)
    attempts = in_line(variant, 4)
    carts = type(Cart.objects)
    monkeypatch.setattr(carts, "lock_all", lambda self, pks: self.in_bulk(pks))

    two_workers_who_have_seen_one_line(variant, monkeypatch)

    assert told_and_sold(attempts) == (["sold_out"] * 4, 2)


def each_claims_a_line_and_wants_the_others(lines) -> list[str]:
    """Two workers, a line each, and in both lines the first is one cart. What becomes
    of it, in the order of the lines."""
    both = threading.Barrier(2)

    @own_connection()
    def serve(product_id):
        try:
            with transaction.atomic():
                rush._claim(product_id)
                both.wait(timeout=30)
                return f"{len(rush._oldest(product_id))} seen"
        except rush.BeingServed:
            return "left to the other"
        except OperationalError as error:
            return type(error.__cause__).__name__

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(serve, lines))


@pytest.fixture
def crossed():
    """The keys of two lines in their order, with one cart that waits in both."""
    variants = a_drop(), a_drop()
    stand_in_line(a_cart(*((variant, 1) for variant in variants)), address=buyer(1))
    return sorted(variant.product_id for variant in variants)


def test_of_two_workers_who_want_each_others_line_one_goes_on(crossed):
    assert each_claims_a_line_and_wants_the_others(crossed) == [
        "1 seen",
        "left to the other",
    ]


def test_control_with_claims_in_any_order_they_lock_each_other_out(
    crossed, monkeypatch
):
    claim = rush._claim
    monkeypatch.setattr(
        rush, "_claim", lambda product_id, **how: claim(product_id, is_patient=True)
    )

    assert "DeadlockDetected" in each_claims_a_line_and_wants_the_others(crossed)


def a_slow_click_and_a_quick_one(variant) -> list[str]:
    """The first takes its place and has not committed; the second comes and goes; a
    worker begins. What becomes of both, by their places."""
    carts = [a_cart((variant, 1)) for _ in range(2)]
    has_place, may_commit = threading.Event(), threading.Event()
    taken = places.take

    def take(cart, *args, **kwargs):
        attempt = taken(cart, *args, **kwargs)
        if cart.pk == carts[0].pk:
            has_place.set()
            may_commit.wait(timeout=30)
        return attempt

    places.take = take
    try:
        with ThreadPoolExecutor(2) as pool:
            run = own_connection()(lambda deed: deed())
            slow = pool.submit(run, lambda: stand_in_line(carts[0], address=buyer(0)))
            has_place.wait(timeout=30)
            stand_in_line(carts[1], address=buyer(1))
            serving = pool.submit(run, lambda: rush.serve(variant.product_id, now=NOON))
            _until_it_waits_or_is_done(serving)
            may_commit.set()
            slow.result(timeout=30), serving.result(timeout=30)
    finally:
        places.take = taken
    rush.serve(variant.product_id, now=NOON)
    return outcomes(CheckoutAttempt.objects.order_by("pk"))


def _until_it_waits_or_is_done(serving) -> None:
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _ in range(2000):
        with connection.cursor() as cursor:
            cursor.execute(waits)
            if serving.done() or cursor.fetchone()[0]:
                return
    raise AssertionError("The worker neither waits nor is done.")


def test_an_older_place_that_is_not_committed_yet_is_waited_for():
    assert a_slow_click_and_a_quick_one(a_drop(stock=1)) == ["settled", "sold_out"]


def test_control_without_the_gate_the_last_piece_goes_to_a_later_click(monkeypatch):
    monkeypatch.setattr(places, "close_gates", lambda product_ids: None)

    assert a_slow_click_and_a_quick_one(a_drop(stock=1)) == ["sold_out", "settled"]


def test_the_invariants_know_an_order_that_is_not_what_was_agreed_to():
    variant = a_drop()
    in_line(variant, 1)
    rush.serve(variant.product_id, now=NOON)
    assert_invariants()

    CheckoutAttempt.objects.update(expected_total=1)

    assert {rule.code for rule, _words in violations()} == {"I6"}


@pytest.fixture
def patient(monkeypatch) -> dict:
    """How this database is connected to, with no end to a wait for a lock, and by a
    name that nobody else has."""
    options = connections.settings["default"]["OPTIONS"]
    monkeypatch.setitem(options, "application_name", "buyers")
    monkeypatch.setitem(options, "options", "-c lock_timeout=0 -c statement_timeout=0")
    connection.close()
    yield options
    connection.close()


@contextmanager
def a_pool(most: int, options: dict):
    """All threads share so many connections."""
    options["pool"] = {"min_size": 0, "max_size": most, "timeout": 120}
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        del options["pool"]


def held_by_submits(buyers: int, expected: int) -> int:
    """All press at one moment, and none can go on, for the gate of the line is closed
    until so many wait there. The connections that were taken then."""
    variant = a_variant(stock=999)
    in_line(variant, 1)
    carts = [a_cart((variant, 1)) for _ in range(buyers)]
    wanted = [wanted_for(cart, address=buyer(n)) for n, cart in enumerate(carts)]
    connection.close()
    at = connection.settings_dict
    watch = psycopg.connect(
        host=at["HOST"],
        port=at["PORT"],
        user=at["USER"],
        password=at["PASSWORD"],
        dbname=at["NAME"],
        autocommit=True,
    )

    def submit(n):
        try:
            return order_or_wait(carts[n], wanted[n], now=NOON)
        finally:
            connections.close_all()

    with watch, ThreadPoolExecutor(buyers) as pool:
        gate = places.GATE.replace("xact_lock_shared", "{}lock")
        watch.execute(gate.format(""), [[variant.product_id]])
        pressed = [pool.submit(submit, n) for n in range(buyers)]
        waiting = held = 0
        while waiting < expected and not any(one.done() for one in pressed):
            waiting, held = watch.execute(HELD, [at["NAME"]]).fetchone()
        watch.execute(gate.format("un"), [[variant.product_id]])
        assert all(one.result(timeout=120).is_waiting for one in pressed)
    return held


HELD = """
SELECT count(*) FILTER (WHERE wait_event = 'advisory'), count(*)
FROM pg_stat_activity WHERE datname = %s AND application_name = 'buyers'
"""
SUBMITS, POOL = (500 if FULL else 24), 10


def test_many_submits_hold_as_many_connections_as_the_pool_has(patient):
    with a_pool(POOL, patient):
        assert held_by_submits(SUBMITS, expected=POOL) == POOL

        assert CheckoutAttempt.objects.waiting().count() == SUBMITS + 1


def test_control_without_a_pool_every_submit_holds_one(patient):
    assert held_by_submits(24, expected=24) == 24


def test_who_finds_a_row_busy_waits_in_line_and_not_in_the_database():
    variant = a_variant(stock=5)
    cart = a_cart((variant, 1))
    wanted = wanted_for(cart)

    with transaction.atomic():
        Stock.objects.lock(variant_id=variant.pk)
        attempt = in_a_thread(lambda: order_or_wait(cart, wanted, now=NOON))

    assert attempt.is_waiting and not Drop.objects.exists()
    rush.serve(variant.product_id, now=NOON)
    assert outcomes([attempt]) == ["settled"]
    assert_invariants()
