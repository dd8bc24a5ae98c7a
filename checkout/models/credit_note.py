from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checkout.models.invoice import Invoice, InvoiceSeries
from checkout.models.order import Order, OrderEvent
from shop.models.fields import currency_field, money_field


class CreditNoteQuerySet(models.QuerySet):
    def numbered(self):
        """Those that have a number, with all that it and their address are made of."""
        return self.filter(series__isnull=False).select_related("series", "order")


class CreditNote(models.Model):
    """What an invoice is less since it was written, by one event. Written with the
    event; a worker gives it its place in the year."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="credit_notes"
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="credit_notes"
    )
    event = models.OneToOneField(
        OrderEvent, on_delete=models.PROTECT, related_name="credit_note"
    )
    amount = money_field(_("amount"))
    currency = currency_field()
    taxes = models.JSONField(
        default=list, help_text="[[per cent, amount], …] as text, highest first."
    )
    series = models.ForeignKey(
        InvoiceSeries, null=True, on_delete=models.PROTECT, related_name="credit_notes"
    )
    position = models.PositiveIntegerField(_("number"), null=True)
    issued_at = models.DateTimeField(_("issued"), null=True)

    wagtail_reference_index_ignore = True

    objects = CreditNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "position"], name="credit_note_number_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    series__isnull=True, position__isnull=True, issued_at__isnull=True
                )
                | Q(
                    series__isnull=False,
                    position__isnull=False,
                    issued_at__isnull=False,
                ),
                name="credit_note_numbered_at_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="credit_note_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("checkout:credit_note", args=[self.order.token, self.number])

    @property
    def number(self) -> str:
        """Empty until a worker has given it one."""
        return f"C{self.series.year}-{self.position:05d}" if self.series else ""

    @property
    def tax_shares(self) -> list[tuple[Decimal, Decimal]]:
        """(per cent, amount), highest first."""
        return [(Decimal(percent), Decimal(amount)) for percent, amount in self.taxes]

    @property
    def net(self) -> Decimal:
        return self.amount - sum((tax for _percent, tax in self.tax_shares), Decimal(0))
