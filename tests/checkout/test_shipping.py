from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from checkout.errors import DeliveryNotOffered
from checkout.models import DeliveryMethod, DeliveryRate
from checkout.review import review
from checkout.shipping import Method, Parcel, Rate, arrival, fee, offered
from home.roles import Role
from tests.builders import (
    NOON,
    a_cart,
    a_colleague,
    a_delivery_method,
    a_tax_rate,
    a_variant,
)
from tests.checkout.ordering import place


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


def a_parcel(country="PT", total="20.00", weight_g=500) -> Parcel:
    return Parcel(country, Decimal(total), weight_g)


def a_rate(price="7.00", **more) -> Rate:
    return Rate(Decimal(price), **more)


def test_a_method_without_countries_goes_everywhere():
    everywhere, home = a_method(), a_method(code="collect", countries=("PT",))

    assert offered([everywhere, home], a_parcel("PT")) == [everywhere, home]
    assert offered([everywhere, home], a_parcel("ES")) == [everywhere]


def test_delivery_is_free_from_the_stated_amount_on():
    post = a_method(free_from=Decimal(60))

    assert fee(post, a_parcel(total="59.99"), "EUR") == Decimal("4.90")
    assert fee(post, a_parcel(total="60.00"), "EUR") == Decimal("0.00")


@pytest.mark.parametrize(
    ("weight_g", "price"), [(0, 3), (1000, 3), (1001, 7), (5000, 7)]
)
def test_a_rate_counts_up_to_its_weight(weight_g, price):
    rates = (a_rate("3", most_g=1000), a_rate("7", most_g=5000))

    assert fee(a_method(rates=rates), a_parcel(weight_g=weight_g), "EUR") == price


def test_what_no_rate_fits_does_not_travel_that_way():
    post, van = a_method(rates=(a_rate(most_g=5000),)), a_method(code="van")

    assert offered([post, van], a_parcel(weight_g=5001)) == [van]


def test_zones_have_prices_of_their_own_and_the_first_that_fits_counts():
    iberia, rest = a_rate("5", countries=("PT", "ES")), a_rate("12")
    post = a_method(rates=(iberia, rest))

    assert fee(post, a_parcel("ES"), "EUR") == 5
    assert fee(post, a_parcel("FI"), "EUR") == 12


def test_a_rate_may_count_from_a_total_on():
    rates = (a_rate("0", least_total=Decimal(50)), a_rate("6"))

    assert fee(a_method(rates=rates), a_parcel(total="50.00"), "EUR") == 0
    assert fee(a_method(rates=rates), a_parcel(total="49.99"), "EUR") == 6


def test_what_is_too_heavy_is_not_free_either():
    post = a_method(free_from=Decimal(60), rates=(a_rate(most_g=5000),))

    assert offered([post], a_parcel(total="80.00", weight_g=9000)) == []


def test_the_weekend_does_not_count_as_working_days():
    friday = date(2026, 11, 20)

    assert arrival(a_method(), friday) == (date(2026, 11, 24), date(2026, 11, 26))


def test_what_is_ordered_on_sunday_is_not_handed_over_before_monday():
    sunday = date(2026, 11, 22)
    at_once = a_method(least_days=0, most_days=0)

    assert arrival(at_once, sunday) == (date(2026, 11, 23), date(2026, 11, 23))


def a_post_by_weight() -> DeliveryMethod:
    a_tax_rate()
    post = a_delivery_method("post", "4.90")
    for order, (price, most_g) in enumerate([("3.10", 1000), ("7.20", 5000)]):
        DeliveryRate.objects.create(
            method=post, price=Decimal(price), most_g=most_g, sort_order=order
        )
    return post


@pytest.mark.django_db(transaction=True)
def test_a_basket_pays_by_the_weight_of_all_its_pieces():
    a_post_by_weight()
    bowl = a_variant(price="10.00", weight_g=600)

    assert place(a_cart((bowl, 1))).delivery_total == Decimal("3.10")
    assert place(a_cart((bowl, 2))).delivery_total == Decimal("7.20")


@pytest.mark.django_db(transaction=True)
def test_a_basket_that_has_grown_too_heavy_is_not_ordered():
    a_post_by_weight()

    with pytest.raises(DeliveryNotOffered):
        place(a_cart((a_variant(weight_g=600), 9)))


@pytest.mark.django_db
@pytest.mark.parametrize("methods", [1, 5])
def test_rates_are_read_with_their_methods(methods, django_assert_num_queries):
    for n in range(methods):
        method = a_delivery_method(f"post-{n}")
        DeliveryRate.objects.create(method=method, price=Decimal("3.10"))
    cart = a_cart((a_variant(), 1))

    with django_assert_num_queries(4):
        options = review(cart, now=NOON).options

    assert len(options) == methods
    assert options[0].rates == (a_rate("3.10"),)


@pytest.mark.django_db
def test_rates_are_set_with_their_method_in_the_admin(client):
    user = a_colleague(Role.ADMINISTRATORS)
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    post = a_delivery_method("post", "4.90")
    fields = {
        "name": "Post",
        "code": "post",
        "price": "4.90",
        "countries": "PT,ES",
        "least_days": "2",
        "most_days": "4",
        "position": "0",
        "is_active": "on",
        "rates-TOTAL_FORMS": "1",
        "rates-INITIAL_FORMS": "0",
        "rates-MIN_NUM_FORMS": "0",
        "rates-MAX_NUM_FORMS": "1000",
        "rates-0-price": "3.10",
        "rates-0-countries": "PT",
        "rates-0-most_g": "1000",
        "rates-0-ORDER": "1",
    }

    reply = client.post(reverse("delivery-methods:edit", args=[post.pk]), fields)

    assert reply.status_code == 302
    [rate] = post.rates.all()
    assert (rate.price, rate.countries, rate.most_g) == (Decimal("3.10"), ["PT"], 1000)
