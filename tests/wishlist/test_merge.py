"""What a browser remembers becomes part of a list: an exact union, once."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from shop.models import Product
from shop.prices import change_price
from tests.builders import NOON, a_product
from tests.home.accounts.coming_in import a_shopper
from tests.wishlist.wishing import HOUR, kept, many_products, merged, off, put
from wishlist import merge
from wishlist.merge import TooManyItems, TooManyMerges, Wish
from wishlist.models import MergedOperation, WishlistItem

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# The full run tries more of them.
EXAMPLES = int(os.environ.get("EXAMPLES", "20"))


@pytest.fixture
def marta():
    return a_shopper()


def test_the_union_has_each_product_once_since_it_was_first_wanted(marta):
    one, other = a_product(now=NOON - DAY), a_product(now=NOON - DAY)

    assert merged(marta, put(one)) == ["saved"]
    again = merged(marta, put(one, NOON - HOUR), put(other), operation="operation-2")

    assert again == ["kept", "saved"]
    assert {pk: since for pk, (since, _) in kept(marta).items()} == {
        one.pk: NOON - HOUR,
        other.pk: NOON,
    }
    assert WishlistItem.objects.count() == 2


def test_the_price_is_what_the_shop_showed_at_that_moment(marta):
    product = a_product(price="50.00", now=NOON - 5 * DAY)
    change_price(product.variants.get().pk, Decimal("40.00"), now=NOON - 3 * DAY)
    change_price(product.variants.get().pk, Decimal("45.00"), now=NOON - DAY)

    merged(marta, put(product, NOON - 2 * DAY))
    assert kept(marta)[product.pk] == (NOON - 2 * DAY, Decimal("40.00"))

    merged(marta, put(product, NOON - 4 * DAY), operation="operation-2")
    assert kept(marta)[product.pk] == (NOON - 4 * DAY, Decimal("50.00"))


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        (NOON + DAY, NOON),
        (NOON - 400 * DAY, NOON - 2 * DAY),
        (None, NOON),
    ],
    ids=["never in the future", "never before the product", "when nothing is said"],
)
def test_a_browsers_clock_is_believed_within_reason(marta, said, counted):
    product = a_product(now=NOON - 2 * DAY)

    merged(marta, Wish(product.pk, added_at=said))

    assert kept(marta)[product.pk][0] == counted


def test_what_was_taken_off_later_stays_off_and_what_was_put_on_later_is_on(marta):
    product = a_product(now=NOON - DAY)
    merged(marta, put(product, NOON - 3 * HOUR), operation="operation-1")
    merged(marta, off(product, NOON - HOUR), operation="operation-2")

    old = merged(marta, put(product, NOON - 2 * HOUR), operation="operation-3")
    assert (old, kept(marta)) == (["removed"], {})

    new = merged(marta, put(product, NOON), operation="operation-4")
    assert new == ["saved"] and kept(marta)[product.pk][0] == NOON

    late = merged(marta, off(product, NOON - HOUR), operation="operation-5")
    assert late == ["kept"] and product.pk in kept(marta)


def test_what_is_not_in_the_shop_is_unknown_whatever_it_is(marta):
    draft = a_product(live=False)
    priceless = a_product(price=None)
    wishes = put(draft), put(priceless), Wish(10**15, added_at=NOON)

    assert merged(marta, *wishes) == ["unknown"] * 3
    assert kept(marta) == {}


def test_an_operation_that_comes_again_changes_nothing(marta):
    product = a_product(now=NOON - DAY)
    ahead = put(product, NOON + DAY)
    assert merged(marta, ahead) == ["saved"]
    merged(marta, off(product, NOON + HOUR), operation="o-2", now=NOON + HOUR)

    assert merged(marta, ahead, now=NOON + 2 * HOUR) == ["removed"]
    assert kept(marta) == {}

    # Control: under another name, a clock that is ahead would bring it back.
    assert merged(marta, ahead, operation="o-3", now=NOON + 2 * HOUR) == ["saved"]


def test_what_is_older_than_the_last_log_out_is_offered_and_not_taken(marta):
    before, after = a_product(now=NOON - DAY), a_product(now=NOON - DAY)
    wishes = put(before, NOON - 2 * HOUR), put(after, NOON)

    results = merged(marta, *wishes, left_at=NOON - HOUR)
    assert results == ["offered", "saved"] and set(kept(marta)) == {after.pk}

    taken = merged(marta, put(before, NOON - 2 * HOUR), operation="operation-2")
    assert taken == ["saved"] and before.pk in kept(marta)


def test_a_list_and_a_request_have_an_end(marta, monkeypatch):
    products = [a_product() for _ in range(2)]
    monkeypatch.setattr(merge, "MOST_KEPT", 1)
    assert merged(marta, *map(put, products)) == ["saved", "full"]
    assert len(kept(marta)) == 1

    with pytest.raises(TooManyItems):
        merged(marta, *(Wish(pk, added_at=NOON) for pk in range(1, 202)))


def test_too_many_merges_are_refused_and_leave_no_trace(marta, monkeypatch):
    product = a_product()
    monkeypatch.setattr(merge, "MOST_PER_MINUTE", 2)
    for n in range(2):
        merged(marta, operation=f"operation-{n}")

    with pytest.raises(TooManyMerges):
        merged(marta, put(product), operation="operation-3")

    assert kept(marta) == {} and MergedOperation.objects.count() == 2
    later = NOON + timedelta(minutes=2)
    assert merged(marta, put(product), operation="operation-3", now=later) == ["saved"]


@pytest.mark.parametrize("n", [1, 200])
def test_a_merge_is_six_queries_for_one_wish_as_for_two_hundred(marta, n):
    wishes = [put(product) for product in many_products(n)]

    with CaptureQueriesContext(connection) as queries:
        merged(marta, *wishes)

    asked = [q for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(kept(marta)) == n and len(asked) == 6


def test_a_merge_that_dies_midway_has_no_effect(marta, monkeypatch):
    product = a_product()
    monkeypatch.setattr(merge, "write_rows", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        merged(marta, put(product))
    monkeypatch.undo()

    assert kept(marta) == {} and not MergedOperation.objects.exists()
    assert merged(marta, put(product)) == ["saved"]


# Whatever happens, in whatever order

PIECE = st.integers(0, 3)
SOME = st.lists(PIECE, min_size=1, max_size=3, unique=True)
BROWSERS = st.integers(0, 1)
HOURS = st.integers(0, 60)


class Lists(RuleBasedStateMachine):
    """Two browsers, one list, and a model of it: who was last decides, the earliest
    moment counts, and the price is the ledger's. What a browser has kept from before
    somebody logged out in it waits until they say that it is theirs."""

    @initialize()
    def open_shop(self):
        self.before = transaction.savepoint()
        self.user, self.products = SHOP["user"], SHOP["products"]
        self.clock, self.count = NOON + 100 * HOUR, 0
        self.on: dict[int, object] = {}
        self.off: dict[int, object] = {}
        self.hidden: set[int] = set()
        self.sent: list = []
        # When somebody logged out in each browser; what each piece cost from when on.
        self.left: dict[int, object] = {}
        self.prices = {piece: [(NOON - DAY, Decimal(10 + piece))] for piece in range(4)}

    def teardown(self):
        if hasattr(self, "before"):
            transaction.savepoint_rollback(self.before)

    def _merge(self, operation, *wishes, left_at=None):
        merged(self.user, *wishes, operation=operation, now=self.clock, left_at=left_at)

    def _operation(self) -> str:
        self.count += 1
        return f"operation-{self.count}"

    @rule(browser=BROWSERS, pieces=SOME, hour=HOURS, is_theirs=st.booleans())
    def somebody_logs_in_with_what_a_browser_remembers(
        self, browser, pieces, hour, is_theirs
    ):
        moment, operation = NOON + hour * HOUR, self._operation()
        wishes = [put(self.products[piece], moment) for piece in pieces]
        left_at = None if is_theirs else self.left.get(browser)
        self._merge(operation, *wishes, left_at=left_at)
        self.sent.append((operation, wishes, left_at))
        if left_at and moment < left_at:
            return
        for piece in set(pieces) - self.hidden:
            if piece in self.on:
                self.on[piece] = min(self.on[piece], moment)
            elif piece not in self.off or self.off[piece] < moment:
                self.on[piece] = moment
                self.off.pop(piece, None)

    @rule(browser=BROWSERS, hour=HOURS)
    def somebody_logs_out(self, browser, hour):
        self.left[browser] = NOON + hour * HOUR

    @rule(piece=PIECE)
    def it_is_taken_off_now(self, piece):
        self.clock += HOUR
        self._merge(self._operation(), off(self.products[piece], self.clock))
        if self.on.pop(piece, None):
            self.off[piece] = self.clock

    @rule(at=st.integers(0, 50))
    def an_answer_was_lost_and_the_same_comes_again(self, at):
        if self.sent:
            operation, wishes, left_at = self.sent[at % len(self.sent)]
            self._merge(operation, *wishes, left_at=left_at)

    @rule(piece=PIECE)
    def a_product_is_unpublished_or_published(self, piece):
        self.hidden ^= {piece}
        Product.objects.filter(pk=self.products[piece].pk).update(
            live=piece not in self.hidden
        )

    @rule(piece=PIECE, hour=HOURS, price=st.integers(5, 50))
    def a_price_changes(self, piece, hour, price):
        """Of what is on a list already the price stays as it was."""
        latest, _ = self.prices[piece][-1]
        moment = NOON + hour * HOUR
        if moment <= latest or piece in self.on:
            return
        variant = self.products[piece].variants.get()
        change_price(variant.pk, Decimal(price), now=moment)
        self.prices[piece].append((moment, Decimal(price)))

    def _price(self, piece: int, moment) -> Decimal:
        return [price for since, price in self.prices[piece] if since <= moment][-1]

    @invariant()
    def the_list_is_the_model(self):
        if hasattr(self, "on"):
            expected = {
                self.products[piece].pk: (moment, self._price(piece, moment))
                for piece, moment in self.on.items()
            }
            assert kept(self.user) == expected


SHOP: dict = {}


def test_set_union_and_price_rules_hold_whatever_happens(marta):
    """Made once: an example costs milliseconds."""
    SHOP["user"] = marta
    SHOP["products"] = [
        a_product(price=str(10 + piece), now=NOON - DAY) for piece in range(4)
    ]
    run_state_machine_as_test(
        Lists,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=10,
            suppress_health_check=list(HealthCheck),
        ),
    )
