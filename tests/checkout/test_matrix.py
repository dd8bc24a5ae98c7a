"""Every address of the checkout × who asks × how: what is somebody else's is not there,
and what a form says beyond its fields is not heard. An address without a row fails."""

from copy import deepcopy
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout import crediting, invoices, paper, payments
from checkout.cancelling import cancel
from checkout.fulfilment import fulfil
from checkout.models import (
    Cart,
    CartItem,
    CheckoutAttempt,
    CreditNote,
    DemoCharge,
    Invoice,
    Order,
    OrderLine,
    Payment,
    PaymentEvent,
    Return,
    SavedAddress,
    SavedItem,
)
from checkout.orders import settle_order
from checkout.urls import urlpatterns
from home.roles import Role
from tests.builders import NOON, a_cart, a_colleague, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    assert_invariants,
    place,
    stand_in_line,
)
from tests.checkout.test_pages import FORM

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "a", "b", "staff")
SEEN, LOG_IN, AWAY, GONE, WAY, BAD, UNREADABLE = 200, 302, 303, 404, 405, 422, 400
EVERYONE, NOT_SO = dict.fromkeys(ROLES, SEEN), dict.fromkeys(ROLES, WAY)
LED_ON = dict.fromkeys(ROLES, AWAY)
# Who has nothing in the basket cannot check out.
BASKETS = {"anonymous": AWAY, "a": SEEN, "b": SEEN, "staff": AWAY}
# Pages of an account: only staff of these four have one.
GUESTS = dict.fromkeys(ROLES, LOG_IN)
# Name: (what GET answers, what an empty POST answers). A link to an order is its key:
# whoever was given it gets in.
MATRIX: dict[str, tuple[dict, dict]] = {
    "cart": (EVERYONE, NOT_SO),
    "add": (LED_ON, dict.fromkeys(ROLES, GONE)),
    "change": (LED_ON, LED_ON),
    "code": (LED_ON, LED_ON),
    "later": (LED_ON, LED_ON),
    "checkout": (BASKETS, BASKETS | {"a": BAD, "b": BAD}),
    "order": (EVERYONE, NOT_SO),
    "invoice": (EVERYONE, NOT_SO),
    "invoice_pdf": (EVERYONE, NOT_SO),
    "credit_note": (EVERYONE, NOT_SO),
    "credit_note_pdf": (EVERYONE, NOT_SO),
    "return": (EVERYONE, dict.fromkeys(ROLES, BAD)),
    "waiting": (EVERYONE, NOT_SO),
    "waiting_state": (EVERYONE, NOT_SO),
    "orders": (GUESTS | {"staff": SEEN}, NOT_SO),
    "again": (NOT_SO, GUESTS | {"staff": GONE}),
    "addresses": (GUESTS | {"staff": SEEN}, GUESTS | {"staff": BAD}),
    "address": (GUESTS | {"staff": GONE}, GUESTS | {"staff": GONE}),
    "pay": (LED_ON, NOT_SO),
    "paid": (LED_ON, NOT_SO),
    # Nobody but the bank can sign.
    "notices": (NOT_SO, dict.fromkeys(ROLES, UNREADABLE)),
    "bank": (EVERYONE, EVERYONE),
}
KEYED = ("order", "invoice", "invoice_pdf", "credit_note", "credit_note_pdf", "return")
KEYED += ("waiting", "waiting_state", "pay", "paid", "bank")
KEPT = (Cart, CartItem, Order, OrderLine, Payment, PaymentEvent, DemoCharge, Invoice)
KEPT += (CreditNote, Return, CheckoutAttempt, SavedItem, SavedAddress)
ROWS = ", ".join(
    f"ARRAY(SELECT kept::text FROM {model._meta.db_table} kept ORDER BY id)"  # noqa: S608
    for model in KEPT
)
# What a form of the checkout has no field for.
EXTRA = {
    "price": "0.01",
    "unit_price": "0.01",
    "price_seen": "0.01",
    "total": "0.01",
    "lines_total": "0.01",
    "discount": "99",
    "discount_total": "99",
    "delivery_total": "0",
    "tax_total": "0",
    "tax_percent": "0",
    "currency": "JPY",
    "status": "paid",
    "prices_include_tax": "false",
    "number": "KL-1-A",
    "principal": "customer-1",
    "customer": "1",
    "customer_id": "1",
    "hold_expires_at": "2099-01-01",
}


@pytest.fixture(scope="module")
def _shop(module_db):
    """What there is of A's: a basket, an order that is paid at the bank, one that was
    sold on invoice. B has a basket with as many pieces."""
    a_shop_that_delivers()
    variant = a_variant(price="5.00", stock=50, sku="KL-MOSS")
    lena = get_user_model().objects.create(username="lena")
    book = SavedAddress.objects.create(customer=lena, name="Lena", country="PT")
    waiting = place(a_cart((variant, 1)), payment_method="fake")
    payment = payments.begin(waiting.pk, return_url="http://testserver/", now=NOON)
    sold = settle_order(place(a_cart((variant, 1))).pk, now=NOON)
    invoices.write(sold.pk, now=NOON)
    sent = place(a_cart((variant, 2)))
    settle_order(sent.pk, now=NOON)
    invoices.write(sent.pk, now=NOON)
    cancel(sent.pk, {sent.lines.get().pk: 1}, key="one-of-two", now=NOON)
    note = CreditNote.objects.get()
    crediting.number_credit_note(note.pk)
    note.refresh_from_db()
    fulfil(sent.pk, key="the-other", now=timezone.now())
    return {
        "variant": variant,
        "a": a_cart((variant, 2)),
        "b": a_cart((variant, 2)),
        "waiting": waiting,
        "sold": sold,
        "sent": sent,
        "note": note,
        "book": book,
        "in_line": stand_in_line(a_cart((a_variant(), 1))),
        "charge": DemoCharge.objects.get(key=payment.key),
    }


@pytest.fixture
def shop(_shop, db):
    return deepcopy(_shop)


@pytest.fixture
def people(shop):
    """{role: a browser}"""
    everyone = {role: Client() for role in ROLES}
    for role in ("a", "b"):
        everyone[role].cookies["cart"] = shop[role].token
    everyone["staff"].force_login(a_colleague(Role.SHOP_STAFF))
    return everyone


def address(name: str, shop: dict, key=None) -> str:
    keys = dict.fromkeys(("order", "invoice", "invoice_pdf"), shop["sold"].token)
    keys |= {"again": shop["sold"].token, "return": shop["sent"].token}
    keys |= dict.fromkeys(("waiting", "waiting_state"), shop["in_line"].token)
    keys |= {"address": shop["book"].pk}
    keys |= dict.fromkeys(("pay", "paid"), shop["waiting"].token)
    keys |= {"bank": shop["charge"].reference, "notices": "fake"}
    keys |= dict.fromkeys(("credit_note", "credit_note_pdf"), shop["sent"].token)
    args = [keys[name] if key is None else key] if name in keys else []
    if name.startswith("credit_note"):
        args.append(shop["note"].number)
    return reverse(f"checkout:{name}", args=args)


def rows() -> tuple[list[str], ...]:
    """Of each table that is kept, asked for at once: it is done a hundred times."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ROWS}")
        return cursor.fetchone()


@pytest.fixture
def _printed_once(monkeypatch):
    """The same paper is handed to everybody."""
    for name in ("invoice", "credit_note"):
        monkeypatch.setattr(paper, name, once_for_each(getattr(paper, name)))


def once_for_each(printed):
    papers = {}

    def kept(of, *more):
        if of.number not in papers:
            papers[of.number] = printed(of, *more)
        return papers[of.number]

    return kept


def test_every_address_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == MATRIX.keys()


@pytest.mark.usefixtures("_printed_once")
def test_who_may_look_and_who_may_do(people, shop):
    for name, (gets, posts) in MATRIX.items():
        url = address(name, shop)
        # The page of the checkout notes what its visitor has been shown.
        got = {role: people[role].get(url).status_code for role in ROLES}
        before = rows()
        posted = {role: people[role].post(url, {}).status_code for role in ROLES}

        assert (name, got, posted) == (name, gets, posts)
        assert rows() == before, name


def test_no_other_verb_does_anything(people, shop):
    before = rows()

    for name, role in product(MATRIX, ROLES):
        for verb in ("put", "patch", "delete"):
            answer = getattr(people[role], verb)(address(name, shop))
            assert answer.status_code in (AWAY, WAY, UNREADABLE), (name, role, verb)

    assert rows() == before


def test_what_another_site_sends_does_nothing(shop):
    before = rows()

    for name, role in product(MATRIX, ("a", "b")):
        browser = Client(enforce_csrf_checks=True)
        browser.cookies["cart"] = shop[role].token
        said = FORM | {"sku": "KL-MOSS", "code": "X", "card": "4242424242424242"}
        headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
        code = browser.post(address(name, shop), said, headers=headers).status_code
        # A bank's notice comes from elsewhere, and is known by its signature.
        expected = {UNREADABLE} if name == "notices" else {403, WAY}
        assert code in expected, (name, code)

    assert rows() == before


def a_bare_404(request, exception):
    return HttpResponseNotFound()


def test_no_other_key_opens_what_is_somebody_elses(people, shop, monkeypatch):
    """Keys that can be counted or read elsewhere: ids, numbers, tokens of other things,
    and what is nearly right."""
    # Hundreds of them: what such a page looks like is looked at elsewhere.
    monkeypatch.setattr("site_config.urls.handler404", a_bare_404)
    waiting, charge = shop["waiting"], shop["charge"]
    swapped = [waiting.pk, waiting.number, waiting.cart.token, shop["a"].token]
    swapped += [charge.pk, charge.key, waiting.payments.get().pk, "0", "%00", "None"]
    before = rows()

    for name in KEYED:
        right = charge.reference if name == "bank" else waiting.token
        other = waiting.token if name == "bank" else charge.reference
        for key in [*swapped, right[:-1], right + "x", right.swapcase(), other]:
            url = address(name, shop, str(key))
            for role in ("b", "staff"):
                assert people[role].get(url).status_code == GONE, (name, key, role)
        posted = people["b"].post(url, {"card": "4242424242424242"})
        assert posted.status_code == (GONE if name in ("bank", "return") else WAY)
    assert people["a"].post("/webhooks/other/").status_code == GONE

    assert rows() == before


def test_an_order_has_no_invoice_of_another(people, shop):
    url = address("invoice", shop, shop["waiting"].token)

    assert {people[role].get(url).status_code for role in ROLES} == {GONE}


def test_lines_of_another_basket_are_passed_over(people, shop):
    item = shop["a"].items.get()
    before = rows()

    for said in (
        {f"item-{item.pk}": "0"},
        {f"item-{item.pk}": "9"},
        {"remove": item.pk},
        {"step": f"{item.pk}:+1", f"item-{item.pk}": "2"},
        {f"item-{item.pk}": "9", "cart": shop["a"].token, "cart_id": shop["a"].pk},
    ):
        for role in ("anonymous", "b", "staff"):
            assert people[role].post("/cart/change/", said).status_code == AWAY

    assert rows() == before


def test_a_cookie_that_is_no_basket_of_ones_own_opens_none(shop):
    before = rows()

    for token in (shop["sold"].token, str(shop["a"].pk), shop["charge"].reference):
        browser = Client()
        browser.cookies["cart"] = token
        assert "KL-MOSS" not in browser.get("/cart/").content.decode()
        assert browser.get("/checkout/").status_code == AWAY

    assert rows() == before


def test_what_a_form_says_beyond_its_fields_is_not_heard(people, shop):
    """The same pieces, bought with and without it, are the same order."""
    people["b"].post("/cart/add/", EXTRA | {"sku": "KL-MOSS", "quantity": "1"})
    people["a"].post("/cart/add/", {"sku": "KL-MOSS", "quantity": "1"})
    item = shop["b"].items.get()
    people["b"].post("/cart/change/", EXTRA | {f"item-{item.pk}": "3"})
    said = FORM | {"expected_total": "19.90"}
    people["a"].post("/checkout/", said)
    mine = {
        "cart": shop["a"].token,
        "cart_id": shop["a"].pk,
        "id": 1,
        "token": "t" * 32,
    }
    people["b"].post("/checkout/", EXTRA | mine | said)

    plain, tampered = (
        Order.objects.filter(cart=shop[role]).values().get() for role in ("a", "b")
    )
    own = {"id", "cart_id", "number", "token", "placed_at", "principal", "form_digest"}
    assert {k: v for k, v in plain.items() if k not in own} == {
        k: v for k, v in tampered.items() if k not in own
    }
    lines = OrderLine.objects.filter(order__in=(plain["id"], tampered["id"]))
    assert len(set(lines.values_list("quantity", "unit_price", "total", "tax"))) == 1
    assert_invariants()


@pytest.mark.parametrize("total", ["0.01", "9.90", "14.899", "9999"])
def test_a_total_that_was_not_shown_is_refused(people, total, shop):
    answer = people["b"].post("/checkout/", FORM | EXTRA | {"expected_total": total})

    assert answer.status_code == 409
    assert not Order.objects.filter(cart=shop["b"]).exists()


def test_the_key_of_anothers_form_leads_to_no_order_of_theirs(people, shop):
    said = FORM | {"expected_total": "14.90", "key": "key-of-this-form"}

    mine, yours = (people[role].post("/checkout/", said) for role in ("a", "b"))

    assert mine.status_code == yours.status_code == AWAY
    assert mine.url != yours.url
    assert Order.objects.filter(cart__in=(shop["a"], shop["b"])).count() == 2


def test_the_bank_charges_what_the_order_costs_whatever_the_form_says(people, shop):
    said = EXTRA | {"card": "4242424242424242", "amount": "0.01", "state": "failed"}

    people["b"].post(address("bank", shop), said)

    shop["charge"].refresh_from_db()
    assert (shop["charge"].amount, shop["charge"].currency) == (
        shop["waiting"].total,
        "EUR",
    )
    assert shop["charge"].state == DemoCharge.State.CAPTURED


@pytest.mark.parametrize("name", ["index", "inspect", "step"])
def test_orders_in_the_admin_are_for_staff(people, shop, name):
    args = {"inspect": [shop["sold"].pk], "step": [shop["sold"].pk, "cancel"]}
    url = reverse(f"orders_modeladmin_{name}", args=args.get(name, []))
    before = rows()

    answered = {role: people[role].get(url).status_code for role in ROLES}
    for role in ("anonymous", "a", "b"):
        assert people[role].post(url, {"key": "press"}).status_code == 302

    assert answered == dict.fromkeys(ROLES, 302) | {"staff": 200}
    assert rows() == before
