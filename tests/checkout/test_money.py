from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.pricing import Piece, quote
from checkout.split import split
from checkout.tax import tax_on
from shop.money import PLACES, quantise
from tests.checkout.random_carts import CARTS

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])
PERCENTS = st.sampled_from([Decimal(p) for p in ("0", "6", "13", "23", "25.5")])
AMOUNTS = st.decimals(min_value=0, max_value=99_999, places=3)


@st.composite
def pieces(draw) -> list[Piece]:
    rows = draw(st.lists(st.tuples(st.integers(1, 999), AMOUNTS, PERCENTS), max_size=8))
    return [Piece(key, *row) for key, row in enumerate(rows)]


def is_exact(amount: Decimal, currency: str) -> bool:
    return amount == quantise(amount, currency)


@settings(max_examples=CARTS // 5)
@given(pieces(), AMOUNTS, PERCENTS, CURRENCIES, st.booleans())
def test_a_quote_adds_up_to_the_last_cent(goods, fee, percent, currency, is_included):
    result = quote(
        goods,
        delivery_price=fee,
        delivery_tax_percent=percent,
        currency=currency,
        prices_include_tax=is_included,
    )

    on_top = 0 if is_included else result.tax_total
    assert result.lines_total == sum(line.total for line in result.lines)
    assert result.total == (
        result.lines_total - result.discount_total + result.delivery_total + on_top
    )
    line_taxes = sum(line.tax for line in result.lines)
    assert line_taxes + result.delivery_tax == result.tax_total
    assert sum(share.amount for share in result.taxes) == result.tax_total


@settings(max_examples=CARTS // 8)
@given(pieces(), AMOUNTS, PERCENTS, CURRENCIES)
def test_no_amount_is_negative_or_finer_than_the_currency(
    goods, fee, percent, currency
):
    result = quote(
        goods, delivery_price=fee, delivery_tax_percent=percent, currency=currency
    )

    amounts = [result.total, result.tax_total, result.lines_total]
    amounts += [line.tax for line in result.lines]
    assert all(amount >= 0 and is_exact(amount, currency) for amount in amounts)
    assert all(line.tax <= line.total for line in result.lines)
    assert result.tax_total <= result.total


@settings(max_examples=CARTS // 8)
@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=9), CURRENCIES)
def test_shares_add_up_and_none_is_a_cent_off(amount, weights, currency):
    amount = quantise(amount, currency)

    shares = split(amount, weights, currency)

    step = Decimal(1).scaleb(-PLACES.get(currency, 2))
    assert sum(shares) == amount
    if whole := sum(weights):
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - amount * weight / whole) < step


def test_the_larger_remainder_gets_the_cent():
    shares = split(Decimal("1.00"), [Decimal(1), Decimal(1), Decimal(4)], "EUR")

    assert shares == [Decimal("0.17"), Decimal("0.17"), Decimal("0.66")]


def test_nothing_is_shared_out_among_nobody():
    assert split(Decimal(0), [], "EUR") == []


def test_included_tax_is_gross_less_gross_over_one_plus_rate():
    tax = tax_on(Decimal("178.65"), Decimal(23), "EUR", is_included=True)

    assert tax == Decimal("33.41")


def test_tax_on_top_is_a_per_cent_of_the_price():
    tax = tax_on(Decimal("100.00"), Decimal(23), "EUR", is_included=False)

    assert tax == Decimal("23.00")


def test_tax_is_reckoned_on_the_sum_and_not_line_by_line():
    goods = [Piece(n, 1, Decimal("0.02"), Decimal(23)) for n in range(10)]

    result = quote(
        goods,
        delivery_price=Decimal(0),
        delivery_tax_percent=Decimal(23),
        currency="EUR",
    )

    assert result.tax_total == Decimal("0.04")


def test_taxes_are_told_apart_by_rate_highest_first():
    goods = [
        Piece(1, 1, Decimal("10.60"), Decimal(6)),
        Piece(2, 2, Decimal("12.30"), Decimal(23)),
    ]

    result = quote(
        goods,
        delivery_price=Decimal("4.92"),
        delivery_tax_percent=Decimal(23),
        currency="EUR",
    )

    shares = [(share.percent, share.base, share.amount) for share in result.taxes]
    assert shares == [
        (Decimal(23), Decimal("29.52"), Decimal("5.52")),
        (Decimal(6), Decimal("10.60"), Decimal("0.60")),
    ]


def test_a_yen_price_has_no_places():
    result = quote(
        [Piece(1, 3, Decimal("333.4"), Decimal(10))],
        delivery_price=Decimal(0),
        delivery_tax_percent=Decimal(10),
        currency="JPY",
    )

    assert (str(result.total), str(result.tax_total)) == ("999", "91")
