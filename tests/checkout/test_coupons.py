"""Promotions in carts and orders: held, used and given back exactly once, whatever dies
and whoever is quicker. Every test ends with the invariants."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from checkout import coupons, lapsed, payments
from checkout.errors import CouponRefused, TotalChanged
from checkout.models import DemoCharge, Order, PromotedProduct, Promotion, Redemption
from checkout.orders import settle_order
from checkout.promotions import Reason
from checkout.providers import fake
from checkout.review import review
from shop.models import Stock
from tests.builders import (
    NOON,
    a_brand,
    a_cart,
    a_category,
    a_product,
    a_promotion,
    a_variant,
)
from tests.checkout.ordering import (
    MARTA,
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    place,
    total_of,
)
from tests.faults.repeats import at_once, times
from tests.many import many_carts, many_variants

pytestmark = pytest.mark.django_db
# What workers and threads have to see, and where each statement is counted.
commits = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(minutes=20)
BACK = "http://testserver/order/x/paid/"
PLACES = at_once(20, 200)
JONAS = replace(MARTA, email="jonas@example.org")


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()
    yield
    assert_invariants()


def a_cart_of_50(code="GLAZE10", *, stock=100, **more):
    return a_cart((a_variant(price="50.00", stock=stock), 1), code=code, **more)


def state_of(order: Order) -> str:
    return order.redemptions.get().state


def refusal_of(cart, *, now=NOON, email=""):
    refusal = review(cart, now=now, email=email).coupon_refusal
    return refusal and refusal.reason


# What is taken off


def test_a_code_is_taken_off_the_order_and_its_lines():
    a_promotion(value="10")

    order = place(a_cart_of_50())

    assert (order.discount_total, order.total) == (Decimal(5), Decimal("49.90"))
    assert order.lines.get().discount == Decimal(5)
    assert order.reductions == [("Code GLAZE10", Decimal(5))]


def test_a_promotion_without_a_code_is_everybodys():
    a_promotion(None, name="Opening week")

    order = place(a_cart_of_50(code=""))

    assert order.reductions == [("Opening week", Decimal(5))]


def test_free_delivery_is_shown_and_not_counted_among_the_lines_discounts():
    a_promotion("FREEPOST", "0", kind="free_delivery")

    order = place(a_cart_of_50("FREEPOST"))

    assert (order.discount_total, order.delivery_total) == (0, 0)
    assert order.reductions == [("Code FREEPOST", 0)]
    assert order.total == Decimal("50.00")


@pytest.mark.parametrize("scope", ["category", "brand", "product"])
def test_a_scope_is_a_category_with_all_beneath_it_a_brand_or_a_product(scope):
    tableware, brand = a_category("Tableware"), a_brand()
    bowls = a_category("Bowls", tableware)
    product = a_product(price="50.00", stock=9, category=bowls, brand=brand)
    promotion = a_promotion()
    match scope:
        case "category":
            promotion.categories.add(tableware)
        case "brand":
            promotion.brands.add(brand)
        case "product":
            PromotedProduct.objects.create(promotion=promotion, product=product)
    inside = (product.variants.get(), 1)
    rug = a_product("Rug", category=a_category("Rugs"), price=None)
    outside = (a_variant(rug), 1)

    order = place(a_cart(inside, outside, code="GLAZE10"))

    discounts = list(order.lines.values_list("discount", flat=True))
    assert discounts == [Decimal(5), 0]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"starts_at": LATER}, Reason.NOT_YET),
        ({"ends_at": NOON}, Reason.OVER),
        ({"is_active": False}, Reason.UNKNOWN),
        ({"most_uses": 0}, Reason.USED_UP),
        ({"least_total": 60}, Reason.BELOW_LEAST_TOTAL),
        ({"currency": "JPY"}, Reason.UNKNOWN),
    ],
)
def test_a_code_that_takes_nothing_off_says_why(values, reason):
    a_promotion(**values)

    assert refusal_of(a_cart_of_50()) == reason


def test_a_promotion_begins_and_ends_to_the_moment():
    a_promotion(starts_at=NOON, ends_at=LATER)
    cart = a_cart_of_50()

    assert refusal_of(cart, now=NOON - timedelta(microseconds=1)) == Reason.NOT_YET
    assert refusal_of(cart, now=NOON) is None
    assert refusal_of(cart, now=LATER - timedelta(microseconds=1)) is None
    assert refusal_of(cart, now=LATER) == Reason.OVER


# Held, used, given back


def test_a_promotion_is_held_then_used():
    a_promotion(most_uses=1)
    order = place(a_cart_of_50())
    assert state_of(order) == "held"

    settle_order(order.pk, now=NOON)
    settle_order(order.pk, now=LATER)

    assert state_of(order) == "used"


def test_a_lapsed_order_gives_its_promotion_back_once():
    promotion = a_promotion(most_uses=1)
    order = place(a_cart_of_50(), payment_method="fake")
    assert refusal_of(a_cart_of_50()) == Reason.USED_UP

    lapsed.expire(order.pk, now=LATER)
    lapsed.expire(order.pk, now=LATER)

    assert (state_of(order), promotion.count_uses()) == ("released", 0)
    assert place(a_cart_of_50()).discount_total == Decimal(5)


def paid_after_its_hold(order: Order) -> Order:
    """Its hold lapses; then the money comes."""
    payment = payments.begin(order.pk, return_url=BACK, now=NOON)
    lapsed.sweep(now=LATER)
    DemoCharge.objects.filter(key=payment.key).update(state="waiting")
    fake.present(DemoCharge.objects.get(key=payment.key), fake.Card.PAYS)
    payment.status = "started"
    payment.save()
    payments.ask(payment, now=LATER)
    order.refresh_from_db()
    return order


def test_money_that_comes_too_late_uses_the_promotion_again():
    a_promotion(most_uses=1)
    order = paid_after_its_hold(place(a_cart_of_50(), payment_method="fake"))

    assert (order.status, state_of(order)) == ("paid", "used")


def test_money_that_comes_when_the_promotion_is_gone_goes_back_and_takes_no_stock(
    monkeypatch,
):
    a_promotion(most_uses=1)
    order = place(a_cart_of_50(), payment_method="fake")
    sweep = lapsed.sweep

    def sweep_and_sell_to_another(*, now):
        sweep(now=now)
        place(a_cart_of_50())

    monkeypatch.setattr(lapsed, "sweep", sweep_and_sell_to_another)
    order = paid_after_its_hold(order)

    assert (order.status, state_of(order)) == ("cancelled", "released")
    assert order.events.filter(kind="paid_too_late").exists()
    stock = Stock.objects.get(variant=order.lines.get().variant)
    assert (stock.on_hand, stock.reserved) == (100, 0)


# Limits


def test_the_last_use_is_shown_to_be_gone_before_anything_is_ordered():
    a_promotion(most_uses=1)
    late = a_cart_of_50()
    seen = total_of(late)
    place(a_cart_of_50())

    with pytest.raises(CouponRefused) as refusal:
        place(late, expected_total=seen)

    assert refusal.value.reason == Reason.USED_UP
    assert refusal.value.change.total == Decimal("54.90")
    assert Order.objects.count() == 1


def test_who_has_seen_that_the_code_is_gone_may_order_without_it():
    a_promotion(most_uses=1)
    place(a_cart_of_50())

    order = place(a_cart_of_50(), expected_total=Decimal("54.90"))

    assert (order.discount_total, order.redemptions.count()) == (0, 0)


@pytest.mark.parametrize(
    "email", ["marta@example.org", "Marta@EXAMPLE.org", "marta+2@example.org"]
)
def test_once_per_customer_is_once_however_the_address_is_written(email):
    a_promotion(once_per_customer=True)
    place(a_cart_of_50())
    again = a_cart_of_50()

    with pytest.raises(CouponRefused) as refusal:
        place(again, address=replace(MARTA, email=email))

    assert refusal.value.reason == Reason.USED_BEFORE
    assert place(again, address=JONAS).discount_total == Decimal(5)


def test_once_per_customer_is_once_for_an_account_with_two_addresses(
    django_user_model,
):
    a_promotion(once_per_customer=True)
    marta = django_user_model.objects.create_user("marta", "marta@example.org", "x")
    first, second = a_cart_of_50(), a_cart_of_50()
    first.customer = second.customer = marta
    first.save()
    place(first)
    second.save()

    assert refusal_of(second) == Reason.USED_BEFORE


def test_a_cancelled_use_does_not_count_against_the_customer():
    a_promotion(once_per_customer=True)
    order = place(a_cart_of_50(), payment_method="fake")
    lapsed.expire(order.pk, now=LATER)

    assert place(a_cart_of_50()).discount_total == Decimal(5)


def buy_all_at_once(buyers: int, **promotion) -> list:
    a_promotion(**promotion)
    variant = a_variant(price="50.00", stock=buyers)
    carts = many_carts(buyers, (variant, 1), code="GLAZE10")
    total = total_of(carts[0])

    def buy(numbered):
        n, cart = numbered
        address = replace(MARTA, email=f"buyer-{n}@example.org")
        return place(cart, expected_total=total, address=address)

    return all_at_once(buy, enumerate(carts), places=PLACES)


@commits
@pytest.mark.parametrize("run", range(times(1, 50)))
def test_the_last_use_goes_to_one_of_200_buyers(run):
    outcomes = buy_all_at_once(200, most_uses=1)

    assert Redemption.objects.count() == Order.objects.count() == 1
    refused = [one for one in outcomes if isinstance(one, CouponRefused)]
    assert len(refused) == 199


@commits
def test_without_the_count_under_the_lock_it_goes_to_several(monkeypatch):
    """The control: what the test above would find if nobody looked again."""
    monkeypatch.setattr(
        coupons, "_count_uses", lambda pks, customers: (Counter(), set())
    )

    buy_all_at_once(40, most_uses=1)

    assert Redemption.objects.count() > 1
    # The damage is repaired, so that the invariants speak of the shop alone.
    Promotion.objects.update(most_uses=None)


@commits
def test_a_customer_who_orders_in_20_tabs_at_once_uses_it_once():
    a_promotion(once_per_customer=True)
    variant = a_variant(price="50.00", stock=20)
    carts = many_carts(20, (variant, 1), code="GLAZE10")
    total = total_of(carts[0])

    all_at_once(lambda cart: place(cart, expected_total=total), carts)

    assert Redemption.objects.count() == Order.objects.count() == 1


@commits
def test_a_code_without_a_limit_makes_nobody_wait(django_assert_num_queries):
    a_promotion()
    order = place(a_cart_of_50())
    discounts = review(order.cart, now=NOON).quote.discounts
    order.redemptions.all().delete()

    # The one statement and its transaction.
    with django_assert_num_queries(3):
        coupons.hold(order, discounts, now=NOON)


def test_a_promotion_that_changes_between_view_and_order_is_shown():
    promotion = a_promotion(None)
    cart = a_cart_of_50(code="")
    seen = total_of(cart)
    Promotion.objects.filter(pk=promotion.pk).update(value=5)

    with pytest.raises(TotalChanged) as change:
        place(cart, expected_total=seen)

    assert change.value.total == Decimal("52.40")


@commits
@pytest.mark.parametrize("lines", [1, 3, 50])
def test_statements_do_not_grow_with_lines_or_promotions(
    lines, django_assert_max_num_queries
):
    a_promotion(most_uses=9, once_per_customer=True)
    for n in range(3):
        a_promotion(None, name=f"Rule {n}", value="1")
    cart = a_cart(*((variant, 2) for variant in many_variants(lines)), code="GLAZE10")
    total = total_of(cart)

    # Twenty, and BEGIN and COMMIT.
    with django_assert_max_num_queries(22):
        place(cart, expected_total=total)
