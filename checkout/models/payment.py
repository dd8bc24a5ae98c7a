import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from checkout.models.order import Order
from shop.models.fields import currency_field, money_field


def new_key() -> str:
    return secrets.token_urlsafe(24)


class PaymentQuerySet(models.QuerySet):
    def open(self):
        """Not over yet: the provider may still take the money, or have taken it."""
        return self.filter(status__in=Payment.OPEN)


class Payment(models.Model):
    """One try at paying an order through a provider.

    Written before the provider is called, under a ``key`` by which the provider knows
    the same try again: whatever dies in between, it can be asked what became of it.
    """

    class Status(models.TextChoices):
        STARTED = "started", _("started")
        WAITING = "waiting", _("waiting for the bank")
        CAPTURED = "captured", _("paid")
        FAILED = "failed", _("failed")

    OPEN = (Status.STARTED, Status.WAITING)

    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        on_delete=models.PROTECT,
        related_name="payments",
    )
    provider = models.CharField(_("provider"), max_length=20)
    key = models.CharField(max_length=64, unique=True, default=new_key)
    # The provider's own name for it; null until it has answered.
    reference = models.CharField(  # noqa: DJ001
        _("reference"), max_length=120, null=True
    )
    status = models.CharField(_("status"), max_length=10, choices=Status)
    amount = money_field(_("amount"))
    refunded = money_field(_("refunded"), default=0)
    currency = currency_field()
    # Where the shopper goes on at the provider's; empty when there is nothing to do.
    action_url = models.CharField(max_length=2000, blank=True)
    failure = models.CharField(_("why it failed"), max_length=60, blank=True)
    started_at = models.DateTimeField(_("started"))
    updated_at = models.DateTimeField(_("last heard of"))
    # Asked and asked again without an answer: somebody has to look.
    alerted_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "reference"], name="payment_once_per_reference"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status="captured"),
                name="payment_captured_once_per_order",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["started", "waiting"]),
                name="payment_open_once_per_order",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="payment_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("amount")),
                name="payment_refunded_at_most_captured",
            ),
            models.CheckConstraint(
                condition=Q(refunded=0) | Q(status="captured"),
                name="payment_refunded_only_when_captured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference or self.key}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class PaymentEvent(models.Model):
    """A word from a provider, kept once, as it came."""

    provider = models.CharField(_("provider"), max_length=20)
    event_id = models.CharField(_("event"), max_length=120)
    kind = models.CharField(_("kind"), max_length=60)
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="events"
    )
    received_at = models.DateTimeField(_("received"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("payment event")
        verbose_name_plural = _("payment events")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "event_id"], name="payment_event_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
