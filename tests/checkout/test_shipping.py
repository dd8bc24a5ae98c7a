from datetime import date
from decimal import Decimal

from checkout.shipping import Method, arrival, fee, offered


def a_method(**more) -> Method:
    return Method(
        **{
            "code": "post",
            "name": "Post",
            "promise": "",
            "price": Decimal("4.90"),
            "free_from": None,
            "countries": (),
            "least_days": 2,
            "most_days": 4,
        }
        | more
    )


def test_a_method_without_countries_goes_everywhere():
    everywhere, home = a_method(), a_method(code="collect", countries=("PT",))

    assert offered([everywhere, home], "PT") == [everywhere, home]
    assert offered([everywhere, home], "ES") == [everywhere]


def test_delivery_is_free_from_the_stated_amount_on():
    post = a_method(free_from=Decimal(60))

    assert fee(post, Decimal("59.99"), "EUR") == Decimal("4.90")
    assert fee(post, Decimal("60.00"), "EUR") == Decimal("0.00")


def test_the_weekend_does_not_count_as_working_days():
    friday = date(2026, 11, 20)

    assert arrival(a_method(), friday) == (date(2026, 11, 24), date(2026, 11, 26))


def test_what_is_ordered_on_sunday_is_not_handed_over_before_monday():
    sunday = date(2026, 11, 22)
    at_once = a_method(least_days=0, most_days=0)

    assert arrival(at_once, sunday) == (date(2026, 11, 23), date(2026, 11, 23))
