from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from checkout.models.order import Order
from checkout.models.order_line import OrderLine


class ReturnQuerySet(models.QuerySet):
    def open(self):
        """Not over yet: to be answered, or on the way."""
        return self.filter(status__in=Return.OPEN)

    def with_lines(self):
        """With their lines as ``shown_lines``, each with its order line."""
        lines = ReturnLine.objects.select_related("order_line")
        return self.prefetch_related(Prefetch("lines", lines, to_attr="shown_lines"))


class Return(models.Model):
    """Pieces that a shopper wants to send back: asked for, then accepted or refused,
    then here. An order has one at a time."""

    class Status(models.TextChoices):
        ASKED = "asked", _("to be answered")
        ACCEPTED = "accepted", _("accepted, on its way")
        RECEIVED = "received", _("received")
        REFUSED = "refused", _("refused")

    class Reason(models.TextChoices):
        CHANGED_MIND = "changed_mind", _("I have changed my mind")
        DAMAGED = "damaged", _("It came damaged")
        DIFFERENT = "different", _("It is not as described")
        WRONG = "wrong", _("It is not what I ordered")
        OTHER = "other", _("Something else")

    OPEN = (Status.ASKED, Status.ACCEPTED)

    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        on_delete=models.PROTECT,
        related_name="returns",
    )
    status = models.CharField(_("status"), max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    words = models.CharField(_("in the shopper's words"), max_length=600, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    wagtail_reference_index_ignore = True

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["asked", "accepted"]),
                name="return_open_once_per_order",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "accepted"], closed_at__isnull=True)
                | Q(status__in=["received", "refused"], closed_at__isnull=False),
                name="return_closed_or_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.status}"


class ReturnLine(models.Model):
    """So many pieces of a line, and what became of those that came."""

    class Goods(models.TextChoices):
        RESTOCK = "restock", _("back on the shelf")
        SCRAP = "scrap", _("scrapped")

    of_return = models.ForeignKey(
        Return, on_delete=models.CASCADE, related_name="lines"
    )
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="+"
    )
    asked = models.PositiveIntegerField(_("asked for"))
    received = models.PositiveIntegerField(_("received"), default=0)
    goods = models.CharField(
        _("the pieces went"), max_length=10, choices=Goods, blank=True
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of a return")
        ordering = ["of_return", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["of_return", "order_line"], name="return_line_once"
            ),
            models.CheckConstraint(
                condition=Q(asked__gte=1, received__lte=F("asked")),
                name="return_line_received_at_most_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked} of {self.order_line_id}"
