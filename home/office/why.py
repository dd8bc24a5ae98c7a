"""One sentence for each layout block: is it seen in the shop, and if not, why not.

Times are those of the shop, whatever time zone a colleague has set for themselves.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import Panel
from wagtail.admin.ui.tables import Column
from wagtail.models import Locale, Revision, Site

from home import showing
from home.showing import Reason


def shop_time(moment: datetime) -> str:
    """A moment as the shop's clock shows it: 1 Dec 2026, 08:00 (WET)."""
    there = timezone.localtime(moment, timezone.get_default_timezone())
    return f"{date_format(there, 'j M Y, H:i')} ({there.tzname()})"


def sentence(block, reason: Reason, *, scheduled: datetime | None = None) -> str:
    """``scheduled`` is when an approved revision of the block goes live."""
    if reason in (Reason.DRAFT, Reason.WAITING):
        goes_live = scheduled or block.go_live_at
        if reason == Reason.WAITING or scheduled:
            return _("Not yet: goes live %(when)s") % {"when": shop_time(goes_live)}
    if reason == Reason.EXPIRED and block.expire_at:
        return _("No longer: expired %(when)s") % {"when": shop_time(block.expire_at)}
    if reason == Reason.SOLD_OUT:
        return _sold_out(block)
    if reason == Reason.SHOWN and block.expire_at:
        return _("Shown until %(when)s") % {"when": shop_time(block.expire_at)}
    return str(reason.label)


def _sold_out(block) -> str:
    if block.stock_product is None:
        return _("Not shown: the piece it depends on no longer exists")
    return _("Not shown: “%(piece)s” is sold out or not for sale") % {
        "piece": block.stock_product
    }


class Whys:
    """Why each published block is seen or not, for as many as are asked for: five
    queries, and one for stock where a block depends on it."""

    def __init__(self, *, now: datetime):
        self.now = now

    def of(self, block) -> str:
        reason = self.reasons.get(block.pk, Reason.DRAFT)
        kept = self.blocks.get(block.pk, block)
        return sentence(kept, reason, scheduled=self.scheduled.get(block.pk))

    @cached_property
    def blocks(self) -> dict:
        from home.models import LayoutBlock

        published = LayoutBlock.objects.select_related("stock_product")
        unread = ("content", "stock_product__search_vector")
        found = published.defer(*unread).order_by("position", "sort_order", "pk")
        return {block.pk: block for block in found}

    @cached_property
    def reasons(self) -> dict[int, Reason]:
        """By pk. A block of every site is judged as the default site shows it."""
        reasons: dict[int, Reason] = {}
        blocks = self.blocks.values()
        for own in {(block.site_id, block.locale_id) for block in blocks}:
            there = showing.here(
                blocks,
                site_id=own[0] or self.default_site,
                locale_id=own[1] or self.default_locale,
            )
            reasons |= {
                block.pk: reason
                for block, reason in showing.judge(there, now=self.now)
                if (block.site_id, block.locale_id) == own
            }
        return reasons

    @cached_property
    def default_site(self) -> int:
        sites = Site.objects.filter(is_default_site=True)
        return sites.values_list("pk", flat=True).first() or 0

    @cached_property
    def default_locale(self) -> int:
        return Locale.get_default().pk

    @cached_property
    def scheduled(self) -> dict[int, datetime]:
        from home.models import LayoutBlock

        waiting = Revision.objects.filter(
            base_content_type=ContentType.objects.get_for_model(LayoutBlock),
            approved_go_live_at__isnull=False,
        )
        pairs: Iterable = waiting.values_list("object_id", "approved_go_live_at")
        return {int(pk): when for pk, when in pairs}


class WhyColumn(Column):
    """Reads ``why``, which ``ExplainsBlocks`` has given to every row."""

    def __init__(self):
        super().__init__("why", label=gettext_lazy("In the shop"))


class ExplainsBlocks:
    """For a list of blocks: gives each row its sentence."""

    def get_table(self, object_list):
        whys = Whys(now=timezone.now())
        for block in object_list:
            block.why = whys.of(block)
        return super().get_table(object_list)


class WhyPanel(Panel):
    """Above the fields of a block: what the shop makes of it as it is published."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/office/why_panel.html"

        def is_shown(self):
            return self.instance.pk is not None

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            return context | {"why": Whys(now=timezone.now()).of(self.instance)}
