"""What promotions take off: by examples, and for any cart in three currencies."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.pricing import Piece, Quote, quote
from checkout.promotions import Goods, Kind, Reason, Rule, apply
from shop.money import quantise
from tests.checkout.random_carts import CARTS

MUGS, BOWLS = frozenset({"category:mugs"}), frozenset({"category:bowls"})
CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])
TAGS = st.sampled_from([MUGS, BOWLS, MUGS | BOWLS])


def off(key=1, kind=Kind.PERCENT, value="10", name="", **more) -> Rule:
    return Rule(key, name or f"Rule {key}", kind, Decimal(value), **more)


def a_line(price="10.00", quantity=1, tags=MUGS) -> Goods:
    unit_price = Decimal(price)
    return Goods(quantity, unit_price, unit_price * quantity, tags)


def taken(rules, *lines, delivery="4.90"):
    return apply(rules, lines, delivery=Decimal(delivery), currency="EUR")


def amounts(outcome) -> list[Decimal]:
    return [discount.saving for discount in outcome.discounts]


def reasons(outcome) -> list[Reason]:
    return [missed.reason for missed in outcome.missed]


def test_per_cent_are_rounded_once_on_the_sum_and_shared_out():
    outcome = taken([off(value="10")], a_line("0.33"), a_line("0.33"), a_line("0.39"))

    assert amounts(outcome) == [Decimal("0.11")]
    assert sum(outcome.shares(3)) == Decimal("0.11")


def test_an_amount_takes_no_more_than_there_is():
    assert amounts(taken([off(kind=Kind.AMOUNT, value="50")], a_line("10.00"))) == [10]


def test_a_scope_leaves_other_pieces_alone():
    outcome = taken([off(tags=MUGS)], a_line(tags=MUGS), a_line(tags=BOWLS))

    assert outcome.shares(2) == [Decimal("1.00"), 0]


def test_nothing_in_scope_is_said():
    assert reasons(taken([off(tags=BOWLS)], a_line(tags=MUGS))) == [
        Reason.NOTHING_IN_SCOPE
    ]


def test_the_least_total_is_judged_by_the_pieces_that_count():
    rule = off(least_total=Decimal(20), tags=MUGS)

    outcome = taken([rule], a_line("12.00", tags=MUGS), a_line("90.00", tags=BOWLS))

    assert reasons(outcome) == [Reason.BELOW_LEAST_TOTAL]
    assert outcome.missed[0].missing == Decimal("8.00")


@pytest.mark.parametrize(
    ("quantities", "saving"), [([3], "10"), ([5], "10"), ([6], "20"), ([2, 1], "4")]
)
def test_of_three_pieces_the_cheapest_is_free(quantities, saving):
    lines = [a_line(("10", "4")[n], q) for n, q in enumerate(quantities)]

    outcome = taken([off(kind=Kind.THREE_FOR_TWO, value="0")], *lines)

    assert amounts(outcome) == [Decimal(saving)]


def test_two_pieces_lack_one_for_three_for_two():
    outcome = taken([off(kind=Kind.THREE_FOR_TWO, value="0")], a_line(quantity=2))

    assert reasons(outcome) == [Reason.TOO_FEW]
    assert outcome.missed[0].missing == 1


def test_free_delivery_is_taken_off_once():
    free = [off(n, Kind.FREE_DELIVERY, "0") for n in (1, 2)]

    outcome = taken(free, a_line())

    assert outcome.delivery == Decimal("4.90")
    assert reasons(outcome) == [Reason.NOTHING_LEFT]


def test_promotions_come_in_the_order_of_their_priority():
    half, five = off(1, value="50", priority=2), off(2, Kind.AMOUNT, "5", priority=1)

    # First five off, then half of the rest.
    assert amounts(taken([half, five], a_line("25.00"))) == [5, 10]


def test_what_does_not_combine_stands_alone_when_it_takes_off_more():
    alone = off(1, value="30", combines=False)
    together = [off(2, value="10", name="Ten"), off(3, Kind.FREE_DELIVERY, "0")]

    outcome = taken([alone, *together], a_line("100.00"))

    assert [discount.rule for discount in outcome.discounts] == [alone]
    assert reasons(outcome) == [Reason.OUTWEIGHED] * 2
    assert outcome.missed[0].instead == alone.name


def test_what_does_not_combine_stands_back_when_it_takes_off_no_more():
    alone, ten = off(1, value="10", combines=False), off(2, value="10", name="Ten")

    outcome = taken([alone, ten], a_line("100.00"))

    assert [discount.rule for discount in outcome.discounts] == [ten]
    assert outcome.missed[0].instead == "Ten"


def test_tax_is_reckoned_on_what_is_left_to_pay():
    result = quote(
        [Piece(1, 1, Decimal("123.00"), Decimal(23))],
        delivery_price=Decimal("4.92"),
        delivery_tax_percent=Decimal(23),
        currency="EUR",
        rules=[off(value="50"), off(2, Kind.FREE_DELIVERY, "0")],
    )

    assert (result.total, result.tax_total) == (Decimal("61.50"), Decimal("11.50"))


@st.composite
def rules(draw) -> list[Rule]:
    kinds = draw(st.lists(st.sampled_from(list(Kind)), max_size=4))
    return [
        Rule(
            key=key,
            name=f"Rule {key}",
            kind=kind,
            value=draw(st.decimals(0, 100, places=3)),
            tags=draw(st.sampled_from([frozenset(), MUGS, BOWLS])),
            least_total=draw(st.decimals(0, 200, places=2)),
            priority=draw(st.integers(0, 2)),
            combines=draw(st.booleans()),
        )
        for key, kind in enumerate(kinds)
    ]


@st.composite
def pieces(draw) -> list[Piece]:
    percents = st.sampled_from([Decimal(p) for p in ("0", "6", "23", "25.5")])
    row = st.tuples(st.integers(1, 999), st.decimals(0, 999, places=3), percents, TAGS)
    rows = draw(st.lists(row, max_size=6))
    return [Piece(key, *values) for key, values in enumerate(rows)]


@settings(max_examples=CARTS, deadline=None)
@given(pieces(), rules(), st.decimals(0, 99, places=3), CURRENCIES, st.booleans())
def test_any_cart_adds_up_and_never_goes_below_zero(
    goods, offered, fee, currency, is_included
):
    result = quote(
        goods,
        delivery_price=fee,
        delivery_tax_percent=Decimal(23),
        currency=currency,
        prices_include_tax=is_included,
        rules=offered,
    )

    assert_adds_up(result)
    assert result.lines_total - result.discount_total >= 0
    assert result.total >= 0 <= result.delivery_total
    for line in result.lines:
        assert line.total >= 0 <= line.discount
        assert line.tax >= 0
        assert line.total == line.unit_price * line.quantity - line.discount
        assert line.discount == quantise(line.discount, currency)


def assert_adds_up(result: Quote) -> None:
    on_top = 0 if result.prices_include_tax else result.tax_total
    assert result.total == (
        result.lines_total - result.discount_total + result.delivery_total + on_top
    )
    assert result.discount_total == sum(line.discount for line in result.lines)
    assert result.discount_total == sum(one.amount for one in result.discounts)
    taxes = sum(line.tax for line in result.lines) + result.delivery_tax
    assert taxes == result.tax_total == sum(share.amount for share in result.taxes)


@settings(max_examples=CARTS // 5, deadline=None)
@given(pieces(), rules(), CURRENCIES)
def test_every_rule_is_either_taken_off_or_explained(goods, offered, currency):
    result = quote(
        goods,
        delivery_price=Decimal("4.90"),
        delivery_tax_percent=Decimal(23),
        currency=currency,
        rules=offered,
    )

    told = [one.rule.key for one in result.discounts + result.missed]
    assert sorted(told) == [rule.key for rule in offered]


@settings(max_examples=CARTS // 5, deadline=None)
@given(pieces(), rules(), CURRENCIES)
def test_a_promotion_more_never_makes_it_dearer_when_none_stands_alone(
    goods, offered, currency
):
    def total(rules) -> Decimal:
        return quote(
            goods,
            delivery_price=Decimal("4.90"),
            delivery_tax_percent=Decimal(23),
            currency=currency,
            rules=rules,
        ).total

    assert total(offered) <= total([])
