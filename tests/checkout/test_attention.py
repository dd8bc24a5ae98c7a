"""What staff are shown before they ask: what is stuck, what is running out, and the
order that a SKU leads to."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from checkout.models import Order, OrderEvent, Payment, Refund
from checkout.office.stuck import stuck_payments
from home.roles import Role
from shop.models import Stock, Variant
from shop.office.low_stock import low_stock
from tests.builders import NOON, a_cart, a_colleague, a_product, a_variant, a_warehouse
from tests.checkout.ordering import a_shop_that_delivers, place
from tests.checkout.test_admin import LIST, read
from tests.checkout.test_order_steps import BACKEND

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def staff(client):
    a_shop_that_delivers()
    client.force_login(a_colleague(Role.SHOP_STAFF), backend=BACKEND)
    return client


def an_order(*skus: str) -> Order:
    items = [(a_variant(sku=sku), 1) for sku in skus]
    return place(a_cart(*items), payment_method="fake")


def a_payment(order: Order, status=Payment.Status.WAITING, **more) -> Payment:
    said = {"provider": "fake", "amount": order.total, "currency": order.currency}
    return order.payments.create(
        status=status, **said | {"started_at": NOON, "updated_at": NOON} | more
    )


def a_debt(order: Order) -> Refund:
    payment = a_payment(order, Payment.Status.CAPTURED)
    event = order.write_event(OrderEvent.Kind.GOODWILL, now=NOON)
    return Refund.objects.create(
        order=order, payment=payment, event=event, amount=1, owed_at=NOON
    )


def test_an_order_is_found_by_a_sku_once_and_exported_so(staff):
    found, other = an_order("VID-MOSS-1", "VID-MOSS-2"), an_order("POT-1")

    for words in ("vid-moss-2", "VID-MOSS", f"{found.email} vid", found.number):
        page = read(staff.get(reverse(LIST), {"q": words}))
        assert found.number in page
        assert other.number not in page
        reply = staff.get(reverse(LIST), {"q": words, "export": "csv"})
        assert reply.streaming
        assert read(reply).count(found.number) == 1
    for words in ("MOSS-2", "VID-MOSS-3", "vid\0x"):
        assert found.number not in read(staff.get(reverse(LIST), {"q": words}))


def test_stuck_is_what_nobody_answers_for_and_what_is_owed_too_long(staff):
    silent, told, fresh, done, owing = (an_order(f"S-{n}") for n in range(5))
    stuck = [
        a_payment(silent, started_at=NOON - timedelta(minutes=1)),
        a_payment(told, started_at=LATER, alerted_at=LATER),
    ]
    a_payment(fresh, started_at=LATER)
    a_payment(done, Payment.Status.CAPTURED, alerted_at=NOON)
    debt = a_debt(owing)

    found = stuck_payments(now=LATER)

    assert found == [stuck[0], debt.payment, stuck[1]]
    assert [one.is_refund for one in found] == [False, True, False]
    Refund.objects.update(given_at=LATER)
    assert debt.payment not in stuck_payments(now=LATER)


def test_running_out_is_what_is_on_sale_with_few_left_the_most_wanted_first():
    wanted = a_product("Wanted", popularity=9, price=None)
    sold_out = a_variant(sku="GONE", stock=0)
    few = a_variant(wanted, sku="FEW", stock=5)
    a_variant(wanted, sku="ENOUGH", stock=6)
    a_variant(sku="ELSEWHERE", stock={"lisbon": 1, "porto": 9})
    a_variant(sku="OFF", stock=0, is_active=False)

    found = low_stock()

    assert [(one.sku, one.pieces) for one in found] == [("FEW", 5), ("GONE", 0)]
    assert found == [few, sold_out]


def test_each_panel_is_one_query_for_one_and_for_50(staff, django_assert_num_queries):
    order = an_order("A-0")
    a_payment(order)
    [variant] = Variant.objects.all()
    Stock.objects.update(on_hand=1)
    looks = (lambda: stuck_payments(now=LATER), low_stock)
    for look in looks:
        with django_assert_num_queries(1):
            assert len(look()) == 1

    for n in range(1, 50):
        a_payment(copy_of(order, n))
        copy = copy_of(variant, n, sku=f"A-{n}")
        Stock.objects.create(variant=copy, warehouse=a_warehouse())

    for look in looks:
        with django_assert_num_queries(1):
            assert len(look()) == 8


def copy_of(row, n: int, **more):
    """A row like this one, but for what has to be its own."""
    copy = type(row).objects.get(pk=row.pk)
    copy.pk = None
    if isinstance(copy, Order):
        more = {"cart_id": None, "number": f"KL-{n}", "token": f"token-{n}"}
    for name, value in more.items():
        setattr(copy, name, value)
    copy.save()
    return copy


def test_panels_are_for_who_may_see_orders_or_stock(client, staff):
    a_variant(sku="LAST", stock=1)
    a_payment(an_order("B-1"))
    page = read(staff.get("/admin/"))
    assert "Payments that need a look" in page
    assert "Running out" in page and f"{reverse('stock:index')}?q=LAST" in page

    editor = a_colleague(Role.EDITORS, "Ed")
    client.force_login(editor, backend=BACKEND)
    page = read(client.get("/admin/"))
    assert "need a look" not in page and "Running out" not in page
    editor.user_permissions.add(Permission.objects.get(codename="view_stock"))
    page = read(client.get("/admin/"))
    assert "need a look" not in page and "Running out" in page
