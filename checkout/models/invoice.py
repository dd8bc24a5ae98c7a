from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checkout.models.order import Order


class InvoiceSeries(models.Model):
    """Counts the invoices of a year. Its row is locked by who writes one, so numbers
    follow each other without a gap: a number that is not committed was never taken."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("invoice series")
        verbose_name_plural = _("invoice series")
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class Invoice(models.Model):
    """An order's invoice: its place in the year, and who sold, as they were called."""

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
    def number(self) -> str:
        return f"{self.series.year}-{self.position:05d}"
