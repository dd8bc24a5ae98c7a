import pytest

from checkout.errors import QuantityRefused
from checkout.quantities import fit, parse

Reason = QuantityRefused.Reason


@pytest.mark.parametrize(
    ("text", "quantity"), [("1", 1), (" 7 ", 7), ("007", 7), ("0", 0), ("999", 999)]
)
def test_plain_digits_are_a_quantity(text, quantity):
    assert parse(text) == quantity


@pytest.mark.parametrize(
    "text",
    ["", " ", "-1", "+3", "1e9", "2.5", "2,5", "0x1", "４", "٣", "²", "1 2", "one"]
    + ["1\n", "\t1", "1\0", "1_0", "½"],
)
def test_anything_else_is_not_guessed_at(text):
    with pytest.raises(QuantityRefused) as refusal:
        parse(text)

    assert refusal.value.reason == Reason.NOT_A_NUMBER


@pytest.mark.parametrize("text", ["1000", "99999", "9" * 5000])
def test_more_than_999_of_one_piece_is_refused(text):
    with pytest.raises(QuantityRefused) as refusal:
        parse(text)

    assert refusal.value.reason == Reason.TOO_MANY


def test_more_than_is_left_is_refused_with_what_is_left():
    with pytest.raises(QuantityRefused) as refusal:
        fit(4, left=3, in_cart=1)

    assert (refusal.value.reason, refusal.value.left) == (Reason.ABOVE_STOCK, 3)
    assert refusal.value.in_cart == 1
