from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from shop.addresses import followed
from shop.models.sorting import SortsProducts

DEEPEST = 3


class Category(index.Indexed, SortsProducts):
    """A node of the catalog's tree, at most three levels deep.

    ``url_path`` ("tableware/bowls") is the address beneath /shop/ and follows from the
    slugs; a change of slug or parent carries it down the subtree, and old addresses
    lead to the new ones.
    """

    listed_word = "name"

    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("slug"), max_length=60)
    url_path = models.CharField(max_length=190, unique=True, editable=False)
    depth = models.PositiveSmallIntegerField(editable=False, default=1)
    position = models.PositiveIntegerField(_("order"), default=0)
    description = models.CharField(_("description"), max_length=240, blank=True)
    picture = models.ForeignKey(
        "home.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("parent"),
        FieldPanel("position"),
        FieldPanel("description"),
        FieldPanel("picture"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["url_path"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "slug"],
                name="category_slug_once_per_parent",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(depth__range=(1, DEEPEST)),
                name="category_at_most_three_levels",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.depth = self.parent.depth + 1 if self.parent else 1
        self.url_path = (
            f"{self.parent.url_path}/{self.slug}" if self.parent else self.slug
        )
        with followed(self):
            super().save(*args, **kwargs)
            for child in self.children.all():
                if child.url_path != f"{self.url_path}/{child.slug}":
                    child.parent = self
                    child.save()

    def sorted_products(self):
        return self.products.values_list("pk", flat=True)

    def get_absolute_url(self) -> str:
        return reverse("shop:category", args=[self.url_path])

    url = property(get_absolute_url)

    def clean(self):
        super().clean()
        if self.parent and self.parent.depth >= DEEPEST:
            raise ValidationError({"parent": _("Categories go three levels deep.")})
        if self.pk and self.parent and self._is_beneath_itself():
            raise ValidationError({"parent": _("A category cannot hold itself.")})

    def _is_beneath_itself(self) -> bool:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                return True
            above = above.parent
        return False


class Brand(index.Indexed, SortsProducts):
    """A workshop whose pieces are sold."""

    listed_word = "name"

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    origin = models.CharField(_("place"), max_length=80, blank=True)

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("origin")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def sorted_products(self):
        return self.products.values_list("pk", flat=True)
