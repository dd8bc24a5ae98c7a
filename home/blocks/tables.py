from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import (
    TypedTableBlock,
    TypedTableBlockValidationError,
)

from home.blocks.base import ShopBlock

MOST_COLUMNS, MOST_ROWS = 8, 60


class CellsBlock(TypedTableBlock):
    """Cells of plain words under headings, with a caption that names the table."""

    words = blocks.CharBlock(label=_("Words"), required=False, max_length=200)

    def clean(self, table):
        if words := self._complaint(table):
            raise TypedTableBlockValidationError(non_block_errors=[words])
        return super().clean(table)

    def _complaint(self, table):
        if len(table.columns) > MOST_COLUMNS or len(table.row_data) > MOST_ROWS:
            return _("At most eight columns and sixty rows: split the table.")
        if self.is_deferred_validation:
            return ""
        if not table.columns or not table.row_data:
            return _("Add a column, and then a row.")
        if not table.caption.strip():
            return _("Write a caption: it tells what the table is about.")
        if not all(column["heading"].strip() for column in table.columns):
            return _("Give every column a heading.")
        return ""


class TableBlock(ShopBlock):
    table = CellsBlock(label=_("Table"))
    has_row_headings = blocks.BooleanBlock(
        label=_("The first column names the rows"), default=True, required=False
    )

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("Rows and columns of words, such as sizes or care.")
        template = "blocks/table.html"
        preview_value = {
            "table": {
                "caption": "What each clay stands",
                "columns": [
                    {"type": "words", "heading": "Body"},
                    {"type": "words", "heading": "Dishwasher"},
                    {"type": "words", "heading": "Oven"},
                ],
                "rows": [
                    {"values": ["Stoneware, glazed", "Yes, 50 °C", "To 220 °C"]},
                    {"values": ["Porcelain", "Yes, 60 °C", "To 150 °C"]},
                ],
            }
        }

    def has_something(self, value):
        return bool(value["table"].columns)
