"""What many prices become by one rule."""

from decimal import Decimal

import pytest

from shop.bulk.rule import PriceRule, Refusal, Refused, Way


def becomes(old: str, way: str, by: str, ending: str = "", currency: str = "EUR"):
    rule = PriceRule(way, Decimal(by), Decimal(ending) if ending else None)
    return rule.price(Decimal(old), currency)


@pytest.mark.parametrize(
    ("old", "way", "by", "currency", "new"),
    [
        ("36.50", Way.PERCENT_LESS, "15", "EUR", "31.03"),
        ("36.50", Way.PERCENT_MORE, "15", "EUR", "41.98"),
        ("36.50", Way.PERCENT_LESS, "100", "EUR", "0.00"),
        ("36.50", Way.AMOUNT_LESS, "36.50", "EUR", "0.00"),
        ("36.50", Way.AMOUNT_MORE, "1.005", "EUR", "37.51"),
        ("36.50", Way.SET, "30", "EUR", "30.00"),
        ("1250", Way.PERCENT_LESS, "15", "JPY", "1063"),
        ("12.500", Way.PERCENT_LESS, "15", "KWD", "10.625"),
    ],
)
def test_a_price_is_rounded_to_the_places_of_its_currency(old, way, by, currency, new):
    assert becomes(old, way, by, currency=currency) == Decimal(new)


@pytest.mark.parametrize(
    ("old", "way", "by", "ending", "currency", "new"),
    [
        ("36.50", Way.PERCENT_LESS, "15", "0.90", "EUR", "30.90"),
        ("36.50", Way.PERCENT_LESS, "12", "0.90", "EUR", "31.90"),
        ("36.50", Way.PERCENT_MORE, "5", "0.95", "EUR", "37.95"),
        # As near as the next one below: the higher.
        ("40.00", Way.SET, "31.40", "0.90", "EUR", "31.90"),
        # The nearest would be a raise.
        ("36.60", Way.PERCENT_LESS, "0.5", "0.90", "EUR", "35.90"),
        ("1.00", Way.PERCENT_LESS, "60", "0.90", "EUR", "0.90"),
        ("1250", Way.PERCENT_LESS, "15", "0.90", "JPY", "1063"),
        ("12.500", Way.PERCENT_LESS, "15", "0.90", "KWD", "10.900"),
    ],
)
def test_a_price_ends_as_wanted_where_its_currency_has_room(
    old, way, by, ending, currency, new
):
    assert becomes(old, way, by, ending, currency) == Decimal(new)


@pytest.mark.parametrize(
    ("old", "way", "by", "ending", "why"),
    [
        ("5.00", Way.AMOUNT_LESS, "5.01", "", Refusal.BELOW_ZERO),
        ("5.00", Way.SET, "5", "", Refusal.SAME),
        ("0.02", Way.PERCENT_LESS, "10", "", Refusal.SAME),
        ("0.50", Way.PERCENT_LESS, "10", "0.90", Refusal.NO_ENDING),
        ("36.90", Way.PERCENT_LESS, "0.5", "0.90", Refusal.SAME),
        ("5.00", Way.SET, "100000000000", "", Refusal.TOO_MUCH),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(old, way, by, ending, why):
    with pytest.raises(Refused) as refused:
        becomes(old, way, by, ending)
    assert refused.value.args == (why,)
