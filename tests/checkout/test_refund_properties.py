"""Whatever is called off in whatever steps: exactly what was paid goes back."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.models import Order, OrderLine
from checkout.pricing import Piece, Quote, quote
from checkout.promotions import Kind, Rule
from checkout.worth import called_off
from shop.money import quantise
from tests.checkout.random_carts import CARTS

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])
PERCENTS = st.sampled_from([Decimal(p) for p in ("0", "6", "23", "25.5")])
AMOUNTS = st.decimals(0, 99, places=3)
LINES = st.lists(
    st.tuples(st.integers(1, 4), AMOUNTS, PERCENTS), min_size=1, max_size=3
)
RULES = st.lists(st.tuples(st.sampled_from(list(Kind)), AMOUNTS), max_size=2)


def as_ordered(result: Quote) -> tuple[Order, list[OrderLine]]:
    """The order that a quote becomes, as far as money goes back by it."""
    order = Order(
        currency=result.currency,
        prices_include_tax=result.prices_include_tax,
        total=result.total,
        taxes=[[str(share.percent), str(share.amount)] for share in result.taxes],
    )
    lines = [
        OrderLine(
            quantity=line.quantity,
            total=line.total,
            tax_percent=line.tax_percent,
            tax=line.tax,
        )
        for line in result.lines
    ]
    return order, lines


@settings(max_examples=CARTS, deadline=None)
@given(
    LINES, RULES, AMOUNTS, CURRENCIES, st.booleans(), st.randoms(use_true_random=False)
)
def test_all_pieces_together_go_back_for_what_was_paid(
    rows, offered, fee, currency, is_included, chance
):
    result = quote(
        [Piece(key, *row) for key, row in enumerate(rows)],
        delivery_price=fee,
        delivery_tax_percent=Decimal(23),
        currency=currency,
        prices_include_tax=is_included,
        rules=[Rule(key, "", *rule) for key, rule in enumerate(offered)],
    )
    order, lines = as_ordered(result)
    steps = [line for line in lines for _piece in range(line.quantity)]
    chance.shuffle(steps)

    back = Decimal(0)
    for line in steps:
        before = called_off(order, lines).amount
        line.cancelled += 1
        owed = called_off(order, lines).amount - before
        assert owed >= 0
        assert owed == quantise(owed, currency)
        back += owed

    assert back == result.total
