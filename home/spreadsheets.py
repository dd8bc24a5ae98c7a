"""Exports that a spreadsheet program opens as text, never as formulas."""

from decimal import Decimal

from shop.money import quantise

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value):
    """Text that would begin a formula gets an apostrophe in front; numbers stay."""
    if isinstance(value, str) and value.lstrip(" ").startswith(STARTS):
        return f"'{value}"
    return value


def in_places(value, item):
    """An amount in the places of the item's currency: 36.50, not 36.500."""
    if isinstance(value, Decimal):
        return quantise(value, item.currency)
    return value


class HarmlessExport:
    """For a view with spreadsheet export of items that have a currency: every cell is
    ``harmless`` and every amount ``in_places``."""

    def to_row_dict(self, item):
        row = super().to_row_dict(item)
        return {field: in_places(value, item) for field, value in row.items()}

    def preprocess_field_value(self, field, value, export_format):
        return harmless(super().preprocess_field_value(field, value, export_format))
