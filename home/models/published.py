from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PublishedChange(models.Model):
    """A change of what visitors see, or ``count`` earlier ones folded together.

    Rows are only added, by ``home.published.changed``, and folded, by its ``compact``:
    the sum of all counts is the published version.
    """

    count = models.PositiveBigIntegerField(default=1, editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("published change")
        verbose_name_plural = _("published changes")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(count__gte=1), name="published_change_counts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.at}"
