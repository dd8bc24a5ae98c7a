from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checkout import countries
from checkout.models.cart import Cart, new_token
from shop.models.fields import currency_field, money_field


class OrderQuerySet(models.QuerySet):
    def awaiting_payment(self):
        """Prepared, and to be paid through a provider before its hold lapses."""
        return self.filter(status=Order.Status.PREPARED).exclude(
            payment_method=Order.PaymentMethod.INVOICE
        )

    def of_guest(self, email: str):
        """Orders that were placed with that address and without an account."""
        return self.filter(customer__isnull=True, email__iexact=email)

    def lock(self, pk: int):
        """The order, locked until commit; after its cart, before its stock.

        Raises:
            Order.DoesNotExist
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Order(models.Model):
    """What was agreed, copied down to the last cent. Nothing here follows a later
    change of product, price, address or tax.

    Totals are in ``currency``; prices include tax where ``prices_include_tax``.
    """

    class Status(models.TextChoices):
        PREPARED = "prepared", _("awaiting payment")
        CONFIRMED = "confirmed", _("confirmed")
        PAID = "paid", _("paid")
        PARTLY_FULFILLED = "partly_fulfilled", _("partly sent")
        FULFILLED = "fulfilled", _("sent")
        CANCELLED = "cancelled", _("cancelled")

    class PaymentMethod(models.TextChoices):
        INVOICE = "invoice", _("Pay on invoice")
        FAKE = "fake", _("Card, at the demo bank")
        STRIPE = "stripe", _("Card")

    cart = models.OneToOneField(
        Cart, null=True, on_delete=models.PROTECT, related_name="order"
    )
    number = models.CharField(_("number"), max_length=20, unique=True)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="orders",
    )
    status = models.CharField(_("status"), max_length=20, choices=Status)
    placed_at = models.DateTimeField(_("placed"), db_index=True)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    # The form that this order came from: its key, unique with its owner, and a digest
    # of what it said. Null where no form had a part in it.
    principal = models.CharField(max_length=64, editable=False, default="", blank=True)
    form_key = models.CharField(  # noqa: DJ001
        max_length=64, editable=False, null=True
    )
    form_digest = models.CharField(
        max_length=64, editable=False, default="", blank=True
    )

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    company = models.CharField(_("company"), max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=160)
    flat = models.CharField(_("flat"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16)
    city = models.CharField(_("town"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)

    payment_method = models.CharField(
        _("payment"), max_length=20, choices=PaymentMethod
    )
    delivery_code = models.CharField(_("delivery"), max_length=20)
    delivery_name = models.CharField(_("delivery"), max_length=60)

    currency = currency_field()
    prices_include_tax = models.BooleanField(default=True)
    lines_total = money_field(_("pieces"))
    discount_total = money_field(_("discount"), default=Decimal(0))
    delivery_total = money_field(_("delivery"))
    tax_total = money_field(_("tax"))
    total = money_field(_("total"))
    taxes = models.JSONField(
        default=list, help_text="[[per cent, amount], …] as text, highest first."
    )
    discounts = models.JSONField(
        default=list, help_text="[[words, amount off lines, off delivery], …] as text."
    )

    # Listed in Wagtail's admin; but nobody asks there which order uses a cart, and the
    # index would be written while the order's rows are locked.
    wagtail_reference_index_ignore = True

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at", "-pk"]
        permissions = [
            ("fulfil_order", _("Can send orders")),
            ("cancel_order", _("Can cancel orders and give money back")),
            ("return_order", _("Can answer and take in returns")),
            ("refund_order", _("Can give money back as goodwill")),
        ]
        indexes = [
            # As ``iexact`` asks: whose orders as a guest are these?
            models.Index(
                Upper("email"),
                name="order_of_a_guest",
                condition=Q(customer__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "form_key"], name="order_once_per_form"
            ),
            models.CheckConstraint(
                condition=Q(
                    total__gte=0,
                    lines_total__gte=0,
                    discount_total__gte=0,
                    delivery_total__gte=0,
                    tax_total__gte=0,
                ),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    prices_include_tax=True,
                    total=F("lines_total") - F("discount_total") + F("delivery_total"),
                )
                | Q(
                    prices_include_tax=False,
                    total=F("lines_total")
                    - F("discount_total")
                    + F("delivery_total")
                    + F("tax_total"),
                ),
                name="order_total_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("checkout:order", args=[self.token])

    def record(self, kind: str, *, now, by=None, note: str = "") -> None:
        """Note what happened. A kind that is noted already stays as it is."""
        event = OrderEvent(order=self, kind=kind, happened_at=now, by=by, note=note)
        OrderEvent.objects.bulk_create([event], ignore_conflicts=True)

    def write_event(self, kind: str, *, now, **more) -> "OrderEvent":
        """Note what may happen more than once; ``key`` tells one press from another."""
        return self.events.create(kind=kind, happened_at=now, **more)

    def has_heard(self, key: str) -> bool:
        """Whether this press has had its effect. The caller holds the order's lock."""
        return self.events.filter(key=key).exists()

    @property
    def is_paid_online(self) -> bool:
        return self.payment_method != self.PaymentMethod.INVOICE

    @property
    def is_paid(self) -> bool:
        """Whether its money came, and was not for an order that is cancelled."""
        kept = {self.Status.PAID, self.Status.PARTLY_FULFILLED, self.Status.FULFILLED}
        return self.is_paid_online and self.status in kept

    @property
    def tax_shares(self) -> list[tuple[Decimal, Decimal]]:
        """(per cent, amount), highest first."""
        return [(Decimal(percent), Decimal(amount)) for percent, amount in self.taxes]

    @property
    def reductions(self) -> list[tuple[str, Decimal]]:
        """(words, amount off the lines) of each discount; 0 where it was delivery's."""
        return [(words, Decimal(amount)) for words, amount, _fee in self.discounts]

    def product_ids(self) -> list[int]:
        """The products of its lines, those that are still there."""
        lines = self.lines.filter(variant__isnull=False)
        return sorted(set(lines.values_list("variant__product_id", flat=True)))

    @property
    def address_lines(self) -> list[str]:
        place = f"{self.postcode} {self.city}".strip()
        country = countries.name(self.country)
        parts = [self.name, self.company, self.street, self.flat, place, country]
        return [part for part in parts if part]


class OrderEvent(models.Model):
    """What happened to an order, when and by whom. One event per kind, but for what may
    happen again and again."""

    class Kind(models.TextChoices):
        PREPARED = "prepared", _("order received, stock held")
        CONFIRMED = "confirmed", _("order confirmed")
        CONFIRMATION_SENT = "confirmation_sent", _("confirmation sent")
        PAID = "paid", _("paid")
        PAID_TOO_LATE = "paid_too_late", _("paid too late")
        REFUNDED = "refunded", _("money given back")
        REFUND_LETTER_SENT = "refund_letter_sent", _("letter on the refund sent")
        MONEY_BACK = "money_back", _("money given back")
        PIECES_CANCELLED = "pieces_cancelled", _("pieces cancelled")
        PIECES_SENT = "pieces_sent", _("pieces sent")
        RETURN_ASKED = "return_asked", _("return asked for")
        RETURN_ACCEPTED = "return_accepted", _("return accepted")
        RETURN_REFUSED = "return_refused", _("return refused")
        PIECES_RETURNED = "pieces_returned", _("pieces returned")
        GOODWILL = "goodwill", _("goodwill")
        FULFILLED = "fulfilled", _("all sent")
        CANCELLED = "cancelled", _("cancelled")
        LETTER_SENT = "letter_sent", _("letter sent")
        NOTE = "note", _("note")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    happened_at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=240, blank=True)
    # The press of a button that it came from: sent twice, it happens once.
    key = models.CharField(  # noqa: DJ001
        max_length=64, editable=False, null=True
    )
    pieces = models.JSONField(
        editable=False, default=list, help_text="[[order line id, pieces], …]"
    )

    class Meta:
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        ordering = ["happened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                condition=~Q(
                    kind__in=[
                        "money_back",
                        "pieces_cancelled",
                        "pieces_sent",
                        "return_asked",
                        "return_accepted",
                        "return_refused",
                        "pieces_returned",
                        "goodwill",
                        "letter_sent",
                        "note",
                    ]
                ),
                name="order_event_once_per_kind",
            ),
            models.UniqueConstraint(
                fields=["order", "key"], name="order_event_once_per_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind}"
