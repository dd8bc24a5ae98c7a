"""Photographs. Sizes are cut once per photograph and kept beside it, so that a page
of fifty cards asks the database for no rendition."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from home import reading


@dataclass(frozen=True)
class Cut:
    """One way of cutting a photograph: its ratio and the widths browsers choose from.

    ``ratio`` is width : height, or None to keep the photograph's own.
    """

    widths: tuple[int, ...]
    ratio: tuple[int, int] | None = None

    def spec(self, width: int) -> str:
        if self.ratio is None:
            return f"width-{width}|format-webp|webpquality-74"
        across, down = self.ratio
        height = round(width * down / across)
        return f"fill-{width}x{height}|format-webp|webpquality-74"


CUTS = {
    "card": Cut((320, 480, 800), ratio=(1, 1)),
    "wide": Cut((640, 1080, 1600), ratio=(16, 9)),
    "tall": Cut((400, 640, 960), ratio=(5, 4)),
    "whole": Cut((480, 800, 1200)),
}


class Picture(AbstractImage):
    """A photograph with its alternative text (``description``) and focal point."""

    credit = models.CharField(_("credit"), max_length=120, blank=True)
    cuts = models.JSONField(
        default=dict,
        editable=False,
        help_text="{cut: [[url, width, height], …]}, narrowest first.",
    )

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]

    @transaction.atomic
    def save(self, *args, **kwargs):
        """One commit together with what ``home.watch`` writes."""
        super().save(*args, **kwargs)

    @property
    def _cut_state(self) -> str:
        """What a cut depends on: the file and the focal point."""
        focus = self.get_focal_point()
        return f"{self.file.name}:{focus.as_tuple() if focus else ''}"

    def sources(self, cut: str) -> list[list]:
        """[[url, width, height], …] of that cut, narrowest first.

        Cut now if never before, or if file or focal point have changed since.
        """
        kept = self.cuts.get(cut)
        if kept and self.cuts.get("state") == self._cut_state:
            return kept
        return self.make_cuts()[cut]

    @reading.primary()
    def make_cuts(self, names: Iterable[str] = tuple(CUTS)) -> dict:
        """Cut every size of this photograph, or of some cuts only, and keep the
        addresses. Cuts of an earlier file or focal point are forgotten."""
        state = self._cut_state
        kept = self.cuts if self.cuts.get("state") == state else {}
        cuts = {
            name: [
                [rendition.url, rendition.width, rendition.height]
                for rendition in self.get_renditions(
                    *(cut.spec(width) for width in cut.widths)
                ).values()
            ]
            for name, cut in CUTS.items()
            if name in names
        }
        self.cuts = {**kept, **cuts, "state": state}
        type(self).objects.filter(pk=self.pk).update(cuts=self.cuts)
        return self.cuts


class Rendition(AbstractRendition):
    image = models.ForeignKey(
        Picture, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="rendition_once_per_picture",
            )
        ]
