"""Orders in the admin: seen, searched and exported, never typed over."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from checkout.models import Order
from checkout.office.today import count_today
from home.roles import Role
from tests.builders import NOON, a_cart, a_colleague, a_product, a_variant
from tests.checkout.ordering import MARTA, a_shop_that_delivers, place

pytestmark = pytest.mark.django_db
LIST = "orders_modeladmin_index"


@pytest.fixture
def order():
    return an_order()


def an_order(now=NOON, **address) -> Order:
    a_shop_that_delivers()
    variant = a_variant(a_product("Vid serving bowl"), price="36.50", now=now)
    sent_to = type(MARTA)(**vars(MARTA) | address)
    return place(a_cart((variant, 2), now=now), address=sent_to, now=now)


@pytest.fixture
def staff(client):
    user = a_colleague(Role.SHOP_STAFF)
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def read(reply) -> str:
    if reply.streaming:
        return b"".join(reply.streaming_content).decode()
    return reply.content.decode()


def test_an_order_is_found_by_its_number_and_not_by_another(staff, order):
    assert order.number in read(staff.get(reverse(LIST), {"q": order.number}))
    assert order.email not in read(staff.get(reverse(LIST), {"q": "KL-999"}))


def test_orders_are_filtered_by_status(staff, order):
    url = f"{reverse(LIST)}?status__exact="

    assert order.number in read(staff.get(url + "prepared"))
    assert order.number not in read(staff.get(url + "cancelled"))


def test_an_order_shows_lines_address_totals_and_history(staff, order):
    page = read(staff.get(reverse("orders_modeladmin_inspect", args=[order.pk])))

    for words in ("Vid serving bowl", "Rua do Forno 14", "€77.90", "stock held"):
        assert words in page


def test_an_order_is_not_edited_added_or_deleted(staff, order):
    for deed, args in (("edit", [order.pk]), ("delete", [order.pk]), ("create", [])):
        url = reverse(f"orders_modeladmin_{deed}", args=args)
        assert staff.post(url, {"email": "me@example.com"}).status_code in (302, 403)

    assert Order.objects.get().email == MARTA.email


def test_an_export_is_harmless_in_a_spreadsheet(staff):
    an_order(
        name='=HYPERLINK("http://evil.example")', city="@SUM(A1)", flat="+1", phone="-2"
    )

    row = read(staff.get(reverse(LIST), {"export": "csv"})).splitlines()[1]

    for cell in ("'=HYPERLINK", "'@SUM", "'+1", "'-2"):
        assert cell in row


def test_amounts_of_an_export_are_numbers_in_the_places_of_their_currency(staff, order):
    reply = staff.get(reverse(LIST), {"export": "csv"})

    assert reply.streaming
    assert read(reply).splitlines()[1].endswith("EUR,73.00,0.00,4.90,14.57,77.90")


def test_what_is_empty_stays_empty_in_an_export(staff):
    an_order(company="", flat="", phone="")

    row = read(staff.get(reverse(LIST), {"export": "csv"})).splitlines()[1]

    assert f"{MARTA.name},,{MARTA.street},,{MARTA.postcode}" in row


def test_xlsx_is_exported_too(staff, order):
    reply = staff.get(reverse(LIST), {"export": "xlsx"})

    assert reply.status_code == 200 and read_bytes(reply).startswith(b"PK")


def read_bytes(reply) -> bytes:
    return b"".join(reply.streaming_content)


def test_the_list_answers_no_question_of_the_address_bar(staff, order):
    order.customer = a_colleague(Role.EDITORS, "Marta")
    order.save()

    page = read(staff.get(reverse(LIST), {"customer__password__startswith": "zzz"}))

    assert order.number in page


# Today


def test_today_begins_at_midnight_in_the_shop(settings):
    settings.TIME_ZONE = "Europe/Lisbon"
    evening = NOON.replace(hour=23, minute=30)
    an_order(now=evening)

    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert count_today(now=evening).orders == 1
        assert count_today(now=evening + timedelta(hours=1)).orders == 0


def test_today_counts_what_was_agreed_and_not_what_was_cancelled(order):
    Order.objects.update(status=Order.Status.CANCELLED)
    an_order()

    today = count_today(now=NOON + timedelta(minutes=1))

    assert (today.orders, today.revenue) == (1, Decimal("77.900"))


def test_today_takes_no_more_than_three_queries(order, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        count_today(now=NOON)


def test_only_who_may_see_orders_sees_today(client, staff):
    assert 'id="today-title"' in read(staff.get("/admin/"))

    editor = a_colleague(Role.EDITORS, "Ed")
    client.force_login(
        editor, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert 'id="today-title"' not in read(client.get("/admin/"))


def test_nobody_is_offered_to_delete_an_order_even_as_superuser(admin_client, order):
    page = read(admin_client.get(reverse(LIST)))

    assert order.number in page
    assert reverse("orders_modeladmin_delete", args=[order.pk]) not in page
