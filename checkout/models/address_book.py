from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checkout import countries

MOST_ADDRESSES = 20


class SavedAddress(models.Model):
    """An address in a customer's book, with which checkout begins. Orders copy it and
    never follow it."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses"
    )
    name = models.CharField(_("name"), max_length=120)
    company = models.CharField(_("company"), max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=160)
    flat = models.CharField(_("flat"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16)
    city = models.CharField(_("town"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    is_first = models.BooleanField(_("used first"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("saved address")
        verbose_name_plural = _("saved addresses")
        ordering = ["-is_first", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(is_first=True),
                name="saved_address_one_is_first",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"

    @property
    def address_lines(self) -> list[str]:
        place = f"{self.postcode} {self.city}"
        country = countries.name(self.country)
        parts = [self.name, self.company, self.street, self.flat, place, country]
        return [part for part in parts if part]
