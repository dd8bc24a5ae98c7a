from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class NewsletterSubscriberQuerySet(models.QuerySet):
    def subscribed(self):
        """Addresses that may be written to."""
        return self.filter(confirmed_at__isnull=False, left_at__isnull=True)

    def outside(self):
        """Addresses that may not: never confirmed, or gone."""
        return self.filter(Q(confirmed_at__isnull=True) | Q(left_at__isnull=False))


class NewsletterSubscriber(models.Model):
    """An address, what its owner agreed to in these words, and when.

    Asked for at ``asked_at``, on the list from ``confirmed_at`` until ``left_at``.
    """

    email = models.EmailField(_("e-mail"), max_length=254)
    audience = models.CharField(_("list"), max_length=40)
    consent = models.CharField(_("agreed to"), max_length=240, blank=True)
    consent_at = models.DateTimeField(_("agreed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("first asked"))
    asked_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    # A fingerprint, kept for a day, so that nobody can have letters sent to a hundred.
    visitor = models.CharField(max_length=32, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    objects = NewsletterSubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsletter subscriber")
        verbose_name_plural = _("newsletter subscribers")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["visitor", "asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "audience"], name="newsletter_address_once_per_list"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(consent_at__isnull=False),
                name="newsletter_confirmed_after_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> str:
        if self.left_at:
            return gettext("left")
        return gettext("subscribed") if self.confirmed_at else gettext("not confirmed")
