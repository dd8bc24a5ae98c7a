from datetime import datetime

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
)
from wagtail.search import index

from home import goods, published
from shop.addresses import address_of_product, followed
from shop.models.fields import currency_field, money_field
from shop.models.listing import REDUCTION, listed_indexes

FEW = 5


class ProductQuerySet(models.QuerySet):
    def active(self):
        """Published products that can be bought or asked for: they have a price."""
        return self.filter(live=True, current_price__isnull=False)

    def in_stock(self):
        return self.filter(stock_quantity__gt=0)

    def on_sale(self):
        return self.filter(compare_at_price__isnull=False)

    def new(self, *, since: datetime):
        return self.filter(created_at__gt=since)

    def update_published(self, *, now: datetime, **more) -> int:
        """Publish them by query: they expire no more, and say since when they are
        public. ``more`` is what else changes with it. Lists and pages are not told."""
        first = Coalesce(models.F("first_published_at"), now)
        when = {"first_published_at": first, "last_published_at": now}
        return self.update(live=True, expired=False, **when, **more)

    update_published.alters_data = True  # type: ignore[attr-defined]

    def delete(self):
        """Bulk actions of the admin delete by query."""
        deleted = super().delete()
        goods.changed()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Product(
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """The story of a piece. What is bought is its variants.

    The listing columns at the end follow from variants, prices and stock; only
    ``shop.relist`` writes them. ``sold_recently`` follows from sales, and only
    ``shop.bestsellers`` writes it.
    """

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=140, unique=True)
    caption = models.CharField(
        _("label"),
        max_length=120,
        blank=True,
        help_text=_("As in a museum: clay or cloth and measure."),
    )
    description = RichTextField(
        _("description"), blank=True, features=["bold", "italic", "ul", "link"]
    )
    category = models.ForeignKey(
        "shop.Category",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="products",
    )
    brand = models.ForeignKey(
        "shop.Brand",
        verbose_name=_("brand"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="products",
    )
    primary_warehouse = models.ForeignKey(
        "shop.Warehouse",
        verbose_name=_("usual warehouse"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    main_image = models.ForeignKey(
        "home.Picture",
        verbose_name=_("main picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    seo_title = models.CharField(
        _("title for search engines"), max_length=120, blank=True
    )
    search_description = models.CharField(
        _("description for search engines"), max_length=200, blank=True
    )
    created_at = models.DateTimeField(_("new since"), db_index=True)
    popularity = models.PositiveIntegerField(default=0, editable=False)
    sold_recently = models.PositiveIntegerField(default=0, editable=False)

    current_price = money_field(null=True, editable=False)
    compare_at_price = money_field(null=True, editable=False)
    reduction = models.GeneratedField(
        expression=REDUCTION, output_field=models.IntegerField(), db_persist=True
    )
    has_price_range = models.BooleanField(default=False, editable=False)
    currency = currency_field()
    stock_quantity = models.PositiveIntegerField(default=0, editable=False)
    value_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    search_text = models.TextField(default="", editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="shop_simple")
        + SearchVector("title", weight="A", config="shop_english")
        + SearchVector("search_text", weight="B", config="shop_simple")
        + SearchVector("search_text", weight="B", config="shop_english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="product",
        for_concrete_model=False,
    )

    objects = ProductQuerySet.as_manager()

    story_panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldPanel("caption"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("category"), FieldPanel("brand")]),
        FieldPanel("main_image"),
        InlinePanel("images", label=_("Further picture")),
        InlinePanel("attribute_values", label=_("Attribute")),
    ]
    more_panels = [
        FieldPanel("primary_warehouse"),
        FieldPanel("created_at"),
        MultiFieldPanel(
            [FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("Search engines"),
        ),
        PublishingPanel(),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(story_panels, heading=_("Story")),
            ObjectList(more_panels, heading=_("More")),
        ]
    )
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["category", "-popularity", "id"]),
            models.Index(fields=["category", "current_price", "id"]),
            models.Index(fields=["category", "-created_at", "-id"]),
            *listed_indexes(),
            GinIndex(fields=["value_ids"]),
            GinIndex(fields=["search_vector"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(current_price__isnull=True)
                | models.Q(current_price__gte=0),
                name="product_price_not_negative",
            )
        ]

    def __init__(self, *args, **kwargs):
        if kwargs:
            super().__init__(*args, **kwargs)
        else:
            # Of a row, which brings no children that modelcluster would have to look
            # for among all fields.
            models.Model.__init__(self, *args)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of_product(self.slug)

    url = property(get_absolute_url)

    @property
    def is_sold_out(self) -> bool:
        return self.stock_quantity == 0

    @property
    def is_low(self) -> bool:
        return 0 < self.stock_quantity <= FEW

    @property
    def is_reduced(self) -> bool:
        return self.compare_at_price is not None

    def save(self, *args, **kwargs):
        from shop.relist import relist, tell_layout

        self.created_at = self.created_at or timezone.now()
        is_seen = published.is_seen(self, kwargs.get("update_fields"))
        with followed(self, kwargs.get("update_fields")):
            super().save(*args, **kwargs)
        if is_seen:
            goods.changed()
        transaction.on_commit(lambda: relist([self.pk]))
        # It may have been published or taken off: its listing does not say so.
        tell_layout([self.pk])

    def delete(self, *args, **kwargs):
        from shop.relist import tell_layout

        with transaction.atomic():
            tell_layout([self.pk])
            deleted = super().delete(*args, **kwargs)
            goods.changed()
        return deleted

    def get_preview_template(self, request, mode_name):
        return "shop/product.html"

    def get_preview_context(self, request, mode_name):
        """As on the product page, with pictures and attributes as they are drafted."""
        from shop.product_page import product_context

        self.secondary_images = list(self.images.all())
        self.filterable_attributes = [
            attribute
            for attribute in self.attribute_values.all()
            if attribute.value.attribute.is_filterable
        ]
        shown = product_context(self, now=timezone.now())
        return super().get_preview_context(request, mode_name) | shown


class ProductImage(Orderable):
    """A further picture of a product, in the editor's order."""

    product = ParentalKey(Product, on_delete=models.CASCADE, related_name="images")
    picture = models.ForeignKey(
        "home.Picture",
        verbose_name=_("picture"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels = [FieldPanel("picture")]

    class Meta(Orderable.Meta):
        verbose_name = _("product picture")
