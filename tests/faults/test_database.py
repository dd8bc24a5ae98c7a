"""PostgreSQL behind a wire that can be cut. Times are told against the limits set in
``shop`` (a second for a connection, a second for a statement) and what a healthy answer
takes in the same run."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import psycopg
import pytest
from django.db import connections

from checkout import admission, finalization, views
from checkout.models import Cart, CartItem, CheckoutAttempt, Order
from site_config import databases, outage
from tests.builders import a_cart, a_product, a_variant
from tests.checkout.ordering import a_shop_that_delivers, assert_invariants
from tests.checkout.test_pages import FORM
from tests.faults.proxy import Proxy
from tests.faults.repeats import times
from tests.faults.shop import Answer, Shop, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_S, STATEMENT_S, ALLOWED_S = 1, 1, 0.5
HEALTHY_WITHIN_S = 5


@pytest.fixture(autouse=True)
def _shop(transactional_db):
    a_shop_that_delivers()
    yield
    assert_invariants()


@pytest.fixture
def opened(wire):
    """Opens the shop, with something about it changed; closes it in the end."""
    shops = []

    def open_shop(changed=lambda: None) -> Shop:
        shops.append(Shop(wire.port, changed))
        return shops[-1]

    yield open_shop
    for shop in shops:
        shop.stop()


def with_cart(shop: Shop, stock=1) -> Visitor:
    return shop.visitor(cart=a_cart((a_variant(price="5.00", stock=stock), 1)).token)


def order_form(visitor: Visitor) -> dict:
    return FORM | visitor.get("/checkout/").hidden


def seconds_of_a_page(visitor: Visitor) -> float:
    return max(visitor.get("/cart/").seconds for _ in range(3))


def assert_says_when_to_come_again(answer: Answer) -> None:
    assert (answer.status, answer.headers.get("Retry-After")) == (503, "5")
    assert "catching its breath" in answer.text


# Gone, and back


def test_while_it_is_down_a_page_says_so_and_soon_after_all_is_well(wire, opened):
    visitor = with_cart(opened())
    healthy_s = seconds_of_a_page(visitor)
    form = order_form(visitor)

    wire.keep_out()
    lost = visitor.get("/cart/")
    read = visitor.get("/cart/")
    written = visitor.post("/checkout/", form)
    assert_says_when_to_come_again(read)
    assert_says_when_to_come_again(written)
    assert lost.status == 503
    for answer in (read, written):
        assert answer.seconds < WAIT_S + ALLOWED_S + 10 * healthy_s
    assert form.items() <= written.hidden.items(), "nothing is typed twice"
    assert visitor.get("/healthz").status == 200
    assert visitor.get("/readyz").status == 503

    wire.let_in()
    began = time.monotonic()
    while visitor.get("/cart/").status != 200:
        assert time.monotonic() < began + HEALTHY_WITHIN_S + 10 * healthy_s
    assert visitor.post("/checkout/", written.hidden).status == 303
    assert Order.objects.count() == 1


def test_control_without_the_page_for_it_a_shopper_sees_a_bare_error(wire, opened):
    def without_the_page():
        outage.current = lambda: None

    visitor = with_cart(opened(without_the_page))

    wire.keep_out()

    assert visitor.get("/cart/").status == 500


@pytest.mark.parametrize("way", ["cut", "close_slowly"])
def test_after_a_restart_dead_connections_are_noticed_before_they_are_used(
    wire, opened, way
):
    visitor = with_cart(opened(), stock=5)
    sku = CartItem.objects.get().variant.sku
    visitor.get("/cart/")

    getattr(wire, way)()

    # What is not repeated must not have met a dead connection in the first place.
    assert visitor.post("/cart/add/", {"sku": sku}).status == 303
    assert CartItem.objects.get().quantity == 2


def without_health_checks() -> None:
    connections.settings["default"]["CONN_HEALTH_CHECKS"] = False


def with_time_for_a_second_try() -> None:
    """However busy the machine."""
    outage.AGAIN_WITHIN_S = 60


def without_second_tries() -> None:
    outage.AGAIN_WITHIN_S = -1


def test_control_unchecked_a_dead_connection_is_handed_out(wire, opened):
    visitor = with_cart(opened(without_health_checks), stock=5)
    sku = CartItem.objects.get().variant.sku
    visitor.get("/cart/")

    wire.cut()

    assert visitor.post("/cart/add/", {"sku": sku}).status == 503


# Lost on the way


def test_a_read_that_is_cut_is_read_again(wire, opened):
    visitor = with_cart(opened(with_time_for_a_second_try))

    wire.lose(b"checkout_cartitem")

    assert visitor.get("/cart/").status == 200


def test_control_without_a_second_try_a_read_that_is_cut_fails(wire, opened):
    visitor = with_cart(opened(without_second_tries))

    wire.lose(b"checkout_cartitem")

    assert visitor.get("/cart/").status == 503


@pytest.mark.parametrize("lost", ["lose", "lose_answer_to"])
def test_an_order_whose_commit_is_cut_is_placed_once_and_shown(wire, opened, lost):
    """Whether the database heard of the COMMIT, the shop cannot know."""
    visitor = with_cart(opened(with_time_for_a_second_try))
    form = order_form(visitor)

    getattr(wire, lost)(b"COMMIT")
    answer = visitor.post("/checkout/", form)

    order = Order.objects.get()
    assert (answer.status, answer.headers["Location"]) == (
        303,
        f"/order/{order.token}/",
    )


def test_control_without_a_second_try_the_shopper_has_to_send_it_again(wire, opened):
    visitor = with_cart(opened(without_second_tries))
    form = order_form(visitor)

    wire.lose_answer_to(b"COMMIT")
    answer = visitor.post("/checkout/", form)

    assert_says_when_to_come_again(answer)
    order = Order.objects.get()
    again = visitor.post("/checkout/", answer.hidden)
    assert again.headers["Location"] == f"/order/{order.token}/"


def test_control_who_looks_for_no_first_order_finds_the_last_piece_sold_out(
    wire, opened
):
    """To the shopper who has it."""

    def without_looking():
        with_time_for_a_second_try()
        for room in (views, finalization):
            room.placed_before = lambda cart, submission: None

    visitor = with_cart(opened(without_looking))
    form = order_form(visitor)

    wire.lose_answer_to(b"COMMIT")

    assert visitor.post("/checkout/", form).status == 409
    assert Order.objects.count() == 1


def test_what_would_count_twice_is_left_to_the_shopper(wire, opened):
    visitor = with_cart(opened(), stock=5)
    sku = CartItem.objects.get().variant.sku

    wire.lose_answer_to(b"COMMIT")

    assert_says_when_to_come_again(visitor.post("/cart/add/", {"sku": sku}))
    assert CartItem.objects.get().quantity == 2, "added once, although nobody heard"


def test_cut_every_fifth_of_a_second_everyone_gets_one_order(wire, opened):
    shop, shoppers = opened(), times(3, 100)
    visitors = [with_cart(shop) for _ in range(shoppers)]
    is_over = threading.Event()

    def keep_cutting():
        while not is_over.wait(0.2):
            wire.cut()

    def buy(visitor: Visitor) -> set[int]:
        seen = set()
        form: dict = {}
        while 303 not in seen:
            answer = (
                visitor.post("/checkout/", form) if form else visitor.get("/checkout/")
            )
            seen.add(answer.status)
            form = form or (FORM | answer.hidden if answer.status == 200 else {})
        return seen

    cutting = threading.Thread(target=keep_cutting)
    cutting.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            seen = set().union(*pool.map(buy, visitors))
    finally:
        is_over.set()
        cutting.join()

    assert seen <= {200, 303, 503}
    assert Order.objects.count() == Cart.objects.count() == shoppers


# Slow, and silent


def test_a_slow_wire_changes_nothing_but_the_time(wire, opened):
    visitor = with_cart(opened())
    wire.delay_s = 0.002

    assert visitor.post("/checkout/", order_form(visitor)).status == 303


def fall_silent(wire: Proxy, visitor: Visitor) -> float:
    healthy_s = seconds_of_a_page(visitor)
    wire.may_speak.clear()
    return healthy_s


def test_a_database_that_falls_silent_is_not_waited_for(wire, opened):
    visitor = with_cart(opened())
    healthy_s = fall_silent(wire, visitor)

    answer = visitor.get("/cart/")

    assert_says_when_to_come_again(answer)
    # The connection, found silent, and no other to be had.
    assert answer.seconds < WAIT_S + STATEMENT_S + ALLOWED_S + 10 * healthy_s


def test_control_without_the_bound_there_is_no_answer(wire, opened):
    def without_bounds():
        databases.bounded = lambda limit_s: nullcontext()

    visitor = with_cart(opened(without_bounds))
    fall_silent(wire, visitor)

    with pytest.raises(TimeoutError):
        visitor.get("/cart/", timeout_s=WAIT_S + STATEMENT_S + ALLOWED_S)


def test_while_somebody_keeps_a_row_an_order_stands_in_line_with_all_that_was_typed(
    opened,
):
    visitor = with_cart(opened())
    form = order_form(visitor)

    with psycopg.connect(os.environ["DATABASE_URL"]) as somebody:
        somebody.execute("SELECT FROM shop_stock FOR UPDATE")
        answer = visitor.post("/checkout/", form)

    waiting = CheckoutAttempt.objects.get()
    assert answer.status == 303 and waiting.token in answer.headers["Location"]
    assert waiting.asked["name"] == "Marta Kowalska"
    assert not Order.objects.exists()


def test_control_without_a_limit_an_order_waits_as_long_as_somebody_keeps_the_row(
    opened,
):
    def without_limits():
        admission.PATIENCE = None
        databases.bounded = lambda limit_s: nullcontext()
        connections.settings["default"]["OPTIONS"]["options"] = ""

    visitor = with_cart(opened(without_limits))
    form = order_form(visitor)

    with psycopg.connect(os.environ["DATABASE_URL"]) as somebody:
        somebody.execute("SELECT FROM shop_stock FOR UPDATE")
        with pytest.raises(TimeoutError):
            visitor.post("/checkout/", form, timeout_s=WAIT_S + STATEMENT_S + ALLOWED_S)


def test_kept_pages_are_shown_while_the_database_is_down(wire, opened):
    product = a_product()
    visitor = opened().visitor()
    assert visitor.get(product.get_absolute_url()).status == 200

    wire.keep_out()

    assert visitor.get(product.get_absolute_url()).status == 200
