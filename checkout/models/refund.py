from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checkout.models.order import Order, OrderEvent
from checkout.models.payment import Payment, new_key
from shop.models.fields import currency_field, money_field


class Refund(models.Model):
    """Money that a shopper is to have back, and when the provider took that on.

    Written with its cause, before the provider is asked under ``key``.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refunds"
    )
    event = models.OneToOneField(
        OrderEvent, on_delete=models.PROTECT, related_name="refund"
    )
    key = models.CharField(max_length=64, unique=True, default=new_key)
    amount = money_field(_("amount"))
    currency = currency_field()
    owed_at = models.DateTimeField(_("owed since"))
    given_at = models.DateTimeField(_("given back"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["owed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="refund_amount_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.amount} {self.currency}"
