from django.db import models
from django.utils.translation import gettext_lazy as _

from checkout.models.cart import Cart


class CartMerge(models.Model):
    """That a guest's cart went into an account's, and what became of each line: told to
    the shopper, and what ``check_invariants`` holds the merge against."""

    guest = models.OneToOneField(Cart, on_delete=models.CASCADE, related_name="merge")
    into = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="merges")
    merged_at = models.DateTimeField()
    lines = models.JSONField(
        default=list,
        help_text=(
            "[[from, its id there, title, the guest's pieces, the account's before and"
            " now, to], …]; from and to are basket or saved."
        ),
    )
    # Of the account's cart afterwards: once it has changed there is nothing to tell.
    version = models.PositiveIntegerField()
    lines_before = models.PositiveIntegerField()
    code_left = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("merged cart")
        verbose_name_plural = _("merged carts")
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.guest_id} → {self.into_id}"
