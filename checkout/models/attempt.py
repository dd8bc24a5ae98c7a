from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import connection, models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from checkout.models.cart import Cart, new_token
from checkout.models.order import Order
from shop.models.fields import currency_field, money_field

HAS_LINE = """(
    EXISTS (SELECT FROM checkout_drop WHERE product_id = asked.id)
    OR EXISTS (
        SELECT FROM checkout_checkoutattempt
        WHERE state = 'waiting' AND product_ids @> ARRAY[asked.id]
    )
)"""
LINED = f"""
SELECT asked.id FROM unnest(%s::bigint[]) AS asked (id) WHERE {HAS_LINE}
"""  # noqa: S608 - words of our own
IN_CART = f"""
SELECT asked.id, {HAS_LINE} FROM (
    SELECT DISTINCT variant.product_id AS id
    FROM checkout_cartitem item JOIN shop_variant variant ON variant.id = variant_id
    WHERE item.cart_id = %s
) AS asked ORDER BY asked.id
"""  # noqa: S608
STILL_WAITING = """
SELECT * FROM checkout_checkoutattempt
WHERE id = ANY(%s::bigint[]) AND state = 'waiting' ORDER BY id
"""


def with_lines(product_ids: Collection[int]) -> list[int]:
    """Those of the products whose buyers stand in line: it is a drop, or somebody waits
    for it already. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LINED, [sorted(product_ids)])
        return [row[0] for row in cursor.fetchall()]


def lines_of(cart: Cart) -> dict[int, bool]:
    """{product id: whether its buyers stand in line}, of all that lies in a cart. One
    query."""
    with connection.cursor() as cursor:
        cursor.execute(IN_CART, [cart.pk])
        return dict(cursor.fetchall())


class DropQuerySet(models.QuerySet):
    def of_sku(self, sku: str):
        return self.filter(product__variants__sku=sku)


class Drop(models.Model):
    """A product that many want at one moment: every buyer of it stands in line."""

    product = models.OneToOneField(
        "shop.Product",
        verbose_name=_("product"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    most_per_customer = models.PositiveSmallIntegerField(
        _("pieces per customer, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("All orders together, by address or account. Empty: no limit."),
    )
    most_waiting = models.PositiveIntegerField(
        _("waiting, at most"),
        default=5000,
        help_text=_("Whoever comes then is asked to try again in a moment."),
    )
    clicks_per_second = models.PositiveIntegerField(
        _("orders taken a second, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as come."),
    )
    is_paused = models.BooleanField(
        _("paused"),
        default=False,
        help_text=_("Buyers keep their places; nobody is served."),
    )

    wagtail_reference_index_ignore = True

    objects = DropQuerySet.as_manager()

    panels = [
        FieldPanel("product"),
        FieldRowPanel([FieldPanel("most_per_customer"), FieldPanel("most_waiting")]),
        FieldRowPanel([FieldPanel("clicks_per_second"), FieldPanel("is_paused")]),
    ]

    class Meta:
        verbose_name = _("drop")
        verbose_name_plural = _("drops")
        ordering = ["pk"]
        permissions = [("run_drop", _("Can pause, resume and close drops"))]

    def __str__(self) -> str:
        return str(self.product)


class CheckoutAttemptQuerySet(models.QuerySet):
    def waiting(self):
        """Not decided yet, the oldest first: the order of the line."""
        return self.filter(state=CheckoutAttempt.State.WAITING).order_by("pk")

    def still_waiting(self, pks: Collection[int]):
        """The same, of these, in one query for hundreds."""
        return self.raw(STILL_WAITING, [list(pks)])

    def in_line_for(self, product_ids: Collection[int]):
        """Those that wait for one of these products, or waited for it."""
        return self.filter(product_ids__overlap=list(product_ids))


class CheckoutAttempt(models.Model):
    """A press of the order button that waits for its turn. What was asked for and the
    total that was agreed to are kept as they were at that moment.

    Its key is its place: attempts of one product are decided in this order. It waits
    for all products of its cart, and is served whole or not at all. Decided once,
    under its cart's lock.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SETTLED = "settled", _("ordered")
        REFUSED = "refused", _("refused")

    class Reason(models.TextChoices):
        SOLD_OUT = "sold_out", _("sold out")
        OVER_THE_CAP = "over_the_cap", _("more than one customer may have")
        TOTAL_CHANGED = "total_changed", _("total changed")
        COUPON = "coupon", _("promotion gone")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CART_CHANGED = "cart_changed", _("basket changed meanwhile")
        CLOSED = "closed", _("sale closed")
        SET_ASIDE = "set_aside", _("set aside after a fault")
        OTHER = "other", _("another reason")

    token = models.CharField(max_length=40, unique=True, default=new_token)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="attempts")
    cart_version = models.PositiveIntegerField()
    # ``checkout.codes.customer``: leads back to nobody.
    customer = models.CharField(max_length=40)
    product_ids = ArrayField(models.BigIntegerField())
    asked = models.JSONField(
        default=dict, help_text="Address, delivery and payment; gone once ordered."
    )
    expected_total = money_field(_("total"))
    currency = currency_field()
    form_key = models.CharField(max_length=64, null=True)  # noqa: DJ001
    form_digest = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.WAITING
    )
    reason = models.CharField(
        _("reason"), max_length=20, choices=Reason, default="", blank=True
    )
    said = models.JSONField(default=list, help_text="What the shopper is told, lines.")
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(
        max_length=80, default="", blank=True, help_text="Why it was tried again."
    )
    order = models.OneToOneField(
        Order, null=True, on_delete=models.PROTECT, related_name="attempt"
    )
    clicked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = CheckoutAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("checkout attempt")
        verbose_name_plural = _("checkout attempts")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state="waiting"), name="attempt_line"
            ),
            # Asked at every checkout of every product, however long another's line is.
            GinIndex(
                fields=["product_ids"],
                condition=Q(state="waiting"),
                name="attempt_lines",
                fastupdate=False,
            ),
            models.Index(fields=["decided_at"], name="attempt_decided"),
            models.Index(fields=["customer"], name="attempt_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cart"],
                condition=Q(state="waiting"),
                name="attempt_waits_once_per_cart",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, order=None, reason="")
                | Q(state="settled", decided_at__isnull=False, order__isnull=False)
                | Q(state="refused", decided_at__isnull=False, order=None)
                & ~Q(reason=""),
                name="attempt_is_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("checkout:waiting", args=[self.token])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
