from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, Coalesce, NullIf

# The orders of a list; the other way round is read backwards.
LISTED_BY = {
    "popularity": ["-popularity", "id"],
    "price": ["current_price", "id"],
    "age": ["-created_at", "-id"],
    "name": ["title", "id"],
    "sales": ["-sold_recently", "-popularity", "id"],
    "reduction": ["-reduction", "-popularity", "id"],
}
# Ten-thousandths of the struck price that a reduction takes off; 0 where there is none.
REDUCTION = Coalesce(
    Cast(
        (F("compare_at_price") - F("current_price"))
        * Value(10_000, models.DecimalField(max_digits=5, decimal_places=0))
        / NullIf(
            F("compare_at_price"),
            Value(0, models.DecimalField(max_digits=5, decimal_places=0)),
        ),
        models.IntegerField(),
    ),
    0,
)


def listed_indexes() -> list[models.Index]:
    """An index for each order of a list, of what is listed alone."""
    is_listed = models.Q(live=True, current_price__isnull=False)
    return [
        models.Index(
            fields=fields, name=f"product_listed_by_{name}", condition=is_listed
        )
        for name, fields in LISTED_BY.items()
    ]


class ListingChange(models.Model):
    """Products that one statement has changed for lists: whether they are listed, their
    category, workshop, values, prices, whether they are in stock, or what lists put
    them in order by, except their titles.

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
