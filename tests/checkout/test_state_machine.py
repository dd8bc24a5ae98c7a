"""Anything a shop can be asked to do, in any order that hypothesis thinks of, on real
PostgreSQL: after every step every rule of the invariants holds.

An example is a transaction that is rolled back, and all rules are one prepared
statement: a step takes milliseconds. ``EXAMPLES`` says how many examples
of 50 steps are run.
"""

import json
import os
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from checkout import (
    cancelling,
    fulfilment,
    invoices,
    lapsed,
    merging,
    orders,
    payments,
    refunds,
)
from checkout import cart as carts
from checkout.errors import CheckoutError, KeyReused
from checkout.finalization import finalize_cart
from checkout.invariants import RULES
from checkout.models import DemoCharge, Order, Payment
from checkout.pieces import NotAllowedNow, PiecesRefused
from checkout.providers import ProviderSilent, fake
from checkout.providers.signatures import sign
from checkout.redeeming import drop, redeem
from checkout.review import review
from checkout.submission import Submission
from shop import inventory
from shop.models import Stock, Variant
from shop.prices import change_price
from tests.builders import NOON, a_promotion, a_variant
from tests.checkout.ordering import MARTA, a_shop_that_delivers

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
STEPS = 50
BACK = "http://testserver/order/x/paid/"
SHOPPERS = ("marta", "jonas")
METHODS = st.sampled_from(["invoice", "fake", "fake"])
CARDS = st.sampled_from([*fake.Card, fake.Card.PAYS])
CODES = ("GLAZE10", "ONCE", "FREEPOST", "NOBODYS")
# What letters say is looked at elsewhere, and they are slow; their jobs stay.
JOBS = {
    "checkout.settle": orders.settle,
    "checkout.write_invoice": invoices.write_invoice,
    "checkout.give_back": refunds.give_back,
    "checkout.give_up_payment": payments.give_up,
}


class Shop(RuleBasedStateMachine):
    """Two shoppers, three variants, and whatever staff, the bank, a worker and the
    clock do meanwhile. ``acknowledged`` are the orders that a shopper was told of."""

    # How often two baskets have met that both had something in them.
    meetings = 0

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        # As Django's own tests do it: what is durable may stand inside.
        self.example._from_testcase = True
        self.example.__enter__()
        self.now = NOON
        self.tokens = dict.fromkeys(SHOPPERS, "")
        self.accounts: dict[str, int | None] = dict.fromkeys(SHOPPERS)
        self.seen: dict[str, Decimal] = {}
        self.acknowledged: dict[int, tuple] = {}
        self.presses = 0
        self.has_begun = False

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # Shoppers

    @rule(who=st.sampled_from(SHOPPERS), at=st.integers(0, 2), n=st.integers(1, 3))
    def add(self, who, at, n):
        variant = Variant.objects.order_by("pk")[at]
        with put_right_by_shoppers():
            cart = carts.add(
                self.tokens[who],
                variant.sku,
                n,
                now=self.now,
                customer_id=self.accounts[who],
            )
            self.tokens[who] = cart.token

    @rule(who=st.sampled_from(SHOPPERS), n=st.integers(0, 3))
    def set_quantity(self, who, n):
        item = self.cart(who) and self.cart(who).items.first()
        if item:
            with put_right_by_shoppers():
                carts.change(
                    self.tokens[who], {item.pk: carts.Wish(str(n))}, now=self.now
                )

    @rule(who=st.sampled_from(SHOPPERS), code=st.sampled_from(["", *CODES]))
    def code(self, who, code):
        with put_right_by_shoppers():
            if code:
                redeem(self.tokens[who], code, network="here", now=self.now)
            else:
                drop(self.tokens[who], now=self.now)

    @rule(who=st.sampled_from(SHOPPERS))
    def look(self, who):
        if cart := self.cart(who):
            quote = review(cart, email=f"{who}@example.org", now=self.now).quote
            self.seen[who] = quote.total

    @rule(who=st.sampled_from(SHOPPERS), method=METHODS)
    def finalize(self, who, method):
        """At the total that was seen, which may be an old one."""
        cart = self.cart(who)
        if not cart or who not in self.seen:
            return
        asked = {
            "cart_id": cart.pk,
            "address": replace(MARTA, email=f"{who}@example.org"),
            "delivery_code": "post",
            "payment_method": method,
            "expected_total": self.seen[who],
            "submission": Submission(f"form-of-{cart.pk}", "said"),
        }
        try:
            order = finalize_cart(**asked, now=self.now)
        except CheckoutError:
            assert not Order.objects.filter(cart=cart).exists()
            return
        assert order.total == self.seen[who]
        self.acknowledged[order.pk] = asked

    @rule(
        who=st.sampled_from(SHOPPERS),
        at=st.integers(0, 2),
        n=st.integers(1, 3),
        code=st.sampled_from(["", *CODES]),
        method=METHODS,
    )
    def buy(self, who, at, n, code, method):
        """All of it in one go, so that many examples come to have orders."""
        self.add(who, at, n)
        self.code(who, code)
        self.look(who)
        self.finalize(who, method)

    @rule(who=st.sampled_from(SHOPPERS))
    def log_in(self, who):
        """The basket of the cookie meets the account's, and nothing is left of it."""
        customer_id = get_user_model().objects.get(username=who).pk
        met = merging.merge_carts(self.tokens[who], customer_id, now=self.now)
        Shop.meetings += bool(met and met.lines_before)
        self.accounts[who] = customer_id
        self.tokens[who] = carts.token_of(customer_id)

    @rule(who=st.sampled_from(SHOPPERS))
    def log_out(self, who):
        """What is put into a basket from now on lies in another one, a guest's."""
        self.accounts[who], self.tokens[who] = None, ""

    @rule(who=st.sampled_from(SHOPPERS), at=st.integers(0, 2), n=st.integers(1, 3))
    def come_back_and_log_in(self, who, at, n):
        """All of it in one go, so that many examples see baskets meet."""
        self.log_out(who)
        self.add(who, at, n)
        self.log_in(who)

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data())
    def finalize_again(self, data):
        pk, asked = data.draw(
            st.sampled_from(sorted(self.acknowledged.items(), key=first))
        )
        assert finalize_cart(**asked, now=self.now).pk == pk
        other = asked | {"submission": Submission(asked["submission"].key, "other")}
        with pytest.raises(KeyReused):
            finalize_cart(**other, now=self.now)

    # The bank

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data())
    def begin_payment(self, data):
        with suppress(payments.NotPayable, ProviderSilent):
            payments.begin(self.order(data), return_url=BACK, now=self.now)
            self.has_begun = True

    @precondition(lambda self: self.has_begun)
    @rule(data=st.data(), card=CARDS)
    def present_card(self, data, card):
        fake.present(one_of(data, DemoCharge), card)

    @precondition(lambda self: self.has_begun)
    @rule(data=st.data())
    def come_back(self, data):
        with suppress(ProviderSilent):
            payments.ask(one_of(data, Payment), now=self.now)

    @precondition(lambda self: self.has_begun)
    @rule(data=st.data(), event=st.integers(1, 3))
    def webhook(self, data, event):
        """Some have come before."""
        self.tell(one_of(data, DemoCharge), event)

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data(), card=CARDS, is_told=st.booleans())
    def pay(self, data, card, is_told):
        """All of it in one go. The bank tells, the shopper comes back, or both."""
        try:
            order = self.order(data)
            payment = payments.begin(order, return_url=BACK, now=self.now)
        except (payments.NotPayable, ProviderSilent):
            return
        self.has_begun = True
        charge = DemoCharge.objects.get(key=payment.key)
        fake.present(charge, card)
        if is_told:
            self.tell(charge, 1)
        with suppress(ProviderSilent):
            payments.ask(payment, now=self.now)

    def tell(self, charge, event):
        body = fake.notice_body(charge, f"evt-{charge.pk}-{event}")
        signed = {fake.HEADER: sign(body, settings.DEMO_BANK_SECRET, now=self.now)}
        told = fake.FakeProvider().read_notice(body, signed, now=self.now)
        payments.notice("fake", told, now=self.now)

    # Staff

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data(), whole=st.booleans(), scrap=st.booleans())
    def cancel(self, data, whole, scrap):
        with suppress(NotAllowedNow, PiecesRefused):
            order = self.order(data)
            chosen = None if whole else self.some_pieces(order)
            cancelling.cancel(
                order, chosen, key=self.press(), is_scrap=scrap, now=self.now
            )

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data(), whole=st.booleans())
    def send(self, data, whole):
        with suppress(NotAllowedNow, PiecesRefused):
            order = self.order(data)
            chosen = None if whole else self.some_pieces(order)
            fulfilment.fulfil(order, chosen, key=self.press(), now=self.now)

    @rule(at=st.integers(0, 2), price=st.sampled_from(["5.00", "7.35", "0.01"]))
    def change_price(self, at, price):
        variant = Variant.objects.order_by("pk")[at]
        change_price(variant.pk, Decimal(price), now=self.now)

    @rule(data=st.data(), n=st.integers(-2, 3))
    def receive(self, data, n):
        with suppress(inventory.NotEnoughStock):
            inventory.receive(one_of(data, Stock).pk, n, now=self.now)

    # The clock and the worker

    @rule(minutes=st.sampled_from([1, 1, 4, 16]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        lapsed.sweep(now=self.now)

    @rule()
    def work(self):
        """A worker does the oldest jobs; it dies before it notes that the first was
        done, so that this one comes again."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs"
                " WHERE status = 'todo' AND task_name = ANY(%s) ORDER BY id LIMIT 4",
                [list(JOBS)],
            )
            jobs = cursor.fetchall()
            for job_id, name, arguments in jobs[:1] + jobs:
                with suppress(ProviderSilent):
                    JOBS[name](**json.loads(arguments))
                    done = "UPDATE procrastinate_jobs SET status = 'succeeded'"
                    cursor.execute(f"{done} WHERE id = %s", [job_id])

    # What must always be true

    @invariant()
    def every_rule_holds(self):
        with connection.cursor() as cursor:
            cursor.execute("EXECUTE every_rule")
            assert cursor.fetchall() == []

    @precondition(lambda self: self.acknowledged)
    @invariant()
    def every_order_that_was_acknowledged_exists(self):
        kept = Order.objects.filter(pk__in=self.acknowledged)
        assert kept.count() == len(self.acknowledged)

    # Words

    def cart(self, who):
        return carts.find(self.tokens[who])

    def order(self, data) -> int:
        return data.draw(st.sampled_from(sorted(self.acknowledged)))

    def some_pieces(self, order_id) -> dict[int, int]:
        line = Order.objects.get(pk=order_id).lines.first()
        return {line.pk: 1}

    def press(self) -> str:
        self.presses += 1
        return f"press-{self.presses}"


def first(pair):
    return pair[0]


def one_of(data, model):
    rows = list(model.objects.order_by("pk"))
    return rows[data.draw(st.integers(0, len(rows) - 1))]


@contextmanager
def put_right_by_shoppers():
    """What a shopper is told and can put right is no fault."""
    with suppress(CheckoutError):
        yield


@pytest.fixture
def shop(db):
    """Little of everything, so that it is soon used up."""
    a_shop_that_delivers()
    for who in SHOPPERS:
        get_user_model().objects.create(username=who)
    a_variant(price="5.00", stock={"lisbon": 2, "porto": 2})
    a_variant(price="7.35", stock=5)
    a_variant(price="19.99", stock=1)
    a_promotion("GLAZE10", "10", most_uses=2)
    a_promotion("ONCE", "3", kind="amount", once_per_customer=True)
    a_promotion("FREEPOST", "0", kind="free_delivery", combines=False)
    a_promotion(None, "0", kind="three_for_two", name="Three for two")
    queries = (
        f"SELECT '{one.code}', found.* FROM ({one.query}) found"  # noqa: S608
        for one in RULES
        # Pages are nobody's business here.
        if one.code != "I9"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE every_rule AS {' UNION ALL '.join(queries)}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE every_rule")


def explore(examples: int, **more) -> None:
    chosen = hypothesis_settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
    run_state_machine_as_test(Shop, settings=chosen)


def test_whatever_happens_in_whatever_order_every_rule_holds(shop):
    Shop.meetings = 0

    explore(EXAMPLES)

    assert Shop.meetings


def test_control_stock_that_is_never_given_back_is_found(shop, monkeypatch):
    monkeypatch.setattr(inventory, "release", lambda *args, **kwargs: None)

    with pytest.raises(AssertionError, match="no other does|holds"):
        explore(200, phases=[Phase.generate], derandomize=True, database=None)


def test_control_a_merge_that_adds_up_what_meets_is_found(shop, monkeypatch):
    monkeypatch.setattr(merging, "max", lambda *n: sum(n), raising=False)
    walk = Shop()
    try:
        for _ in range(2):
            walk.every_rule_holds()
            walk.come_back_and_log_in("marta", 0, 1)
        with pytest.raises(AssertionError, match="1 and 1 pieces became 2"):
            walk.every_rule_holds()
    finally:
        walk.teardown()
