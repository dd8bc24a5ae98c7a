"""A file as rows of cells, whichever program wrote it."""

import codecs
import csv
import difflib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from home.spreadsheets import plain
from shop.sheets.columns import SKU, Column, Known

MOST_BYTES = 16 * 2**20
MOST_ROWS = 100_000
SEPARATORS = ",;\t"
OTHER_KINDS = {
    b"PK\x03\x04": "XLSX",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


class FileRefused(Exception):
    """It cannot be read as a sheet; the words say why and what helps."""


@dataclass(frozen=True)
class Row:
    """``number`` counts as a spreadsheet does: the headings are row 1. ``problem`` is
    why its cells cannot be told apart, if so."""

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file whose headings are understood."""

    content: bytes
    encoding: str
    separator: str
    columns: tuple[Column, ...]

    @property
    def has_decimal_comma(self) -> bool:
        """Who separates cells by something else may write 36,50."""
        return self.separator != ","

    def rows(self) -> Iterator[Row]:
        """Rows in which anything stands, one at a time: their memory is that of one.

        Raises:
            FileRefused: a quotation mark is not closed, or a cell is endless.
        """
        lines = _lines(self.content, self.encoding, self.separator)
        next(lines)
        for number, cells in enumerate(lines, start=2):
            if any(cells):
                yield self._row(number, cells)

    def _row(self, number: int, cells: list[str]) -> Row:
        wanted = len(self.columns)
        _drop_empty_end(cells, wanted)
        if len(cells) != wanted:
            words = _("There are %(n)d cells instead of %(wanted)d.")
            return Row(number, {}, words % {"n": len(cells), "wanted": wanted})
        named = zip(self.columns, cells, strict=True)
        return Row(number, {column.name: plain(cell) for column, cell in named})


def opened(content: bytes, known: Known) -> Sheet:
    """The file as a sheet of columns that this shop has. Reads all of it once.

    Raises:
        FileRefused
    """
    _refuse_other_kinds(content)
    encoding = _encoding(content)
    head = content[:65536].decode(encoding, errors="ignore")
    separator = max(SEPARATORS, key=re.split("[\r\n]", head, maxsplit=1)[0].count)
    lines = _lines(content, encoding, separator)
    columns = _columns(next(lines, []), known)
    # To the end: what breaks off in the middle must not be half imported.
    rows = sum(1 for cells in lines if any(cells))
    if rows == 0:
        raise FileRefused(_("There is nothing below the headings."))
    if rows > MOST_ROWS:
        words = _("There are more than %(n)d rows. Please cut it into several files.")
        raise FileRefused(words % {"n": MOST_ROWS})
    return Sheet(content, encoding, separator, columns)


def refuse_too_large(size: int) -> None:
    """
    Raises:
        FileRefused
    """
    if size > MOST_BYTES:
        words = _("The file is larger than %(n)d MB. Please cut it into several.")
        raise FileRefused(words % {"n": MOST_BYTES // 2**20})


def _refuse_other_kinds(content: bytes) -> None:
    refuse_too_large(len(content))
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    for beginning, kind in OTHER_KINDS.items():
        if content.startswith(beginning):
            words = _(
                "This is a file of another kind (%(kind)s). Save it as CSV UTF-8."
            )
            raise FileRefused(words % {"kind": kind})


def _encoding(content: bytes) -> str:
    """UTF-8, with or without its mark, else what Windows writes."""
    is_marked = content.startswith(codecs.BOM_UTF8)
    for encoding in ("utf-8-sig",) if is_marked else ("utf-8-sig", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    words = _("The letters are neither UTF-8 nor Windows-1252. Save it as CSV UTF-8.")
    raise FileRefused(words)


def _lines(content: bytes, encoding: str, separator: str) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    lines = csv.reader(text, delimiter=separator, strict=True)
    try:
        yield from lines
    except csv.Error as error:
        words = _("From line %(n)d on it cannot be read as CSV: %(why)s.")
        raise FileRefused(words % {"n": lines.line_num, "why": error}) from None


def _columns(headings: list[str], known: Known) -> tuple[Column, ...]:
    _drop_empty_end(headings, 0)
    names = [plain(heading).strip().lower() for heading in headings]
    unknown = [name for name in names if name not in known.columns]
    if unknown:
        words = _("There is no column %(names)s.") % {"names": _quoted(unknown)}
        raise FileRefused(f"{words} {_meant(unknown, known)}".strip())
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FileRefused(_("Twice there: %(names)s.") % {"names": _quoted(twice)})
    if SKU.name not in names:
        raise FileRefused(_("The column “sku” is missing."))
    return tuple(known.columns[name] for name in names)


def _drop_empty_end(cells: list[str], wanted: int) -> None:
    """Spreadsheets write columns that somebody has emptied."""
    while len(cells) > wanted and not cells[-1].strip():
        cells.pop()


def _meant(unknown: list[str], known: Known) -> str:
    near = [difflib.get_close_matches(name, known.columns, n=1) for name in unknown]
    names = [match for matches in near for match in matches]
    return _("Meant: %(names)s?") % {"names": _quoted(names)} if names else ""


def _quoted(names: list[str]) -> str:
    return ", ".join(f"“{name.replace(chr(0), '␀')[:60]}”" for name in names[:10])
