from django.db import models
from django.utils.translation import gettext_lazy as _

from checkout.models.order import Order, OrderEvent


class Parcel(models.Model):
    """Pieces that left the house together; which ones, its event says."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="parcels")
    event = models.OneToOneField(
        OrderEvent, on_delete=models.CASCADE, related_name="parcel"
    )
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_code = models.CharField(_("tracking code"), max_length=60, blank=True)
    sent_at = models.DateTimeField(_("sent"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_code}".strip()
