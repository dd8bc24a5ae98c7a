"""Invoices: one for each order that is sold, numbered without a gap."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from wagtail.models import Site

from checkout import invoices
from checkout.cancelling import cancel
from checkout.models import Invoice, InvoiceSeries, Order
from checkout.orders import settle_order
from home.models import SiteSettings
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    place,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.test_races import once_for_each_of

pytestmark = pytest.mark.django_db
# What workers and threads have to see.
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def an_order() -> Order:
    return settle_order(place(a_cart((a_variant(), 2))).pk, now=NOON)


def written(order: Order, now=NOON) -> Invoice | None:
    return invoices.write(order.pk, now=now)


def invoice_page(client, order: Order):
    return client.get(f"{order.get_absolute_url()}invoice/")


@commits
def test_a_worker_writes_the_invoices_of_what_was_sold():
    for _n in range(3):
        an_order()
    start_jobs_now()

    work_off_jobs()

    positions = Invoice.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == [1, 2, 3]
    assert_invariants()


def test_an_order_has_one_invoice_however_often_it_is_asked_for():
    order = an_order()

    assert written(order) == written(order)

    assert InvoiceSeries.objects.get().last == 1


def test_what_was_cancelled_before_takes_no_number():
    order = cancel(an_order().pk, key="press", now=NOON)

    assert written(order) is None
    assert not InvoiceSeries.objects.exists()


def test_numbers_begin_anew_with_the_year_of_the_shop(settings):
    settings.TIME_ZONE = "Europe/Helsinki"
    old_year = datetime(2026, 12, 31, 20, 0, tzinfo=ZoneInfo("UTC"))
    new_year = datetime(2026, 12, 31, 23, 0, tzinfo=ZoneInfo("UTC"))

    assert written(an_order(), old_year).number == "2026-00001"
    assert written(an_order(), new_year).number == "2027-00001"


@commits
def test_a_number_that_was_not_kept_is_given_to_the_next(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(Invoice.objects, "create", _die)
        with pytest.raises(RuntimeError):
            written(an_order())

    assert written(an_order()).position == 1


def _die(**values):
    raise RuntimeError("The worker was killed here.")


def at_once(n: int) -> list:
    orders = [an_order() for _n in range(n)]
    return all_at_once(written, orders)


@commits
def test_workers_at_once_leave_no_gap_and_give_no_number_twice():
    answers = at_once(8)

    assert sorted(one.position for one in answers) == list(range(1, 9))
    assert_invariants()


@commits
def test_control_without_the_lock_two_take_the_same_number(monkeypatch):
    InvoiceSeries.objects.create(year=2026)
    meet = once_for_each_of(2)

    def unlocked(kind, now):
        series = InvoiceSeries.objects.get(year=2026)
        meet()
        series.last += 1
        series.save(update_fields=["last"])
        return series

    monkeypatch.setattr(invoices, "next_of", unlocked)

    answers = at_once(2)

    assert sum(isinstance(answer, Invoice) for answer in answers) == 1


def test_the_page_says_who_sold_what_to_whom_and_how_much_tax_is_in_it(client):
    order = an_order()
    invoice = written(order)

    reply = invoice_page(client, order)

    page = reply.content.decode()
    for words in (
        f"Invoice {invoice.number}",
        "Rua do Forno 14",
        "Vid serving bowl",
        "€77.90",
        "€63.33",
        "€14.57",
        "Please pay by transfer",
    ):
        assert words in page
    assert "no-store" in reply["Cache-Control"]
    assert reply["Referrer-Policy"] == "no-referrer"


def test_the_order_leads_to_its_invoice_once_there_is_one(client):
    order = an_order()
    link = f'href="{order.get_absolute_url()}invoice/"'

    assert link not in client.get(order.get_absolute_url()).content.decode()
    assert invoice_page(client, order).status_code == 404
    written(order)
    assert link in client.get(order.get_absolute_url()).content.decode()


def test_who_does_not_know_the_link_finds_nothing(client):
    written(an_order())

    assert client.get("/order/1/invoice/").status_code == 404
    assert client.get("/order/%00/invoice/").status_code == 404


def test_the_seller_stays_as_it_was_called(client, shop_settings):
    order = an_order()
    written(order)
    shop_settings.name = "Another Name"
    shop_settings.save()

    article = invoice_page(client, order).content.decode()
    article = article[article.index("<article") : article.index("</article>")]

    assert "Kiln and Wheel" in article
    assert "Another Name" not in article


@pytest.fixture
def shop_settings() -> SiteSettings:
    shop = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    shop.name = "Kiln and Wheel"
    shop.save()
    return shop
