from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# Every order waits for its turn here, so the statement is not put together anew.
LOCK_FOR_SALE = """
    SELECT s.*, w.is_active AS ships, w.priority, p.primary_warehouse_id AS usual_id
    FROM shop_stock s
    JOIN shop_warehouse w ON w.id = s.warehouse_id
    JOIN shop_variant v ON v.id = s.variant_id
    JOIN shop_product p ON p.id = v.product_id
    WHERE s.variant_id = ANY(%s::bigint[])
    ORDER BY s.id
    FOR NO KEY UPDATE OF s
"""


class Warehouse(models.Model):
    """Where stock lies. Lower ``priority`` ships first."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)
    is_active = models.BooleanField(_("ships"), default=True)

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["priority", "pk"]

    def __str__(self) -> str:
        return self.name


class StockQuerySet(models.QuerySet):
    def lock(self, **which):
        """Lock rows in primary-key order and return them as a list, in that order.

        One order for everyone: two shoppers may wait for each other, never for ever.
        """
        rows = self.filter(**which).order_by("pk")
        return list(rows.select_for_update(of=("self",), no_key=True))

    def lock_for_sale(self, variant_ids):
        """The same for all stock of variants, each row with what says where a line is
        taken from: ``ships``, ``priority`` and ``usual_id``, a warehouse."""
        return list(self.raw(LOCK_FOR_SALE, [list(variant_ids)]))


class Stock(models.Model):
    """Pieces of a variant in a warehouse. Every change goes through ``shop.inventory``
    and writes a ``StockMovement``."""

    variant = models.ForeignKey(
        "shop.Variant", on_delete=models.CASCADE, related_name="stock"
    )
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="stock"
    )
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)

    # Nothing that an editor picks: the admin's "usage" need not be kept in a checkout.
    wagtail_reference_index_ignore = True

    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "warehouse"], name="stock_once_per_warehouse"
            ),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0), name="stock_on_hand_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0), name="stock_reserved_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand")),
                name="stock_reserved_is_on_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.warehouse_id}: {self.on_hand}"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class StockMovement(models.Model):
    """One change of one stock row, for ever: a trigger refuses update and delete.

    ``on_hand`` and ``reserved`` are what was added to either column. ``order_line_id``
    is checkout's; no foreign key, because the shop does not know the checkout.
    """

    class Kind(models.TextChoices):
        INITIAL = "initial", _("first count")
        RECEIVED = "received", _("received")
        COUNTED = "counted", _("counted")
        RESERVED = "reserved", _("reserved for an order")
        SOLD = "sold", _("sold")
        RELEASED = "released", _("reservation released")
        RETURNED = "returned", _("returned to stock")
        SCRAPPED = "scrapped", _("scrapped")

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    order_line_id = models.BigIntegerField(_("order line"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    moved_at = models.DateTimeField(_("when"), db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_line_id", "stock", "kind"],
                name="stock_movement_once_per_line_and_kind",
                # What comes back may come back in parts.
                condition=Q(order_line_id__isnull=False)
                & ~Q(kind__in=["returned", "scrapped"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand:+d}/{self.reserved:+d}"
