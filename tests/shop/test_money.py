from decimal import Decimal

import pytest

from shop.money import quantise, written


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", "EUR", "1.01"),
        ("2.5", "JPY", "3"),
        ("0.0005", "KWD", "0.001"),
        ("-1.005", "EUR", "-1.01"),
    ],
)
def test_an_amount_has_the_places_of_its_currency(amount, currency, rounded):
    assert quantise(Decimal(amount), currency) == Decimal(rounded)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1240", "EUR", "€1,240.00"),
        ("1240.4", "JPY", "¥1,240"),
        ("12.5", "KWD", "12.500\u00a0KWD"),
        ("-3.2", "EUR", "−€3.20"),
    ],
)
def test_an_amount_is_written_as_shoppers_read_it(amount, currency, words):
    assert written(Decimal(amount), currency) == words
