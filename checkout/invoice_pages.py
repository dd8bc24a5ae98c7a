"""Invoices and credit notes, behind the link of their order: as pages that print on A4,
and as PDF where the shop has the extra for it."""

from importlib.util import find_spec

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checkout.models import CreditNote, Invoice, OrderLine
from checkout.order_pages import count_of, of_token, quietly
from home.cacheable import private


def has_pdf() -> bool:
    """Whether the extra ``pdf`` is installed."""
    return find_spec("fpdf") is not None


@private
@require_safe
def invoice(request, token: str):
    order = of_token(token)
    context = {
        "invoice": _invoice(order),
        "order": order,
        "pieces": count_of(order),
        "has_pdf": has_pdf(),
    }
    return quietly(render(request, "checkout/invoice.html", context))


@private
@require_safe
def invoice_pdf(request, token: str):
    order = of_token(token)
    found = _invoice(order)
    body = _paper().invoice(found, order, order.order_lines)
    return _pdf(body, f"invoice-{found.number}")


@private
@require_safe
def credit_note(request, token: str, number: str):
    order = of_token(token)
    note = _note(order, number)
    context = {
        "note": note,
        "order": order,
        "pieces": _pieces(order, note),
        "has_pdf": has_pdf(),
    }
    return quietly(render(request, "checkout/credit_note.html", context))


@private
@require_safe
def credit_note_pdf(request, token: str, number: str):
    order = of_token(token)
    note = _note(order, number)
    body = _paper().credit_note(note, _pieces(order, note))
    return _pdf(body, f"credit-note-{note.number}")


def _invoice(order) -> Invoice:
    """
    Raises:
        Http404
    """
    found = Invoice.objects.select_related("series").filter(order=order).first()
    if found is None:
        raise Http404
    found.order = order
    return found


def _note(order, number: str) -> CreditNote:
    """
    Raises:
        Http404
    """
    notes = order.credit_notes.numbered().select_related("invoice__series", "event")
    note = next((note for note in notes if note.number == number), None)
    if note is None:
        raise Http404
    return note


def _pieces(order, note: CreditNote) -> list[tuple[OrderLine, int]]:
    lines = {line.pk: line for line in order.order_lines}
    return [(lines[line_id], n) for line_id, n in note.event.pieces]


def _paper():
    """
    Raises:
        Http404
    """
    if not has_pdf():
        raise Http404
    from checkout import paper

    return paper


def _pdf(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return quietly(response)
