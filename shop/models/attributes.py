from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable

from shop.models.sorting import SortsProducts

# Other words of a list's address.
TAKEN_CODES = frozenset(
    "brand in_stock kind new page price_max price_min q sale sort".split()
)


class Attribute(SortsProducts, ClusterableModel):
    """What products are told apart by: material, colour, size. One facet each; of
    numbers it is a range, ``code``_min to ``code``_max in addresses."""

    class Kind(models.TextChoices):
        CHOICE = "choice", _("one or more of a list")
        NUMBER = "number", _("a number with a unit")
        YES_NO = "yes_no", _("yes or no")

    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("Its name in addresses, such as colour in ?colour=moss."),
    )
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default="choice")
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    is_filterable = models.BooleanField(_("shoppers can filter by it"), default=True)
    is_option = models.BooleanField(_("variants differ by it"), default=False)
    position = models.PositiveIntegerField(_("order"), default=0)

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("unit")]),
        FieldRowPanel([FieldPanel("is_filterable"), FieldPanel("is_option")]),
        FieldPanel("position"),
        InlinePanel("values", label=_("Value")),
    ]

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        super().clean()
        if self.code in TAKEN_CODES or self.code.endswith(("_min", "_max")):
            raise ValidationError({"code": _("Addresses use this word already.")})


class AttributeValue(SortsProducts, Orderable):
    """One value: its slug in addresses, its words, a swatch colour or a number."""

    listed_word = "label"

    attribute = ParentalKey(Attribute, on_delete=models.CASCADE, related_name="values")
    slug = models.SlugField(_("slug"), max_length=60)
    label = models.CharField(_("words"), max_length=60)
    swatch = models.CharField(
        _("swatch"), max_length=7, blank=True, help_text=_("A colour such as #8f9678.")
    )
    number = models.DecimalField(
        _("number"), max_digits=10, decimal_places=2, null=True, blank=True
    )

    panels = [
        FieldRowPanel([FieldPanel("label"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("swatch"), FieldPanel("number")]),
    ]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["attribute", "slug"], name="attribute_value_slug_once"
            ),
            models.CheckConstraint(
                condition=models.Q(swatch="")
                | models.Q(swatch__regex=r"^#[0-9a-fA-F]{6}$"),
                name="attribute_value_swatch_is_hex",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def sorted_products(self):
        own = ProductAttribute.objects.filter(value=self)
        of_variants = self.variant_set.values_list("product", flat=True)
        return own.values_list("product", flat=True).union(of_variants)


class ProductAttribute(models.Model):
    """That a product has a value. Variants' own values hang on the variant."""

    product = ParentalKey(
        "shop.Product", on_delete=models.CASCADE, related_name="attribute_values"
    )
    value = models.ForeignKey(
        AttributeValue, on_delete=models.PROTECT, related_name="+"
    )

    panels = [FieldPanel("value")]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "value"], name="product_attribute_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.value)
