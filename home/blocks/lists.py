from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError

from home.blocks.frozen import FrozenAsWagtails


class Several(FrozenAsWagtails, blocks.ListBlock):
    """A list that says how many to add or to take away."""

    WAGTAILS = "wagtail.blocks.ListBlock"

    def clean(self, value):
        if words := self._complaint(len(value)):
            raise ListBlockValidationError(non_block_errors=[ValidationError(words)])
        return super().clean(value)

    def _complaint(self, count: int) -> str:
        least, most = self.meta.min_num or 0, self.meta.max_num
        if most is not None and count > most:
            return _("At most %(most)d fit: take %(extra)d away.") % {
                "most": most,
                "extra": count - most,
            }
        if count < least and not self.is_deferred_validation:
            return _("At least %(least)d are needed: add %(missing)d.") % {
                "least": least,
                "missing": least - count,
            }
        return ""
