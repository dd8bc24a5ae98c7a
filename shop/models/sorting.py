from collections.abc import Iterable

from django.db import models, transaction


class SortingQuerySet(models.QuerySet):
    def delete(self):
        """Bulk actions of the admin delete by query."""
        from shop import tree

        deleted = super().delete()
        tree.changed()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class SortsProducts(models.Model):
    """What products are sorted by and found by. From the commit on, pages follow a
    change of it, and the listing columns of its products a change of its words."""

    # The field whose words stand in the listing columns of products.
    listed_word = ""

    objects = SortingQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        from shop import relist, tree

        with transaction.atomic():
            is_renamed = self._is_renamed()
            super().save(*args, **kwargs)
            tree.changed()
            if is_renamed:
                relist.follow(self.sorted_products())

    def delete(self, *args, **kwargs):
        from shop import tree

        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            tree.changed()
        return deleted

    def sorted_products(self) -> Iterable[int]:
        """Primary keys of the products whose listing columns say its word."""
        return ()

    def _is_renamed(self) -> bool:
        if not self.listed_word or self.pk is None:
            return False
        rows = type(self)._base_manager.filter(pk=self.pk)
        was = rows.values_list(self.listed_word, flat=True).first()
        return was is not None and was != getattr(self, self.listed_word)
