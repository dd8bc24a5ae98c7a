"""Exports that a spreadsheet program opens as text, never as formulas."""

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value):
    """Text that would begin a formula gets an apostrophe in front; numbers stay."""
    if isinstance(value, str) and value.lstrip(" ").startswith(STARTS):
        return f"'{value}"
    return value


class HarmlessExport:
    """For a view with spreadsheet export: every cell is ``harmless``."""

    def preprocess_field_value(self, field, value, export_format):
        return harmless(super().preprocess_field_value(field, value, export_format))
