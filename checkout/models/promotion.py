from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
)

from checkout import codes
from checkout.models.order import Order
from checkout.promotions import Kind
from shop.models.fields import currency_field, money_field


class PromotionQuerySet(models.QuerySet):
    def lock(self, pks):
        """Lock promotions in primary-key order; last in the global lock order."""
        if not pks:
            return []
        rows = self.filter(pk__in=pks).order_by("pk")
        return list(rows.select_for_update(of=("self",), no_key=True))


class Promotion(ClusterableModel):
    """What the shop takes off, for whom and until when. With a ``code`` it is a coupon;
    without one everybody gets it.

    How promotions add up stands in ``checkout.promotions``; how often one was used is
    counted from its redemptions, so that no counter can drift.
    """

    class Gives(models.TextChoices):
        PERCENT = Kind.PERCENT.value, _("per cent off")
        AMOUNT = Kind.AMOUNT.value, _("an amount off")
        FREE_DELIVERY = Kind.FREE_DELIVERY.value, _("free delivery")
        THREE_FOR_TWO = Kind.THREE_FOR_TWO.value, _("three for two")

    name = models.CharField(
        _("name"), max_length=60, help_text=_("Shoppers read it beside the amount.")
    )
    # Null for those that need none, for it is unique.
    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Empty: everybody gets it. Case and blanks make no difference."),
    )
    kind = models.CharField(_("gives"), max_length=20, choices=Gives)
    value = money_field(
        _("per cent or amount"),
        default=Decimal(0),
        help_text=_("Left at 0 for free delivery and three for two."),
    )
    currency = currency_field()
    categories = models.ManyToManyField(
        "shop.Category", verbose_name=_("categories"), blank=True, related_name="+"
    )
    brands = models.ManyToManyField(
        "shop.Brand", verbose_name=_("brands"), blank=True, related_name="+"
    )
    least_total = money_field(_("from a total of"), default=Decimal(0))
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    most_uses = models.PositiveIntegerField(
        _("orders, at most"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    once_per_customer = models.BooleanField(
        _("once per customer"),
        default=False,
        help_text=_("By e-mail address, with an account or without."),
    )
    priority = models.SmallIntegerField(
        _("order"), default=0, help_text=_("The lowest number comes first.")
    )
    combines = models.BooleanField(
        _("combines with others"),
        default=True,
        help_text=_("If not, shoppers get it or the others, whichever is more."),
    )
    is_active = models.BooleanField(_("switched on"), default=True)

    # Written with every order that uses it; nobody asks the admin where it is used.
    wagtail_reference_index_ignore = True

    objects = PromotionQuerySet.as_manager()

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("value")]),
        MultiFieldPanel(
            [
                FieldPanel("categories"),
                FieldPanel("brands"),
                InlinePanel("promoted", label=_("Product")),
                FieldPanel("least_total"),
            ],
            heading=_("What it counts for: nothing chosen means everything"),
        ),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("most_uses"), FieldPanel("once_per_customer")]),
        FieldRowPanel([FieldPanel("priority"), FieldPanel("combines")]),
        FieldPanel("is_active"),
    ]

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["priority", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code=""), name="promotion_code_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, least_total__gte=0)
                & (~Q(kind="percent") | Q(value__lte=100)),
                name="promotion_amounts_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.code or self.name

    def clean(self):
        super().clean()
        if self.code:
            self.code = codes.normal(self.code)
            if not self.code:
                words = _("Use 3 to 20 letters and digits, with hyphens between them.")
                raise ValidationError({"code": words})
        else:
            self.code = None
        self._refuse_strange_value()
        if self.most_uses is not None and self.most_uses < (uses := self.count_uses()):
            words = _("%(n)d orders have it already.") % {"n": uses}
            raise ValidationError({"most_uses": words})
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            raise ValidationError({"ends_at": _("It would end before it begins.")})

    def count_uses(self) -> int:
        """How many orders hold it or have used it."""
        if not self.pk:
            return 0
        return self.redemptions.exclude(state=Redemption.State.RELEASED).count()

    def _refuse_strange_value(self):
        has_value = self.kind in (self.Gives.PERCENT, self.Gives.AMOUNT)
        value = self.value or 0
        if has_value and value <= 0:
            raise ValidationError({"value": _("Say how much it takes off.")})
        if not has_value and value:
            raise ValidationError({"value": _("This kind has no amount; leave 0.")})
        if self.kind == self.Gives.PERCENT and value > 100:
            raise ValidationError({"value": _("100 per cent is the most.")})


class PromotedProduct(models.Model):
    """A product that a promotion counts for. It has no revisions, so a ParentalKey can
    bring nothing old back."""

    promotion = ParentalKey(
        Promotion, on_delete=models.CASCADE, related_name="promoted"
    )
    product = models.ForeignKey(
        "shop.Product",
        verbose_name=_("product"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels = [FieldPanel("product")]

    class Meta:
        verbose_name = _("promoted product")
        verbose_name_plural = _("promoted products")
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "product"], name="promoted_product_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id}: {self.product_id}"


class Redemption(models.Model):
    """A promotion in an order: held while it is being paid, then used, or given back.

    ``customer`` is a fingerprint of the normalised address (``checkout.codes``).
    """

    class State(models.TextChoices):
        HELD = "held", _("held")
        USED = "used", _("used")
        RELEASED = "released", _("given back")

    promotion = models.ForeignKey(
        Promotion,
        verbose_name=_("promotion"),
        on_delete=models.PROTECT,
        related_name="redemptions",
    )
    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        on_delete=models.PROTECT,
        related_name="redemptions",
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    amount = money_field(_("taken off"))
    currency = currency_field()
    customer = models.CharField(max_length=40, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    # Copied from the promotion, for the database to have the last word on it.
    is_once = models.BooleanField(editable=False)
    held_at = models.DateTimeField(_("held"))
    changed_at = models.DateTimeField(_("since"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        ordering = ["-held_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "order"], name="redemption_once_per_order"
            ),
            models.UniqueConstraint(
                fields=["promotion", "customer"],
                condition=Q(is_once=True) & ~Q(state="released"),
                name="redemption_once_per_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} in {self.order_id}: {self.state}"


class CodeTry(models.Model):
    """A code that was refused, by whom: a fingerprint of a basket or of a network. Kept
    for a day, so that codes cannot be guessed."""

    guesser = models.CharField(max_length=40)
    tried_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("refused code")
        verbose_name_plural = _("refused codes")
        indexes = [models.Index(fields=["guesser", "tried_at"])]

    def __str__(self) -> str:
        return f"{self.guesser} {self.tried_at}"
