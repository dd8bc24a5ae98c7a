import secrets
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.models.fields import currency_field, money_field

MOST_OF_ONE = 999
# Hundreds at once: as one list, not as a parameter each.
LOCK = """
SELECT * FROM checkout_cart WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""
OF_EACH = """
SELECT * FROM checkout_cartitem WHERE cart_id = ANY(%s::bigint[]) ORDER BY added_at, id
"""


def new_token() -> str:
    """192 random bits: who holds it holds the cart, or the order."""
    return secrets.token_urlsafe(24)


class CartQuerySet(models.QuerySet):
    def open(self):
        return self.filter(converted_at__isnull=True, merged_at__isnull=True)

    def lock(self, pk: int):
        """The cart, locked until commit; first in the global lock order.

        Raises:
            Cart.DoesNotExist
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def lock_all(self, pks: Collection[int]):
        """{id: cart}, locked in primary-key order until commit: two who merge the same
        carts wait for each other, never for ever."""
        return {cart.pk: cart for cart in self.raw(LOCK, [list(pks)])}


class Cart(models.Model):
    """What a shopper has chosen. A guest's is found by the token in their cookie, an
    account's by the account, which has one open cart at most. Kept after it became an
    order, so that a second click finds the same order, and after it went into an
    account's cart at log-in, with its items as they were then."""

    token = models.CharField(max_length=40, unique=True, default=new_token)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="carts",
    )
    currency = currency_field()
    # As ``checkout.codes`` writes it; judged anew whenever the cart is looked at.
    coupon_code = models.CharField(max_length=20, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    converted_at = models.DateTimeField(null=True, blank=True)
    merged_at = models.DateTimeField(null=True, blank=True)

    objects = CartQuerySet.as_manager()

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                name="cart_one_open_per_customer",
                condition=Q(converted_at__isnull=True, merged_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(converted_at__isnull=True) | Q(merged_at__isnull=True),
                name="cart_goes_one_way",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.converted_at is None and self.merged_at is None

    @property
    def principal(self) -> str:
        """Whose cart it is, for keys that are unique per owner: the account, else who
        holds the cart's token."""
        if self.customer_id:
            return f"customer-{self.customer_id}"
        return f"cart-{self.pk}"


class CartItemQuerySet(models.QuerySet):
    def of_each(self, cart_ids: Collection[int]) -> dict[int, list["CartItem"]]:
        """{cart id: its items, in the shopper's order}, of all carts in one query."""
        found: dict[int, list[CartItem]] = {pk: [] for pk in cart_ids}
        rows: Any = self.raw(OF_EACH, [list(cart_ids)])
        for item in rows:
            found[item.cart_id].append(item)
        return found


class CartItem(models.Model):
    """A variant and how many. ``title`` and ``price_seen`` are what the shopper was
    shown, so that a change, or a variant that has vanished, can be told."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="items")
    variant = models.ForeignKey(
        "shop.Variant", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    title = models.CharField(max_length=260)
    price_seen = money_field()
    added_at = models.DateTimeField()

    objects = CartItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("cart item")
        verbose_name_plural = _("cart items")
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cart", "variant"], name="cart_item_once_per_variant"
            ),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MOST_OF_ONE)),
                name="cart_item_quantity_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"
