"""Promotions in the admin: made, refused when they make no sense, and counted."""

import pytest
from django.urls import reverse

from checkout.models import Promotion
from home.roles import Role
from tests.builders import a_cart, a_colleague, a_product, a_promotion, a_variant
from tests.checkout.ordering import a_shop_that_delivers, place

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Ten per cent off",
    "code": "glaze 10",
    "kind": "percent",
    "value": "10",
    "least_total": "0",
    "starts_at": "",
    "ends_at": "",
    "most_uses": "",
    "priority": "0",
    "combines": "on",
    "is_active": "on",
    "promoted-TOTAL_FORMS": "0",
    "promoted-INITIAL_FORMS": "0",
    "promoted-MIN_NUM_FORMS": "0",
    "promoted-MAX_NUM_FORMS": "1000",
}


def signed_in(client, role):
    user = a_colleague(role)
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.fixture
def staff(client):
    return signed_in(client, Role.SHOP_STAFF)


def add(client, **values):
    return client.post(reverse("promotions:add"), FIELDS | values)


def text_of(reply) -> str:
    if reply.streaming:
        return b"".join(reply.streaming_content).decode()
    return reply.content.decode()


def test_staff_make_a_promotion_whose_code_is_written_one_way(staff):
    assert add(staff).status_code == 302

    promotion = Promotion.objects.get()
    assert (promotion.code, promotion.value) == ("GLAZE10", 10)


def test_a_promotion_for_one_product(staff):
    product = a_product()

    row = {"promoted-TOTAL_FORMS": "1", "promoted-0-product": str(product.pk)}
    assert add(staff, **row).status_code == 302

    assert Promotion.objects.get().promoted.get().product == product


def test_without_a_code_it_is_everybodys_and_there_may_be_many(staff):
    for _ in range(2):
        assert add(staff, code="").status_code == 302

    assert list(Promotion.objects.values_list("code", flat=True)) == [None, None]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"value": "101"}, "100 per cent is the most."),
        ({"value": "0"}, "Say how much it takes off."),
        ({"value": "-5"}, "Say how much it takes off."),
        ({"kind": "free_delivery"}, "This kind has no amount; leave 0."),
        ({"code": "10 %"}, "Use 3 to 20 letters and digits"),
        (
            {"starts_at": "2026-11-20 12:00", "ends_at": "2026-11-20 12:00"},
            "It would end before it begins.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(staff, values, words):
    page = add(staff, **values)

    assert words in text_of(page)
    assert not Promotion.objects.exists()


def test_a_code_that_is_there_already_is_refused(staff):
    a_promotion()

    assert "already exists" in text_of(add(staff))


def test_a_limit_is_not_set_below_what_has_been_used(staff):
    a_shop_that_delivers()
    promotion = a_promotion()
    place(a_cart((a_variant(), 1), code="GLAZE10"))

    url = reverse("promotions:edit", args=[promotion.pk])
    page = staff.post(url, FIELDS | {"most_uses": "0"})

    assert "1 orders have it already." in text_of(page)


def test_the_list_counts_orders_and_the_ledger_names_them(staff):
    a_shop_that_delivers()
    a_promotion(most_uses=5)
    order = place(a_cart((a_variant(), 1), code="GLAZE10"))

    assert "1 of 5" in text_of(staff.get(reverse("promotions:index")))
    ledger = reverse("redemptions_modeladmin_index")
    assert order.number in text_of(staff.get(ledger))
    assert order.number in text_of(staff.get(ledger, {"export": "csv"}))


def test_editors_make_no_promotions(client):
    editor = signed_in(client, Role.EDITORS)

    assert add(editor).status_code in (302, 403)
    assert not Promotion.objects.exists()
