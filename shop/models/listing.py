from django.contrib.postgres.fields import ArrayField
from django.db import models


class ListingChange(models.Model):
    """Products that one statement has changed for lists: whether they are listed, their
    category, workshop, values, price, or whether they are in stock or reduced.

    Triggers on products write it, so that no change of any kind goes past it.
    ``product_ids`` is null in the one row that stands for all that were tidied away.
    """

    transaction = models.BigIntegerField(db_index=True)
    at = models.DateTimeField(db_index=True)
    product_ids = ArrayField(models.BigIntegerField(), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "listing change"

    def __str__(self) -> str:
        return f"{self.transaction}: {self.product_ids}"
