from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checkout.models.order import Order
from shop.models.fields import money_field


class InvoiceSeries(models.Model):
    """Counts the invoices of a year, or its credit notes. Its row is locked by who
    writes one, so numbers follow each other without a gap: a number that is not
    committed was never taken."""

    class Kind(models.TextChoices):
        INVOICES = "invoices", _("invoices")
        CREDIT_NOTES = "credit_notes", _("credit notes")

    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, default=Kind.INVOICES
    )
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("invoice series")
        verbose_name_plural = _("invoice series")
        ordering = ["year", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year"], name="invoice_series_once_per_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.kind}"


class Invoice(models.Model):
    """An order's invoice: its place in the year, who sold and who bought, as they were
    called, and what had been called off before. What is called off later has a credit
    note.

    Append-only: a trigger refuses any change. The buyer stays on it, and on its credit
    notes, when an account is closed and its orders forget who bought.
    """

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="invoice"
    )
    series = models.ForeignKey(
        InvoiceSeries, on_delete=models.PROTECT, related_name="invoices"
    )
    position = models.PositiveIntegerField(_("number"))
    issued_at = models.DateTimeField(_("issued"))
    seller_name = models.CharField(_("seller"), max_length=60)
    seller_address = models.TextField(_("postal address"), blank=True)
    seller_email = models.EmailField(_("e-mail"), blank=True)
    buyer = models.TextField(_("buyer"), help_text=_("Name and postal address."))
    called_off = money_field(_("called off before"), default=Decimal(0))
    taxes_off = models.JSONField(
        default=list, help_text="[[per cent, amount], …] of it, as text."
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "position"], name="invoice_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("checkout:invoice", args=[self.order.token])

    @property
    def due(self) -> Decimal:
        return self.order.total - self.called_off

    @property
    def tax_shares(self) -> list[tuple[Decimal, Decimal]]:
        """(per cent, amount) of what is due, highest first."""
        off = {Decimal(percent): Decimal(amount) for percent, amount in self.taxes_off}
        return [(x, tax - off.get(x, Decimal(0))) for x, tax in self.order.tax_shares]

    @property
    def net(self) -> Decimal:
        return self.due - sum((tax for _percent, tax in self.tax_shares), Decimal(0))

    @property
    def number(self) -> str:
        return f"{self.series.year}-{self.position:05d}"
