"""Exports that a spreadsheet program opens as text, never as formulas."""

import re

# Apostrophes count: one that was there before must not be taken for ours.
FORMULA = re.compile(r"'* *[=+\-@\t\r\n]")


def harmless(value):
    """Text that would begin a formula gets an apostrophe in front; numbers stay."""
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    return value


def plain(cell: str) -> str:
    """The text that ``harmless`` made the cell of."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


class HarmlessExport:
    """For a view with spreadsheet export: every cell is ``harmless``."""

    def preprocess_field_value(self, field, value, export_format):
        return harmless(super().preprocess_field_value(field, value, export_format))
