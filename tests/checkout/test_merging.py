"""Carts meet at log-in: nothing lost, nothing doubled, whoever else logs in too."""

import re
import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from checkout import cart as carts
from checkout import merging
from checkout.errors import CartBusy, EmptyCart
from checkout.merging import merge_carts
from checkout.models import Cart, CartItem, CartMerge, Order, SavedItem
from checkout.rules.carts import RULES
from tests.builders import NOON, a_cart, a_promotion, a_variant
from tests.checkout.ordering import (
    MARTA,
    a_shop_that_delivers,
    all_at_once,
    place,
    stand_in_line,
)
from tests.home.accounts import coming_in
from tests.home.accounts.coming_in import a_shopper
from tests.many import many_variants

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta(django_user_model):
    return django_user_model.objects.create(username="marta")


def account_cart(user, *items, **more) -> Cart:
    cart = a_cart(*items, **more)
    Cart.objects.filter(pk=cart.pk).update(customer=user)
    cart.refresh_from_db()
    return cart


def lay_aside(cart, variant, quantity) -> None:
    SavedItem.objects.create(
        cart=cart,
        variant=variant,
        quantity=quantity,
        title="Laid aside",
        price_seen=1,
        saved_at=NOON,
    )


def held(lines) -> dict:
    return dict(lines.values_list("variant", "quantity"))


def broken() -> list[str]:
    """What breaks I8."""
    with connection.cursor() as cursor:
        found = []
        for rule in RULES:
            cursor.execute(rule.query)
            found += [sentence for (sentence,) in cursor.fetchall()]
    return found


# The rule


def test_of_each_piece_the_greater_number_counts_and_not_the_sum(marta):
    more_here, more_there, here, there, gone = (a_variant() for _ in range(5))
    own = account_cart(marta, (more_here, 1), (more_there, 6), (there, 2))
    guest = a_cart((more_here, 4), (more_there, 3), (here, 1), (gone, 1))
    CartItem.objects.filter(variant=gone).update(variant=None)

    merge_carts(guest.token, marta.pk, now=NOON)

    assert held(own.items) == {
        more_here.pk: 4,
        more_there.pk: 6,
        here.pk: 1,
        there.pk: 2,
        None: 1,
    }
    assert broken() == []


def test_what_is_saved_for_later_meets_in_its_own_list(marta):
    bowl, cup = a_variant(), a_variant()
    own, guest = account_cart(marta, (cup, 1)), a_cart((bowl, 1))
    lay_aside(own, bowl, 2)
    lay_aside(guest, bowl, 5)
    lay_aside(guest, cup, 3)

    merge_carts(guest.token, marta.pk, now=NOON)

    assert held(own.items) == {cup.pk: 1, bowl.pk: 1}
    assert held(own.saved) == {bowl.pk: 5, cup.pk: 3}
    assert broken() == []


def test_what_no_line_is_left_for_is_saved_and_not_lost(marta, monkeypatch):
    monkeypatch.setattr(carts, "MOST_LINES", 2)
    one, two, three = a_variant(), a_variant(), a_variant()
    own, guest = account_cart(marta, (one, 1)), a_cart((two, 2), (three, 3), (one, 9))
    lay_aside(guest, three, 1)

    merge_carts(guest.token, marta.pk, now=NOON)

    assert held(own.items) == {one.pk: 9, two.pk: 2}
    assert held(own.saved) == {three.pk: 3}
    assert broken() == []


@pytest.mark.parametrize(
    ("here", "there", "kept", "left"),
    [
        ("GLAZE10", "", "GLAZE10", ""),
        ("", "KILN5", "KILN5", ""),
        ("GLAZE10", "KILN5", "GLAZE10", "KILN5"),
        ("GLAZE10", "GLAZE10", "GLAZE10", ""),
    ],
)
def test_the_code_that_was_typed_last_counts(marta, here, there, kept, left):
    own = account_cart(marta, (a_variant(), 1), code=there)
    guest = a_cart((a_variant(), 1), code=here)

    merge = merge_carts(guest.token, marta.pk, now=NOON)

    own.refresh_from_db()
    assert (own.coupon_code, merge.code_left) == (kept, left)


def test_the_price_that_was_shown_last_is_the_one_that_a_change_is_told_from(marta):
    bowl = a_variant(price="40")
    own, guest = account_cart(marta, (bowl, 1)), a_cart((bowl, 1))
    own.items.update(price_seen=50)

    merge_carts(guest.token, marta.pk, now=NOON)

    assert own.items.get().price_seen == 40


def test_an_account_without_a_cart_gets_one_under_a_name_of_its_own(marta):
    guest = a_cart((a_variant(), 2))

    merge = merge_carts(guest.token, marta.pk, now=NOON)

    own = Cart.objects.open().get(customer=marta)
    assert merge.into == own and own.token != guest.token
    assert carts.find(guest.token) is carts.find_any(guest.token) is None
    assert own.items.get().quantity == 2 and broken() == []


def test_a_second_time_and_what_is_no_guests_open_cart_change_nothing(marta):
    bowl = a_variant()
    own, guest = account_cart(marta, (bowl, 1)), a_cart((bowl, 3))
    ordered = a_cart((bowl, 7))
    Cart.objects.filter(pk=ordered.pk).update(converted_at=NOON)
    merge_carts(guest.token, marta.pk, now=NOON)
    carts.change(own.token, {own.items.get().pk: carts.Wish("2")}, now=NOON)

    for token in (guest.token, own.token, ordered.token, "", "x" * 32, "\0"):
        assert merge_carts(token, marta.pk, now=NOON) is None

    assert held(own.items) == {bowl.pk: 2}
    assert CartMerge.objects.count() == 1 and broken() == []


@pytest.mark.parametrize("n", [1, 50])
def test_a_great_cart_is_merged_in_as_many_statements_as_a_small_one(
    marta, n, django_assert_max_num_queries
):
    variants = many_variants(n)
    account_cart(marta, *((variant, 1) for variant in variants))
    guest = a_cart(*((variant, 2) for variant in variants), (a_variant(), 1))
    lay_aside(guest, variants[0], 1)

    with django_assert_max_num_queries(24):
        merge_carts(guest.token, marta.pk, now=NOON)


# The invariant has teeth


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE checkout_cartitem SET quantity = quantity + 1 WHERE cart_id = %(own)s",
        "DELETE FROM checkout_cartitem WHERE cart_id = %(own)s",
        "DELETE FROM checkout_cartmerge",
        "UPDATE checkout_cartmerge SET lines = '[]'",
        "UPDATE checkout_cartmerge SET lines = lines || lines",
        "UPDATE checkout_cartmerge SET lines = jsonb_set(lines, '{0,5}', '9')",
    ],
)
def test_what_is_lost_or_doubled_is_found(marta, damage):
    bowl = a_variant()
    own, guest = account_cart(marta, (bowl, 1)), a_cart((bowl, 3))
    merge_carts(guest.token, marta.pk, now=NOON)
    assert broken() == []

    with connection.cursor() as cursor:
        cursor.execute(damage, {"own": own.pk})

    assert broken()


# Races


def two_guests(user, bowl) -> list[Cart]:
    account_cart(user, (bowl, 1))
    return [a_cart((bowl, 5)), a_cart((bowl, 3))]


@pytest.mark.django_db(transaction=True)
def test_log_ins_at_the_same_moment_lose_and_double_nothing(marta):
    bowl = a_variant()
    guests = two_guests(marta, bowl)

    answers = all_at_once(
        lambda cart: merge_carts(cart.token, marta.pk, now=NOON), guests * 3
    )

    assert not [one for one in answers if isinstance(one, Exception)]
    assert sum(one is not None for one in answers) == 2
    own = Cart.objects.open().get(customer=marta)
    assert held(own.items) == {bowl.pk: 5} and broken() == []


@pytest.mark.django_db(transaction=True)
def test_first_log_ins_on_two_devices_make_one_cart(marta):
    bowl, cup = a_variant(), a_variant()
    guests = [a_cart((bowl, 2)), a_cart((cup, 1))]

    all_at_once(lambda cart: merge_carts(cart.token, marta.pk, now=NOON), guests)

    own = Cart.objects.open().get(customer=marta)
    assert held(own.items) == {bowl.pk: 2, cup.pk: 1} and broken() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_a_piece_is_lost(marta, monkeypatch):
    guests = two_guests(marta, a_variant())
    both_have_read, write = threading.Barrier(2), merging.Lists.write

    def write_together(lists):
        both_have_read.wait(timeout=30)
        write(lists)

    monkeypatch.setattr(merging.Lists, "write", write_together)
    monkeypatch.setattr(
        type(Cart.objects.all()), "lock_all", lambda rows, pks: rows.in_bulk(pks)
    )
    all_at_once(lambda cart: merge_carts(cart.token, marta.pk, now=NOON), guests)

    assert broken()


@pytest.mark.django_db(transaction=True)
def test_a_cart_is_ordered_by_the_guest_or_merged_and_never_both(marta):
    a_shop_that_delivers()
    guest = a_cart((a_variant(), 2))

    def order_or_log_in(n):
        return merge_carts(guest.token, marta.pk, now=NOON) if n else place(guest)

    ordered, merge = all_at_once(order_or_log_in, range(2))

    assert isinstance(ordered, (Order, EmptyCart))
    assert (merge is None) == isinstance(ordered, Order)
    assert broken() == []


def test_a_cart_that_was_merged_is_never_ordered(marta):
    a_shop_that_delivers()
    guest = a_cart((a_variant(), 2))
    merge_carts(guest.token, marta.pk, now=NOON)

    with pytest.raises(EmptyCart):
        place(guest, expected_total=Decimal(1))

    assert not Order.objects.exists()


# At the door


@pytest.fixture
def sofia():
    return a_shopper("sofia@example.com")


def log_in(client) -> None:
    assert coming_in.log_in(client, "sofia@example.com").status_code == 302


def with_guest_cart(*items, **more) -> Client:
    client = Client()
    client.cookies["cart"] = a_cart(*items, **more).token
    return client


def test_who_logs_in_finds_both_carts_in_one_and_reads_what_happened(sofia):
    a_shop_that_delivers()
    bowl, cup, jug = a_variant(), a_variant(), a_variant()
    own = account_cart(sofia, (bowl, 1), (jug, 1), code="KILN5")
    client = with_guest_cart((bowl, 3), (cup, 2), code="GLAZE10")

    log_in(client)
    assert client.cookies["basket"].value == "6"
    page = client.get("/cart/")

    assert [line.quantity for line in page.context["lines"]] == [3, 1, 2]
    assert page.context["merged"] == [
        "Vid serving bowl: 3, the greater of 3 here and 1 there.",
        "Vid serving bowl: 2, from this visit.",
        "Code GLAZE10 counts instead of KILN5.",
    ]
    # Until something else is changed.
    client.post("/cart/add/", {"sku": cup.sku, "quantity": "1"})
    assert client.get("/cart/").context["merged"] == []
    assert held(own.items)[cup.pk] == 3


def test_an_accounts_cart_is_in_no_cookie_and_stays_with_the_account(sofia):
    bowl = a_variant()
    client = Client()
    log_in(client)
    client.post("/cart/add/", {"sku": bowl.sku, "quantity": "2"})
    assert "cart" not in client.cookies
    assert len(client.get("/cart/").context["lines"]) == 1

    client.post("/account/logout/")
    assert client.cookies["basket"].value == ""
    assert client.get("/cart/").context["lines"] == []
    client.post("/cart/add/", {"sku": bowl.sku, "quantity": "1"})
    own = Cart.objects.get(customer=sofia)
    assert held(own.items) == {bowl.pk: 2}

    other_device = Client()
    log_in(other_device)
    (line,) = other_device.get("/cart/").context["lines"]
    assert line.quantity == 2


def test_a_form_that_was_opened_as_a_guest_orders_the_account_s_cart_after_asking(
    sofia,
):
    a_shop_that_delivers()
    a_promotion("KILN5", "5")
    bowl, cup = a_variant(price="40"), a_variant(price="10")
    account_cart(sofia, (cup, 1))
    client = with_guest_cart((bowl, 1))
    total = client.get("/checkout/").context["expected_total"]
    log_in(client)
    form = vars(MARTA) | {"delivery": "post", "payment": "invoice"}
    form |= {"key": "a-key-of-one-form", "expected_total": total}

    asked = client.post("/checkout/", form)

    assert asked.status_code == 409 and 'value="Lisboa"' in asked.content.decode()
    form["expected_total"] = asked.context["expected_total"]
    ordered, again = (client.post("/checkout/", form) for _ in range(2))
    order = Order.objects.get()
    assert ordered.url == again.url == order.get_absolute_url()
    assert (order.customer, order.lines.count()) == (sofia, 2)
    assert client.get("/cart/").context["lines"] == []


def test_who_logs_in_in_another_tab_types_nothing_twice(sofia):
    a_shop_that_delivers()
    tab, other_tab = Client(enforce_csrf_checks=True), Client()
    tab.cookies = other_tab.cookies
    tab.cookies["cart"] = a_cart((a_variant(), 1)).token

    def hidden(page) -> dict:
        return dict(
            re.findall(
                r'<input type="hidden" name="(\w+)" value="([^"]*)"',
                page.content.decode(),
            )
        )

    typed = vars(MARTA) | {"delivery": "post", "payment": "invoice"}
    form = typed | hidden(tab.get("/checkout/"))
    log_in(other_tab)

    refused = tab.post("/checkout/", form)

    assert refused.status_code == 403
    assert hidden(refused).items() >= typed.items()
    foreign = tab.post("/checkout/", form, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403 and "Lisboa" not in foreign.content.decode()
    ordered = tab.post("/checkout/", hidden(refused))
    assert (ordered.status_code, ordered.url) == (
        303,
        Order.objects.get().get_absolute_url(),
    )


def test_a_busy_cart_keeps_nobody_out_and_is_merged_the_next_time(sofia, monkeypatch):
    client = with_guest_cart((a_variant(), 1))

    def busy(*args, **kwargs):
        raise CartBusy

    with monkeypatch.context() as patch:
        patch.setattr(merging, "merge_carts", busy)
        log_in(client)
    assert len(client.get("/cart/").context["lines"]) == 1
    client.post("/account/logout/")
    log_in(client)

    assert Cart.objects.open().get().customer == sofia


@pytest.mark.parametrize("n", [1, 50])
def test_an_accounts_cart_with_all_there_is_takes_seven_queries_beside_its_frame(
    sofia, n, django_assert_num_queries
):
    a_shop_that_delivers()
    a_promotion(most_uses=9, once_per_customer=True)
    variants = many_variants(n)
    own = account_cart(sofia, *((variant, 1) for variant in variants))
    client = with_guest_cart((variants[0], 2), code="GLAZE10")
    log_in(client)
    for variant in variants:
        lay_aside(own, variant, 1)
    Client().get("/cart/")

    # And who is logged in sees a frame of their own: three.
    with django_assert_num_queries(7 + 3):
        page = client.get("/cart/")

    assert page.context["summary"].code == "GLAZE10" and page.context["merged"]
    assert len(page.context["lines"]) == len(page.context["saved"]) == n


@pytest.mark.parametrize("whose", ["guest", "account"])
def test_a_cart_that_stands_in_line_stays_as_it_was_agreed_to(marta, whose):
    a_shop_that_delivers()
    guest = a_cart((a_variant(), 1))
    own = account_cart(marta, (a_variant(), 2))
    stand_in_line(guest if whose == "guest" else own)

    with pytest.raises(CartBusy):
        merge_carts(guest.token, marta.pk, now=NOON)

    assert Cart.objects.open().count() == 2 and not CartMerge.objects.exists()
