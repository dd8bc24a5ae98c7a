"""A customer's orders and addresses, and what becomes of them when they leave."""

import json
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkout import invoices
from checkout.models import Cart, Order, Return, SavedAddress
from home.accounts import person
from home.models import NewsletterSubscriber
from tests.builders import NOON, a_cart, a_colleague, a_variant
from tests.checkout.ordering import a_shop_that_delivers
from tests.home.accounts.coming_in import a_shopper, log_in, prove

pytestmark = pytest.mark.django_db
User = get_user_model()
PLACE = {
    "name": "Marta Kowalska",
    "street": "Rua do Forno 14",
    "postcode": "1200-109",
    "city": "Lisboa",
    "country": "PT",
}


def an_order(email="marta@example.org", number="KL-1", **more) -> Order:
    values = PLACE | {
        "email": email,
        "status": Order.Status.FULFILLED,
        "placed_at": NOON,
        "payment_method": "invoice",
        "delivery_code": "post",
        "delivery_name": "Post",
        "lines_total": Decimal(10),
        "delivery_total": Decimal(0),
        "tax_total": Decimal(0),
        "total": Decimal(10),
    }
    return Order.objects.create(number=number, **values | more)


def a_return(order: Order, **more) -> Return:
    values = {
        "status": Return.Status.RECEIVED,
        "reason": Return.Reason.OTHER,
        "asked_at": NOON,
        "closed_at": NOON,
    }
    return order.returns.create(**values | more)


def with_line(order: Order, variant, quantity=1) -> Order:
    order.lines.create(
        variant=variant,
        sku=variant.sku,
        title="Vid serving bowl",
        quantity=quantity,
        unit_price=Decimal(10),
        total=Decimal(10) * quantity,
        tax_percent=0,
        tax=Decimal(0),
    )
    return order


@pytest.fixture
def marta(client):
    a_shop_that_delivers()
    user = a_shopper()
    log_in(client)
    return user


def text(answer) -> str:
    return answer.content.decode()


# Orders


def test_a_guests_orders_are_theirs_once_the_address_is_proven(client):
    order, other = an_order("Marta@Example.org"), an_order("jonas@x.org", "KL-2")
    user = a_shopper(verified=False)
    log_in(client)
    order.refresh_from_db()
    assert order.customer is None

    address = EmailAddress.objects.get()
    address.set_verified()
    email_confirmed.send(EmailAddress, request=None, email_address=address)
    order.refresh_from_db()
    assert order.customer == user

    late = an_order(number="KL-3")
    log_in(client)
    late.refresh_from_db()
    other.refresh_from_db()
    assert (late.customer, other.customer) == (user, None)


def test_an_order_of_another_account_is_never_claimed(client):
    jonas = a_shopper("jonas@example.org")
    order = an_order("marta@example.org", customer=jonas)

    a_shopper()
    log_in(client)

    order.refresh_from_db()
    assert order.customer == jonas


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_of_orders_asks_as_much_for_one_as_for_twenty(client, marta, n):
    for at in range(n):
        an_order(number=f"KL-{at}", customer=marta)
    client.get("/account/orders/")

    with CaptureQueriesContext(connection) as queries:
        page = client.get("/account/orders/")

    assert text(page).count("Order again") == n
    assert len(queries) <= 9


def test_the_same_again_and_what_is_missing_is_named(client, marta):
    here, gone = a_variant(stock=3), a_variant(stock=0)
    order = with_line(an_order(customer=marta), here, 2)
    with_line(order, gone)

    answer = client.post(f"/account/orders/{order.token}/again/")

    assert (answer.status_code, answer.url) == (303, "/cart/")
    item = Cart.objects.get().items.get()
    assert (item.variant, item.quantity) == (here, 2)
    assert "Not in the basket" in text(client.get("/account/"))


def test_what_is_anothers_is_not_there(client, marta):
    jonas = a_shopper("jonas@example.org")
    order = an_order(customer=jonas)
    address = SavedAddress.objects.create(customer=jonas, **PLACE)

    assert client.post(f"/account/orders/{order.token}/again/").status_code == 404
    assert order.number not in text(client.get("/account/orders/"))
    for method in (client.get, client.post):
        assert method(f"/account/addresses/{address.pk}/").status_code == 404
    for path in ("orders", "addresses", f"addresses/{address.pk}", "data"):
        assert Client().get(f"/account/{path}/").url.startswith("/account/login/")


# Addresses


def test_addresses_are_written_changed_ordered_and_taken_out(client, marta):
    client.post("/account/addresses/", PLACE)
    client.post("/account/addresses/", PLACE | {"street": "Second street 2"})
    first, second = SavedAddress.objects.all()
    assert (first.is_first, second.is_first) == (True, False)

    client.post(f"/account/addresses/{second.pk}/", {"first": "1"})
    assert [a.pk for a in SavedAddress.objects.all()] == [second.pk, first.pk]

    client.post(f"/account/addresses/{first.pk}/", PLACE | {"street": "New road 3"})
    first.refresh_from_db()
    assert first.street == "New road 3"

    client.post(f"/account/addresses/{second.pk}/", {"remove": "1"})
    assert SavedAddress.objects.get() == first


def test_a_wrong_postcode_is_told_and_what_was_typed_stays(client, marta):
    answer = client.post("/account/addresses/", PLACE | {"postcode": "1"})

    assert answer.status_code == 422 and not SavedAddress.objects.exists()
    assert "Rua do Forno 14" in text(answer) and 'href="#postcode"' in text(answer)


def test_a_book_that_is_full_says_so(client, marta):
    SavedAddress.objects.bulk_create(
        SavedAddress(customer=marta, **PLACE) for _ in range(20)
    )

    answer = client.post("/account/addresses/", PLACE)

    assert answer.status_code == 422 and "The book is full" in text(answer)


def test_checkout_begins_with_the_address_used_first_or_the_one_chosen(client, marta):
    SavedAddress.objects.create(customer=marta, is_first=True, **PLACE)
    other = PLACE | {"street": "Second street 2"}
    second = SavedAddress.objects.create(customer=marta, **other)
    client.cookies["cart"] = a_cart((a_variant(), 1)).token

    page = text(client.get("/checkout/"))
    assert "Rua do Forno 14" in page and "marta@example.org" in page
    assert "Second street 2" in text(client.get(f"/checkout/?address={second.pk}"))

    guest = Client()
    guest.cookies["cart"] = client.cookies["cart"].value
    assert "marta@example.org" not in text(guest.get("/checkout/"))


# Seeing all of it, and being forgotten


def test_the_file_holds_what_every_room_knows_and_nothing_of_others(client, marta):
    order = an_order(customer=marta)
    invoices.write(order.pk, now=NOON)
    a_return(order, words="It is too blue.")
    an_order("jonas@example.org", "KL-2", customer=a_shopper("jonas@example.org"))
    SavedAddress.objects.create(customer=marta, **PLACE)

    assert client.get("/account/data/download/").status_code == 302
    prove(client)
    answer = client.get("/account/data/download/")

    known = json.loads(text(answer))
    assert known["account"]["email"] == "marta@example.org"
    assert [order["number"] for order in known["orders"]] == ["KL-1"]
    assert known["addresses"][0]["street"] == "Rua do Forno 14"
    [paper] = known["invoices"]
    assert (paper["order__number"], paper["series__year"]) == ("KL-1", NOON.year)
    assert paper["buyer"].startswith("Marta Kowalska\nRua do Forno 14")
    assert known["returns"][0]["words"] == "It is too blue."
    assert known["credit_notes"] == []
    assert len(known["sessions"]) == 1
    assert "jonas" not in text(answer)


def test_who_leaves_is_forgotten_and_the_books_stay(client, marta):
    order = an_order(customer=marta, phone="+351 912 345 678")
    a_return(order, words="It is too blue for me, Marta.")
    SavedAddress.objects.create(customer=marta, **PLACE)
    basket = a_cart((a_variant(), 1))
    Cart.objects.filter(pk=basket.pk).update(customer=marta)
    NewsletterSubscriber.objects.create(
        email=marta.email, audience="letter", created_at=NOON
    )
    other = Client()
    log_in(other)

    prove(client)
    too_soon = client.post("/account/data/goodbye/", {"sure": "on"})
    assert too_soon.status_code == 409 and "is being written" in text(too_soon)
    invoices.write(order.pk, now=NOON)
    asked = client.post("/account/data/goodbye/")
    assert asked.status_code == 422 and User.objects.exists()
    answer = client.post("/account/data/goodbye/", {"sure": "on"})

    assert "Your account is closed" in text(answer)
    order = Order.objects.get()
    assert (order.total, order.email, order.name, order.phone) == (10, "", "", "")
    assert order.customer is None
    assert order.address_lines == []
    paper = text(client.get(order.invoice.get_absolute_url()))
    assert "Marta Kowalska<br>Rua do Forno 14<br>1200-109 Lisboa<br>Portugal" in paper
    assert "912 345" not in paper
    assert Return.objects.get().words == ""
    assert tables_that_say("Kowalska") == {"checkout_invoice"}
    assert tables_that_say("marta@example.org") == set()
    for model in (User, SavedAddress, Cart, NewsletterSubscriber, EmailAddress):
        assert not model.objects.exists(), model
    assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()
    assert other.get("/account/").status_code == 302


SAYS = "(SELECT '{0}' FROM {0} t WHERE t::text ILIKE %(like)s LIMIT 1)"


def tables_that_say(words: str) -> set[str]:
    """Every table of the database with these words in any column of a row."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = " UNION ALL ".join(SAYS.format(table) for table in tables)
        cursor.execute(counts, {"like": f"%{words}%"})
        return {table for (table,) in cursor.fetchall()}


def test_nobody_is_forgotten_while_an_order_is_on_its_way(client, marta):
    order = an_order(customer=marta, status=Order.Status.CONFIRMED)
    prove(client)

    answer = client.post("/account/data/goodbye/", {"sure": "on"})

    assert answer.status_code == 409 and "on its way" in text(answer)
    order.refresh_from_db()
    assert (order.customer, order.name) == (marta, "Marta Kowalska")


def test_nobody_is_forgotten_while_pieces_come_back(client, marta):
    order = an_order(customer=marta)
    invoices.write(order.pk, now=NOON)
    a_return(order, status=Return.Status.ACCEPTED, closed_at=None)
    prove(client)

    answer = client.post("/account/data/goodbye/", {"sure": "on"})

    assert answer.status_code == 409 and "on their way back" in text(answer)


def test_whoever_works_here_is_not_closed_by_a_button():
    with pytest.raises(person.CannotForget):
        person.erase(a_colleague("Editors"))
    assert User.objects.count() == 1


def test_all_rooms_forget_or_none(client, marta, monkeypatch):
    order = an_order(customer=marta)
    invoices.write(order.pk, now=NOON)
    monkeypatch.setattr("home.accounts.own_data.erase", lambda user: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        person.erase(marta)

    order.refresh_from_db()
    assert order.name == "Marta Kowalska"
