"""A sheet is understood whichever program wrote it, or refused with the reason."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given

from home.spreadsheets import harmless, plain
from shop.sheets import reading
from shop.sheets.cells import Reader, Unreadable, clean_html, written
from shop.sheets.columns import Known
from shop.sheets.reading import FileRefused, opened
from tests.shop.sheets import CELL_TEXTS

KNOWN = Known(
    categories={"tableware/bowls": 1},
    brands={"mare": 2},
    values={"colour": {"moss": 3, "oat": 4}},
    words={3: "Moss", 4: "Oat"},
    options=frozenset({"colour"}),
    warehouses={"lisbon": 5},
)
ROWS = 'sku,title\r\nV-1,"Bowl, ""Vid""\nof clay"\r\nV-2,Tigela de café\r\n'
CELLS = [("V-1", 'Bowl, "Vid"\nof clay'), ("V-2", "Tigela de café")]


def cells(content: bytes) -> list[tuple]:
    return [tuple(row.cells.values()) for row in opened(content, KNOWN).rows()]


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        opened(content, KNOWN)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_letters_are_understood(encoding):
    assert cells(ROWS.encode(encoding)) == CELLS


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_ends_of_lines_are_understood(separator, end):
    text = f"SKU{separator} title {end}V-1{separator}Vid{end}{separator}{end}"

    assert cells(text.encode()) == [("V-1", "Vid")]


def test_empty_columns_at_the_end_are_none():
    assert cells(b"sku;title;;\nV-1;Vid;;\nV-2;;;\n") == [("V-1", "Vid"), ("V-2", "")]


def test_rows_are_numbered_as_a_spreadsheet_does():
    text = 'sku,title\nV-1,"one\ntwo"\n,\nV-2,Vid\n'

    assert [row.number for row in opened(text.encode(), KNOWN).rows()] == [2, 4]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"sku,title\n", "nothing below"),
        (b"PK\x03\x04 rest", "XLSX"),
        (b"\xff\xfes\x00k\x00u\x00", "UTF-16"),
        (b"sku,title\n\x81,\x8d", "neither UTF-8 nor Windows-1252"),
        (b"\xef\xbb\xbfsku,title\nV,\xe9", "neither UTF-8 nor Windows-1252"),
        (b"sku,titel\nV,x", "no column “titel”. Meant: “title”?"),
        (b"sku,<x>,attribute:size\nV,x,y", "“<x>”, “attribute:size”"),
        (b"s\x00ku\nV", "“s␀ku”"),
        (b"sku,title,sku\nV,x,V", "Twice there: “sku”"),
        (b"title\nx", "“sku” is missing"),
        (b'sku,title\nV-1,"x', "From line 2 on"),
        (b"sku,title\nV-1," + b"x" * 200_000, "From line 2 on"),
    ],
)
def test_what_cannot_be_a_sheet_is_refused_with_the_reason(content, words):
    assert words in refusal(content)


def test_a_file_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 1)
    assert "more than 1 rows" in refusal(b"sku\nV-1\nV-2")

    monkeypatch.setattr(reading, "MOST_BYTES", 5)
    assert "larger" in refusal(b"sku\nV-1\n")


def test_a_row_with_a_cell_too_many_or_too_few_is_told_and_the_others_are_read():
    rows = list(opened(b"sku,title\nV-1\nV-2,x,y\nV-3,x", KNOWN).rows())

    assert [bool(row.problem) for row in rows] == [True, True, False]


# Cells


def read(name: str, text: str, *, has_decimal_comma=False):
    reader = Reader(KNOWN, "EUR", has_decimal_comma=has_decimal_comma)
    return reader.read(KNOWN.columns[name], text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("sku", " V-1 ", "V-1"),
        ("handle", "", None),
        ("title", "", None),
        ("label", "", ""),
        ("label", " as it is ", " as it is "),
        ("category", "/tableware/bowls/", "tableware/bowls"),
        ("category", "", None),
        ("brand", "", ""),
        ("live", "Yes", True),
        ("on_sale", "0", False),
        ("live", "", None),
        ("tax_class", "Reduced", "reduced"),
        ("weight_g", "450", 450),
        ("attribute:colour", "oat | moss", ("moss", "oat")),
        ("option:colour", "", ()),
        ("price", "1240.5", Decimal("1240.5")),
        ("price", "", None),
        ("currency", "eur", "EUR"),
        ("stock:lisbon", "0", 0),
        ("stock:lisbon", "", None),
    ],
)
def test_a_cell_is_a_value(name, text, value):
    assert read(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("title", "a\0b", "null byte"),
        ("title", "x" * 121, "121 characters long; at most 120"),
        ("sku", "x" * 41, "at most 40"),
        ("handle", "a b", "letters, digits"),
        ("category", "bowls", "no such category: bowls"),
        ("brand", "nobody", "no such brand: nobody"),
        ("live", "perhaps", "neither yes nor no"),
        ("tax_class", "none", "standard, reduced, zero"),
        ("weight_g", "4.5", "whole number"),
        ("weight_g", "4" * 11, "whole number"),
        ("attribute:colour", "moss|red", "no such value: red"),
        ("price", "36,50", "like 1240.50"),
        ("price", "€36", "like 1240.50"),
        ("price", "-1", "below zero"),
        ("price", "1" * 12, "like 1240.50"),
        ("stock:lisbon", "-3", "below zero"),
        ("stock:lisbon", "1000001", "up to 1000000"),
        ("stock:lisbon", "٣", "whole number"),
    ],
)
def test_a_cell_that_makes_no_sense_is_told(name, text, words):
    with pytest.raises(Unreadable, match=words):
        read(name, text)


def test_prices_have_a_comma_where_cells_are_separated_by_something_else():
    assert read("price", "36,50", has_decimal_comma=True) == Decimal("36.50")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<p>A <b>bowl</b></p>", "<p>A <b>bowl</b></p>"),
        ("<p onclick='x()'>A<script>x()</script></p>", "<p>Ax()</p>"),
        ("<a href='javascript:x()'>A</a>", "<a>A</a>"),
        ("<a href='https://a.example/'>A</a>", '<a href="https://a.example/">A</a>'),
        ("salt & pepper", "salt &amp; pepper"),
        ("<img src=x onerror=x()>", ""),
    ],
)
def test_a_description_keeps_what_its_editor_could_have_written(text, kept):
    assert clean_html(text) == kept
    assert clean_html(kept) == kept


# Formulas


@given(CELL_TEXTS)
def test_a_formula_becomes_text_and_comes_back_as_it_was(text):
    cell = harmless(text)

    assert plain(cell) == text
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_text_that_begins_as_a_harmless_one_is_told_from_it():
    assert plain(harmless("=1")) == "=1"
    assert plain(harmless("'=1")) == "'=1"
    assert harmless("'tis") == "'tis" == plain("'tis")


@given(CELL_TEXTS)
def test_any_title_survives_a_sheet(title):
    text = io.StringIO()
    csv.writer(text).writerows([["sku", "title"], ["V-1", harmless(written(title))]])

    [row] = opened(text.getvalue().encode("utf-8-sig"), KNOWN).rows()

    assert row.cells["title"] == title
