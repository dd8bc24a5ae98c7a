from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from home import published


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    """What the shop is called and how to reach it. One row per Wagtail site."""

    name = models.CharField(_("shop name"), max_length=60, default="Vitrine")
    tagline = models.CharField(_("tagline"), max_length=120, blank=True)
    description = models.CharField(
        _("description"),
        max_length=200,
        blank=True,
        help_text=_("For search engines, when a page has none of its own."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    instagram_url = models.URLField(_("Instagram"), blank=True)
    pinterest_url = models.URLField(_("Pinterest"), blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("tagline"),
                FieldPanel("description"),
                FieldPanel("currency"),
            ],
            heading=_("Shop"),
        ),
        MultiFieldPanel(
            [FieldPanel("email"), FieldPanel("phone"), FieldPanel("address")],
            heading=_("Contact"),
        ),
        MultiFieldPanel(
            [FieldPanel("instagram_url"), FieldPanel("pinterest_url")],
            heading=_("Elsewhere"),
        ),
    ]

    class Meta:
        verbose_name = _("shop settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="settings_currency_is_iso_4217",
            )
        ]

    @classmethod
    def read(cls, site) -> "SiteSettings":
        """The site's settings, or what they are before anyone has saved them.

        Not ``for_site``: that writes a missing row, and looking never writes.
        """
        return getattr(site, "sitesettings", None) or cls(site=site)

    @transaction.atomic
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        published.changed()
