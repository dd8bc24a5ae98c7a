from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from wishlist.models.lists import WishlistItem


class GiftQuerySet(models.QuerySet):
    def taken(self):
        """What somebody is getting. Who took a mark back has thought better of it; one
        from before the piece was put on the list again was about an earlier wish."""
        return self.exclude(giver="").filter(marked_at__gte=F("item__added_at"))


class Gift(models.Model):
    """A piece of a shared list that somebody is getting. Who, nobody can tell:
    ``giver`` is a fingerprint of a browser, another one for each list, and "" once it
    was taken back."""

    item = models.OneToOneField(
        WishlistItem, on_delete=models.CASCADE, related_name="gift"
    )
    giver = models.CharField(max_length=32, blank=True, editable=False)
    marked_at = models.DateTimeField(_("marked"))
    # Of a network, so that nobody can mark all there is; forgotten after a day.
    visitor = models.CharField(max_length=32, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        indexes = [models.Index(fields=["visitor", "marked_at"])]

    def __str__(self) -> str:
        return str(self.item_id)
