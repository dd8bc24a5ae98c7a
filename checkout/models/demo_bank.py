"""The ledger of the demo bank: what a card provider would keep on its own side.

Written by ``checkout.providers.fake`` alone, never in a transaction of the shop's.
"""

import secrets

from django.db import models

from shop.models.fields import currency_field, money_field


def new_reference() -> str:
    return f"demo_{secrets.token_urlsafe(16)}"


class DemoCharge(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        AUTHORIZED = "authorized"
        CAPTURED = "captured"
        FAILED = "failed"

    OPEN = (State.WAITING, State.READY, State.AUTHORIZED)

    key = models.CharField(max_length=64, unique=True)
    reference = models.CharField(max_length=40, unique=True, default=new_reference)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    amount = money_field()
    currency = currency_field()
    return_url = models.CharField(max_length=500)
    failure = models.CharField(max_length=60, blank=True)
    # How often it will not answer before it does.
    silences = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.reference


class DemoRefund(models.Model):
    charge = models.ForeignKey(
        DemoCharge, on_delete=models.CASCADE, related_name="refunds"
    )
    key = models.CharField(max_length=80, unique=True)
    amount = money_field()

    def __str__(self) -> str:
        return self.key
