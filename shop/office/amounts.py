"""Amounts in exports: in the places of their currency, 36.50 and not 36.500."""

from decimal import Decimal

from home.records import RecordAdmin, RecordIndexView
from shop.money import quantise


class AmountsInPlaces:
    """For a view with spreadsheet export of items that have a currency."""

    def to_row_dict(self, item):
        row = super().to_row_dict(item)
        return {field: _in_places(value, item) for field, value in row.items()}


class MoneyRecordIndexView(AmountsInPlaces, RecordIndexView):
    pass


class MoneyRecordAdmin(RecordAdmin):
    """A ledger of amounts."""

    index_view_class = MoneyRecordIndexView


def _in_places(value, item):
    return quantise(value, item.currency) if isinstance(value, Decimal) else value
