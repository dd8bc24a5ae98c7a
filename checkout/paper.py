"""Invoices and credit notes as PDF, with the words and amounts of their pages. Needs
the extra ``pdf``; nobody else imports it where that is not installed."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from checkout.models import CreditNote, Invoice, Order, OrderLine
from shop.money import written

FONTS = Path(__file__).parent / "fonts"
MARGIN_MM, LINE_MM = 20, 5
TEXT_PT, SMALL_PT, TITLE_PT = 9.5, 8, 20
NUMBERS = "RIGHT"


class Sheet(FPDF):
    """A4, with the seller's name and the page's number at its foot."""

    def __init__(self, title: str, seller: str, issued_at):
        super().__init__()
        self.seller = seller
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font("Noto Sans", style, FONTS / f"NotoSans-{name}.ttf")
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(True, MARGIN_MM)
        self.set_title(title)
        self.set_author(seller)
        self.set_lang(get_language() or "en")
        # The same document is the same bytes.
        self.set_creation_date(issued_at)
        self.add_page()
        self.write_words(title, TITLE_PT, "B")

    def footer(self) -> None:
        self.set_y(-MARGIN_MM + LINE_MM)
        self.set_font("Noto Sans", "", SMALL_PT)
        page = _("Page %(n)d of {nb}") % {"n": self.page_no()}
        self.cell(text=self.seller)
        self.set_x(MARGIN_MM)
        self.cell(w=self.epw, text=page, align="R")

    def write_words(self, words: str, size: float = TEXT_PT, style: str = "") -> None:
        self.set_font("Noto Sans", style, size)
        self.multi_cell(
            0, size * 0.5, words, align="L", new_x="LMARGIN", new_y="NEXT", padding=1
        )

    def write_table(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
    ) -> None:
        """The first column is words, all others numbers; heads return on each page."""
        self.ln(LINE_MM)
        self.set_font("Noto Sans", "", SMALL_PT)
        with self.table(
            col_widths=widths,
            text_align=("LEFT", *[NUMBERS] * (len(heads) - 1)),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="B"),
            line_height=LINE_MM,
            padding=0.8,
        ) as table:
            for row in (heads, *rows):
                table.row(row)

    def write_sums(self, sums: Iterable[tuple[str, str, bool]]) -> None:
        """(words, amount, whether it is what counts), at the right-hand side."""
        self.ln(LINE_MM)
        for words, amount, is_sum in sums:
            self.set_font("Noto Sans", "B" if is_sum else "", TEXT_PT)
            self.set_x(MARGIN_MM + self.epw / 2)
            self.cell(self.epw / 2 - 35, LINE_MM + 1, words)
            self.cell(35, LINE_MM + 1, amount, align="R", new_x="LMARGIN", new_y="NEXT")

    def write_beside(self, *columns: tuple[str, str]) -> None:
        """Columns of (heading, words)."""
        self.ln(LINE_MM)
        self.set_font("Noto Sans", "", TEXT_PT)
        with self.table(
            borders_layout=TableBordersLayout.NONE,
            headings_style=FontFace(emphasis="B"),
            text_align="LEFT",
            line_height=LINE_MM,
        ) as table:
            table.row([heading for heading, _words in columns])
            table.row([words for _heading, words in columns])


def invoice(of: Invoice, order: Order, lines: Sequence[OrderLine]) -> bytes:
    sheet = _sheet(
        _("Invoice %(number)s") % {"number": of.number},
        _("Issued on %(day)s for order %(order)s, placed on %(placed)s.")
        % {"day": _day(of.issued_at), "order": order, "placed": _day(order.placed_at)},
        of,
        of.issued_at,
    )
    heads = [_("Piece"), _("Quantity"), _("Unit price"), _("Discount"), _("VAT")]
    sheet.write_table(
        [*heads, _("Total")],
        [
            (
                _described(line),
                str(line.quantity),
                written(line.unit_price, line.currency),
                written(-line.discount, line.currency) if line.discount else "",
                _percent(line.tax_percent),
                written(line.total, line.currency),
            )
            for line in lines
        ],
        (40, 10, 14, 12, 9, 15),
    )
    sheet.write_sums(_sums_of(of, order))
    if not order.is_paid_online and of.due:
        sheet.ln(LINE_MM)
        said = _("Please pay by transfer and give the number %(number)s.")
        sheet.write_words(said % {"number": of.number})
    return bytes(sheet.output())


def credit_note(of: CreditNote, pieces: Sequence[tuple[OrderLine, int]]) -> bytes:
    sheet = _sheet(
        _("Credit note %(number)s") % {"number": of.number},
        _("Issued on %(day)s on invoice %(invoice)s of %(issued)s.")
        % {
            "day": _day(of.issued_at),
            "invoice": of.invoice.number,
            "issued": _day(of.invoice.issued_at),
        },
        of.invoice,
        of.issued_at,
    )
    if pieces:
        sheet.write_table(
            [_("Piece"), _("Quantity"), _("VAT")],
            [(_described(x), str(n), _percent(x.tax_percent)) for x, n in pieces],
            (70, 15, 15),
        )
    else:
        sheet.ln(LINE_MM)
        sheet.write_words(_("A reduction of the price afterwards."))
    taxes = _taxes(of.net, of.tax_shares, of.currency)
    sheet.write_sums([*taxes, (_("Total"), written(of.amount, of.currency), True)])
    return bytes(sheet.output())


def _sheet(title: str, words: str, of: Invoice, issued_at) -> Sheet:
    sheet = Sheet(title, of.seller_name, issued_at)
    sheet.write_words(words)
    is_named = of.seller_name in of.seller_address
    name = "" if is_named else of.seller_name
    seller = "\n".join(filter(None, (name, of.seller_address, of.seller_email)))
    sheet.write_beside((_("Sold by"), seller), (_("Sold to"), of.buyer))
    return sheet


def _sums_of(of: Invoice, order: Order) -> list[tuple[str, str, bool]]:
    def shown(words: str, amount: Decimal, is_sum: bool = False):
        return words, written(amount, order.currency), is_sum

    sums = [shown(_("Pieces"), order.lines_total)]
    sums += [shown(words, -off) for words, off in order.reductions if off]
    sums += [shown(_("Delivery"), order.delivery_total)]
    sums += [shown(_("Total"), order.total, not of.called_off)]
    if of.called_off:
        sums += [shown(_("Cancelled or returned since"), -of.called_off)]
        sums += [shown(_("What is left"), of.due, True)]
    return sums + _taxes(of.net, of.tax_shares, order.currency)


def _taxes(net: Decimal, shares, currency: str) -> list[tuple[str, str, bool]]:
    taxes = [
        (_("VAT %(percent)s") % {"percent": _percent(x)}, written(tax, currency), False)
        for x, tax in shares
    ]
    return [(_("Without VAT"), written(net, currency), False), *taxes]


def _described(line: OrderLine) -> str:
    named = ", ".join(filter(None, (line.title, line.option_label)))
    return f"{named}\n{line.sku}"


def _percent(percent: Decimal) -> str:
    return f"{percent.normalize():f} %"


def _day(moment) -> str:
    return date_format(localtime(moment), "j F Y")
