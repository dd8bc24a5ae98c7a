"""Credit notes: for all that an invoice is less since it was written, with its tax."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from checkout import crediting, goodwill, invoices, returns, worth
from checkout.cancelling import cancel
from checkout.fulfilment import fulfil
from checkout.invariants import violations
from checkout.models import CreditNote, Invoice, InvoiceSeries, Order, OrderLine, Refund
from checkout.orders import settle_order
from checkout.returns import Arrived
from shop.models import Variant
from tests.builders import NOON, a_cart, a_tax_rate, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    place,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.test_cancelling import invoiced, paid
from tests.checkout.test_races import once_for_each_of

pytestmark = pytest.mark.django_db
# What workers and threads have to see.
commits = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def a_mixed_order() -> Order:
    """On invoice, with two rates: 2 × 10.00 at 23 %, 3 × 3.35 at 6 %, delivery."""
    a_tax_rate("6", tax_class="reduced")
    bowl = a_variant(price="10.00")
    book = a_variant(price="3.35", tax_class=Variant.TaxClass.REDUCED)
    order = settle_order(place(a_cart((bowl, 2), (book, 3))).pk, now=NOON)
    invoices.write(order.pk, now=NOON)
    return order


def notes() -> list[tuple[Decimal, list]]:
    return [(note.amount, note.tax_shares) for note in CreditNote.objects.all()]


@commits
def test_pieces_are_credited_with_their_own_tax_and_all_together_are_the_order():
    order = a_mixed_order()
    bowl, book = order.lines.all()

    cancel(order.pk, {bowl.pk: 1, book.pk: 2}, key="1", now=LATER)
    fulfil(order.pk, key="2", now=LATER)
    returns.ask(order.pk, {bowl.pk: 1, book.pk: 1}, reason="other", key="3", now=LATER)
    arrived = {line.pk: Arrived(1, "restock") for line in (bowl, book)}
    returns.receive(order.pk, arrived, key="4", now=LATER)

    (first, first_taxes), (second, second_taxes) = notes()
    assert (first, second) == (Decimal("16.70"), Decimal("18.25"))
    assert first_taxes == [(23, Decimal("1.87")), (6, Decimal("0.38"))]
    assert first + second == order.total
    for percent, tax in order.tax_shares:
        assert dict(first_taxes)[percent] + dict(second_taxes)[percent] == tax
    assert not Refund.objects.exists()
    start_jobs_now()
    work_off_jobs()
    numbers = [note.number for note in CreditNote.objects.numbered()]
    assert [one.split("-")[1] for one in numbers] == ["00001", "00002"]
    assert_invariants()


def test_of_a_payment_what_goes_back_is_credited_once_and_never_more_than_invoiced():
    order = paid()
    invoices.write(order.pk, now=NOON)

    for _press in "12":
        goodwill.give(order.pk, Decimal("4.00"), reason="", key="1", now=LATER)
        cancel(order.pk, key="2", now=LATER)

    # 3.72 of 19.90 is tax: a fifth of it, then of what is left.
    assert notes() == [
        (Decimal("4.00"), [(23, Decimal("0.75"))]),
        (Decimal("15.90"), [(23, Decimal("2.97"))]),
    ]
    assert {refund.amount for refund in Refund.objects.all()} == {4, Decimal("15.90")}
    assert_invariants()


def test_what_was_taken_off_before_stands_in_the_invoice_and_is_not_credited(client):
    order = paid()
    goodwill.give(order.pk, Decimal("0.90"), reason="", key="1", now=NOON)
    cancel(order.pk, {order.lines.get().pk: 1}, key="2", now=NOON)

    invoice = invoices.write(order.pk, now=NOON)

    assert (invoice.called_off, invoice.due) == (Decimal("5.90"), Decimal("14.00"))
    assert notes() == []
    page = client.get(invoice.get_absolute_url()).content.decode()
    assert "−€5.90" in page and "€14.00" in page
    cancel(order.pk, key="3", now=LATER)
    again = client.get(invoice.get_absolute_url()).content.decode()
    article = slice(again.index("<article"), again.index("</article>"))
    # An invoice stays as it was written; its last line tells what there is to do now.
    assert (
        again[article].split("Without VAT")[0] == page[article].split("Without VAT")[0]
    )
    assert sum(amount for amount, _taxes in notes()) == invoice.due
    assert_invariants()


def test_the_page_says_what_is_credited_and_only_the_link_leads_to_it(client):
    order, other = a_mixed_order(), invoiced()
    bowl, _book = order.lines.all()
    cancel(order.pk, {bowl.pk: 1}, key="1", now=LATER)
    path = f"{order.get_absolute_url()}credit-notes/C2026-00001/"
    assert client.get(path).status_code == 404
    assert "Credit note" not in client.get(order.get_absolute_url()).content.decode()

    for _n in "12":
        note = crediting.number(CreditNote.objects.get().pk, now=LATER)

    assert (note.get_absolute_url(), note.number) == (path, "C2026-00001")
    assert path in client.get(order.get_absolute_url()).content.decode()
    reply = client.get(path)
    page = reply.content.decode()
    for words in ("C2026-00001", "2026-00001", bowl.sku, "€10.00", "€8.13", "€1.87"):
        assert words in page
    assert "no-store" in reply["Cache-Control"]
    assert reply["Referrer-Policy"] == "no-referrer"
    foreign = path.replace(order.token, other.token)
    for strange in (foreign, path.replace("00001", "00002"), path.replace("C2", "2")):
        assert client.get(strange).status_code == 404
    assert client.post(path).status_code == 405


def credited_orders(n: int) -> list[int]:
    for _n in range(n):
        order = invoiced()
        invoices.write(order.pk, now=NOON)
        cancel(order.pk, key="1", now=LATER)
    return [note.pk for note in CreditNote.objects.all()]


def numbered_at_once(ids: list[int]) -> list:
    return all_at_once(lambda pk: crediting.number(pk, now=LATER), ids)


@commits
def test_workers_at_once_leave_no_gap_and_give_no_number_twice():
    answers = numbered_at_once(credited_orders(4) * 2)

    assert sorted(note.position for note in answers) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert_invariants()


@commits
def test_control_without_the_lock_two_take_the_same_number(monkeypatch):
    ids, meet = credited_orders(2), once_for_each_of(2)
    InvoiceSeries.objects.create(year=2026, kind="credit_notes")

    def unlocked(kind, now):
        series = InvoiceSeries.objects.get(year=2026, kind=kind)
        meet()
        series.last += 1
        series.save(update_fields=["last"])
        return series

    monkeypatch.setattr(invoices, "next_of", unlocked)

    answers = numbered_at_once(ids)

    assert sum(isinstance(answer, CreditNote) for answer in answers) == 1


@commits
def test_what_earlier_versions_left_out_is_written_once_and_as_it_would_have_been():
    order = paid()
    invoices.write(order.pk, now=NOON)
    for n in (1, 2):
        cancel(order.pk, {order.lines.get().pk: 1}, key=f"{n}", now=LATER)
    goodwill.give(order.pk, Decimal("1.00"), reason="", key="3", now=LATER)
    as_written = notes()
    CreditNote.objects.all().delete()
    lacking = invoiced()
    start_jobs_now()
    broken = {rule.name for rule, _words in violations()}
    assert broken == {"what goes back after an invoice was written is credited on it"}
    unwritten = Invoice.objects.filter(order=lacking)
    assert not unwritten.exists()

    said = [StringIO(), StringIO()]
    for stdout in said:
        call_command("write_missing_invoices", stdout=stdout)

    assert said[0].getvalue() == "1 invoices, 3 credit notes.\n"
    assert said[1].getvalue() == "0 invoices, 0 credit notes.\n"
    assert unwritten.exists()
    assert notes() == as_written
    assert_invariants()


@given(st.data())
def test_whatever_the_steps_amount_and_tax_add_up_to_the_order(data):
    places = data.draw(st.sampled_from([("EUR", 2), ("JPY", 0), ("KWD", 3)]))
    order = Order(currency=places[0], prices_include_tax=data.draw(st.booleans()))
    lines, taxes = [], {}
    for _n in range(data.draw(st.integers(1, 4))):
        cents = data.draw(st.integers(0, 9_999))
        total = Decimal(cents).scaleb(-places[1])
        tax = Decimal(data.draw(st.integers(0, cents))).scaleb(-places[1])
        percent = data.draw(st.sampled_from([Decimal(6), Decimal(23)]))
        quantity = data.draw(st.integers(1, 9))
        taxes[percent] = taxes.get(percent, 0) + tax
        lines.append(
            OrderLine(quantity=quantity, total=total, tax=tax, tax_percent=percent)
        )
    order.taxes = [[str(percent), str(tax)] for percent, tax in taxes.items()]
    order.total = sum(line.total for line in lines) + 5
    if not order.prices_include_tax:
        order.total += sum(taxes.values())

    before, together = worth.called_off(order, lines), worth.Worth(Decimal(0), {})
    while any(line.left for line in lines):
        line = data.draw(st.sampled_from([line for line in lines if line.left]))
        line.cancelled += data.draw(st.integers(1, line.left))
        after = worth.called_off(order, lines)
        step = after - before
        assert step.amount >= 0 and min(step.taxes.values()) >= 0
        before, together = after, together + step

    assert together.amount == order.total
    assert together.as_text() == worth.of_order(order).as_text()
