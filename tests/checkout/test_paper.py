"""Invoices and credit notes as PDF: what their pages say, on paper."""

import sys
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from checkout import crediting, invoices
from checkout.cancelling import cancel
from checkout.customers.own_data import NOBODY
from checkout.models import CreditNote, Invoice, Order, OrderLine
from checkout.orders import settle_order
from tests.builders import NOON, a_cart, a_promotion, a_variant
from tests.checkout.ordering import MARTA, a_shop_that_delivers, place

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
# Letters that a Polish, a Czech and a Greek name need.
NAME = "Łucja Żółć Čeněk Ωμέγα"


@pytest.fixture
def order() -> Order:
    a_shop_that_delivers()
    a_promotion("GLAZE10")
    buyer = type(MARTA)(**vars(MARTA) | {"name": NAME})
    cart = a_cart((a_variant(), 3), code="GLAZE10")
    return settle_order(place(cart, address=buyer).pk, now=NOON)


@pytest.fixture
def words(monkeypatch) -> list[str]:
    """What is written onto sheets. The file itself has only numbers of glyphs."""
    paper = pytest.importorskip(
        "checkout.paper", reason="the extra `pdf` is not installed"
    )
    said, normal = [], paper.Sheet.normalize_text

    def normalize_text(self, text):
        said.append(text)
        return normal(self, text)

    monkeypatch.setattr(paper.Sheet, "normalize_text", normalize_text)
    return said


def pdf_of(client, path: str) -> bytes:
    reply = client.get(path)
    assert reply.status_code == 200
    assert reply["Content-Type"] == "application/pdf"
    assert "no-store" in reply["Cache-Control"]
    assert reply["Referrer-Policy"] == "no-referrer"
    assert reply.content.startswith(b"%PDF-")
    return reply.content


def test_the_invoice_says_on_paper_what_its_page_says(client, order, words, caplog):
    path = f"{order.get_absolute_url()}invoice.pdf"
    assert client.get(path).status_code == 404
    invoice = invoices.write(order.pk, now=NOON)

    page = client.get(invoice.get_absolute_url()).content.decode()
    assert f'href="{path}"' in page
    first, again = pdf_of(client, path), pdf_of(client, path)

    paper = "\n".join(words)
    line = order.lines.get()
    for said in (
        f"Invoice {invoice.number}",
        NAME,
        line.title,
        line.sku,
        "€109.50",
        "−€10.95",
        "€103.45",
        "€84.11",
        "VAT 23 %",
        "€19.34",
        f"give the number {invoice.number}",
    ):
        assert said in paper
        assert said.replace("VAT 23 %", "23") in page
    assert first == again
    # A letter without a shape would be told.
    assert "missing" not in caplog.text


def test_a_credit_note_says_on_paper_what_its_page_says(client, order, words):
    invoices.write(order.pk, now=NOON)
    cancel(order.pk, {order.lines.get().pk: 1}, key="1", now=LATER)
    note = crediting.number(CreditNote.objects.get().pk, now=LATER)
    path = f"{note.get_absolute_url().removesuffix('/')}.pdf"

    page = client.get(note.get_absolute_url()).content.decode()
    assert f'href="{path}"' in page
    pdf_of(client, path)

    paper = "\n".join(words)
    for said in (f"Credit note {note.number}", NAME, "€32.85", "€26.71", "€6.14"):
        assert said in paper
        assert said in page
    for strange in ("1", "C2026-00002"):
        strange = path.replace(note.number, strange)
        assert client.get(strange).status_code == 404
    assert client.get(path.replace(order.token, "x")).status_code == 404


def test_paper_keeps_its_buyer_when_the_order_forgets_them(client, order, words):
    invoice = invoices.write(order.pk, now=NOON)
    Order.objects.filter(pk=order.pk).update(**NOBODY)
    # After that, too, something may go back.
    cancel(order.pk, {order.lines.get().pk: 1}, key="1", now=LATER)
    note = crediting.number(CreditNote.objects.get().pk, now=LATER)

    for page in (invoice.get_absolute_url(), note.get_absolute_url()):
        assert f"{NAME}<br>{MARTA.street}<br>" in client.get(page).content.decode()
        words.clear()
        pdf_of(client, f"{page.removesuffix('/')}.pdf")
        assert NAME in "\n".join(words)


def test_nothing_on_an_invoice_changes(order):
    invoice = invoices.write(order.pk, now=NOON)
    for change in (
        lambda: Invoice.objects.update(buyer="Nobody"),
        lambda: Invoice.objects.filter(pk=invoice.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_invoices_of_earlier_versions_get_the_buyer_of_their_order(order):
    as_issued = invoices.write(order.pk, now=NOON).buyer
    migration = import_module("checkout.migrations.0017_invoice_buyer")
    with connection.cursor() as cursor:
        cursor.execute(migration.ALLOW)
        cursor.execute("UPDATE checkout_invoice SET buyer = ''")

    migration.copy_buyers(apps, connection.schema_editor())

    assert Invoice.objects.get().buyer == as_issued


def test_many_lines_go_on_over_pages_with_the_heads_on_each(client, order, words):
    line = order.lines.get()
    for n in range(59):
        line.pk, line.sku = None, f"SKU-{n}"
        line.save(force_insert=True)
    assert OrderLine.objects.count() == 60
    invoices.write(order.pk, now=NOON)
    words.clear()

    file = pdf_of(client, f"{order.get_absolute_url()}invoice.pdf")

    pages = file.count(b"/Type /Page\n")
    assert pages > 1
    assert f"Page {pages} of {{nb}}" in words
    assert sum("Unit price" in said for said in words) >= pages


def test_without_the_extra_there_is_no_link_and_no_file(client, order, monkeypatch):
    invoice = invoices.write(order.pk, now=NOON)
    monkeypatch.setitem(sys.modules, "fpdf", None)

    page = client.get(invoice.get_absolute_url()).content.decode()

    assert "invoice.pdf" not in page
    assert client.get(f"{order.get_absolute_url()}invoice.pdf").status_code == 404
