from typing import NamedTuple

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from shop.models.fields import currency_field, money_field

# One statement makes a list that is not there, and locks it until commit either way.
LOCK = """
INSERT INTO wishlist_wishlist
    (owner_id, created_at, changed_at, share_token, is_watched)
VALUES (%s, %s, %s, NULL, false)
ON CONFLICT (owner_id) DO UPDATE SET changed_at = EXCLUDED.changed_at
RETURNING id, is_watched
"""


class WishlistManager(models.Manager):
    def lock_of(self, owner_id: int, *, now) -> "Locked":
        """The owner's list, locked until commit; made if need be."""
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [owner_id, now, now])
            return Locked(*cursor.fetchone())


class Locked(NamedTuple):
    """A list's number, and whether letters are wanted about its pieces."""

    pk: int
    is_watched: bool


class Wishlist(models.Model):
    """What one customer keeps for later."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishlist"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Whether its owner wants letters when a piece costs less.
    is_watched = models.BooleanField(default=False)
    # Who holds it may look at the list; null: nobody may.
    share_token = models.CharField(  # noqa: DJ001
        max_length=40, unique=True, null=True, editable=False
    )
    # Whether its owner wants to know what others are getting from it.
    shows_gifts = models.BooleanField(default=False, db_default=False)

    wagtail_reference_index_ignore = True

    objects = WishlistManager()

    class Meta:
        verbose_name = _("wishlist")
        verbose_name_plural = _("wishlists")

    def __str__(self) -> str:
        return str(self.pk)


class WishlistItemQuerySet(models.QuerySet):
    def kept(self):
        """What is on a list now; the rest are stones over what was taken off."""
        return self.filter(removed_at__isnull=True)


class WishlistItem(models.Model):
    """A product on a list, since when, and what the shop asked for it then.

    Taken off, the row stays with ``removed_at``: what another device still remembers
    from before does not bring it back.
    """

    wishlist = models.ForeignKey(
        Wishlist, on_delete=models.CASCADE, related_name="items"
    )
    product = models.ForeignKey(
        "shop.Product",
        verbose_name=_("product"),
        on_delete=models.CASCADE,
        related_name="wishes",
    )
    added_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(null=True)
    price_then = money_field(_("price when added"))
    currency = currency_field()

    wagtail_reference_index_ignore = True

    objects = WishlistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["wishlist", "product"], name="wish_once_per_product"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id} on {self.wishlist_id}"


class MergedOperation(models.Model):
    """An operation of a browser that has had its effect: sent again, it has none."""

    wishlist = models.ForeignKey(
        Wishlist, on_delete=models.CASCADE, related_name="operations"
    )
    key = models.CharField(max_length=64)
    merged_at = models.DateTimeField(db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("merged operation")
        verbose_name_plural = _("merged operations")
        constraints = [
            models.UniqueConstraint(
                fields=["wishlist", "key"], name="wishlist_operation_once"
            )
        ]

    def __str__(self) -> str:
        return self.key
