from django.conf import settings
from django.db import models


def money_field(verbose_name=None, **kwargs):
    """Three places are the most a currency has; values are quantised to its own."""
    return models.DecimalField(verbose_name, max_digits=14, decimal_places=3, **kwargs)


def shop_currency() -> str:
    return settings.SHOP_CURRENCY


def currency_field():
    return models.CharField(max_length=3, default=shop_currency, editable=False)
