from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable

from shop.models import Variant
from shop.models.fields import money_field


def countries_field(help_text):
    return ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries"),
        blank=True,
        default=list,
        help_text=help_text,
    )


class DeliveryMethod(ClusterableModel):
    """A way for parcels to travel, and what it costs: by its rates where it has any
    (``checkout.shipping`` says how), else its price."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    promise = models.CharField(_("promise"), max_length=120, blank=True)
    price = money_field(_("price"))
    free_from = money_field(_("free from a total of"), null=True, blank=True)
    countries = countries_field(
        _("Two-letter codes with commas between. Empty: everywhere.")
    )
    least_days = models.PositiveSmallIntegerField(
        _("working days, at least"), default=2
    )
    most_days = models.PositiveSmallIntegerField(_("working days, at most"), default=4)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldPanel("promise"),
        FieldRowPanel([FieldPanel("price"), FieldPanel("free_from")]),
        FieldPanel("countries"),
        FieldRowPanel([FieldPanel("least_days"), FieldPanel("most_days")]),
        FieldRowPanel([FieldPanel("position"), FieldPanel("is_active")]),
        InlinePanel(
            "rates",
            label=_("Rate"),
            help_text=_(
                "The first that fits says the price, and parcels that none fits do not "
                "travel this way. Without rates the price above counts for all."
            ),
        ),
    ]

    class Meta:
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0), name="delivery_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(least_days__lte=models.F("most_days")),
                name="delivery_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryRate(Orderable):
    """A price for parcels to a zone, up to a weight, from a total on. Methods have no
    revisions, so a ParentalKey can bring nothing old back."""

    method = ParentalKey(DeliveryMethod, on_delete=models.CASCADE, related_name="rates")
    price = money_field(_("price"))
    countries = countries_field(_("Empty: all of the method's."))
    most_g = models.PositiveIntegerField(
        _("up to grams"), null=True, blank=True, help_text=_("Empty: any weight.")
    )
    least_total = money_field(_("from a total of"), null=True, blank=True)

    panels = [
        FieldRowPanel([FieldPanel("price"), FieldPanel("countries")]),
        FieldRowPanel([FieldPanel("most_g"), FieldPanel("least_total")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("delivery rate")
        verbose_name_plural = _("delivery rates")
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0), name="delivery_rate_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"{self.method_id}: {self.price}"


class TaxRate(models.Model):
    """Per cent of value-added tax of a class of goods in a country."""

    country = models.CharField(_("country"), max_length=2)
    tax_class = models.CharField(
        _("tax class"), max_length=10, choices=Variant.TaxClass
    )
    percent = models.DecimalField(_("per cent"), max_digits=5, decimal_places=2)

    panels = [FieldPanel("country"), FieldPanel("tax_class"), FieldPanel("percent")]

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["country", "tax_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "tax_class"], name="tax_rate_once_per_class"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lt=100),
                name="tax_rate_is_per_cent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.tax_class}: {self.percent} %"
