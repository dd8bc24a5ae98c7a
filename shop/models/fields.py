from django.conf import settings
from django.db import models


def money_field(verbose_name=None, **kwargs):
    """Three places are the most a currency has; values are quantised to its own."""
    return models.DecimalField(verbose_name, max_digits=14, decimal_places=3, **kwargs)


def shop_currency() -> str:
    return settings.SHOP_CURRENCY


def currency_field():
    return models.CharField(max_length=3, default=shop_currency, editable=False)


@models.BigAutoField.register_lookup
class Among(models.Lookup):
    """``pk__among=keys``: as ``pk__in``, where there may be ten thousands of them. They
    are one array, not a parameter each."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]
