from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.utils.translation import gettext_lazy as _

from shop.models.fields import money_field


class Period(Func):
    """From the first moment, included, until the second, which is not."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class SalePriceQuerySet(models.QuerySet):
    def running(self, *, at: datetime):
        """What runs at that moment, be it written onto its variant yet or not."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def turns(self, *, after: datetime, until: datetime) -> list[datetime]:
        """The times at which one begins or ends, in their order; ``until`` is one of
        the times, ``after`` is not."""
        rows = self.filter(starts_at__lte=until, ends_at__gt=after)
        hours = {
            hour for row in rows.values_list("starts_at", "ends_at") for hour in row
        }
        return sorted(hour for hour in hours if after < hour <= until)

    def ahead(self):
        """Those that have still to begin or to end."""
        return self.exclude(state=SalePrice.State.OVER)

    def due(self, *, by: datetime):
        """Those that have begun or ended by then, and are not written so yet."""
        State = SalePrice.State
        return self.filter(
            Q(state=State.PLANNED, starts_at__lte=by)
            | Q(state=State.RUNNING, ends_at__lte=by)
        )

    def by_moment(self):
        """Those ahead with the ``moment`` at which they begin or end, the next first;
        it has passed, if they are due."""
        is_planned = Q(state=SalePrice.State.PLANNED)
        moment = Case(When(is_planned, then=F("starts_at")), default=F("ends_at"))
        return self.ahead().annotate(moment=moment).order_by("moment", "pk")

    def next_moment(self) -> datetime | None:
        return self.by_moment().values_list("moment", flat=True).first()


class SalePrice(models.Model):
    """A lower price of a variant, in its currency, from a moment until another. A sale
    takes whichever is lower of this and the regular price.

    It counts by the clock alone. ``state`` says what of it is written onto variant,
    ledger and lists; ``shop.prices.apply_due`` does that.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        OVER = "over", _("over")

    variant = models.ForeignKey(
        "shop.Variant",
        verbose_name=_("variant"),
        on_delete=models.CASCADE,
        related_name="sales",
    )
    price = money_field(_("sale price"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State,
        default=State.PLANNED,
        editable=False,
    )

    wagtail_reference_index_ignore = True

    objects = SalePriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("sale price")
        verbose_name_plural = _("sale prices")
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(
                fields=["variant"],
                name="sale_price_ahead",
                condition=~Q(state="over"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0), name="sale_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="sale_price_ends_after_it_begins",
                violation_error_message=_("It must end after it begins."),
            ),
            ExclusionConstraint(
                name="sale_price_one_at_a_time",
                expressions=[
                    ("variant", RangeOperators.EQUAL),
                    (
                        Period("starts_at", "ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "Another sale of this variant runs at the same time."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.price}"

    def save(self, *args, **kwargs):
        """Pages learn of its hours."""
        from shop import tree

        super().save(*args, **kwargs)
        tree.changed()

    def delete(self, *args, **kwargs):
        from shop import tree

        deleted = super().delete(*args, **kwargs)
        tree.changed()
        return deleted

    def move_on(self, *, to: datetime) -> None:
        """Into the state of that moment, never back; unsaved."""
        if self.ends_at <= to:
            self.state = self.State.OVER
        elif self.starts_at <= to:
            self.state = self.State.RUNNING
