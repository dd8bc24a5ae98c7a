"""A layout block as it is being edited, inside the real page where it will stand.

The pages of other rooms are named by ``settings.PREVIEW_PAGES``: {position: dotted path
of a function of (request, block)}, which returns None while it has no such page. All
other positions are seen on the front page.
"""

import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from home import showing
from home.positions import Position
from home.showing import Reason

if TYPE_CHECKING:
    from home.drafts.viewing import Viewing
    from home.models import LayoutBlock
    from home.storefront import Storefront

SHOPPER, CUSTOMER, TOMORROW, WEEK = "", "customer", "tomorrow", "week"
GO_LIVE, EXPIRY = "go_live", "expiry"
# Modes in which the clock is set, and the block shows only if it would show then.
AHEAD = {TOMORROW: timedelta(days=1), WEEK: timedelta(weeks=1)}
OF_BLOCK = {GO_LIVE: "go_live_at", EXPIRY: "expire_at"}


def modes(block: "LayoutBlock") -> list[tuple[str, str]]:
    """What the preview panel offers, the usual one first."""
    offered = [
        (SHOPPER, _("As a shopper, now")),
        (CUSTOMER, _("As a signed-in customer, now")),
        (TOMORROW, _("Tomorrow at this time")),
        (WEEK, _("In a week")),
    ]
    if block.go_live_at:
        offered.append((GO_LIVE, _("When it goes live")))
    if block.expire_at:
        offered.append((EXPIRY, _("When it expires")))
    return offered


def moment(block: "LayoutBlock", mode: str, *, now: datetime) -> datetime:
    """What the clock says in a mode. A time of the block that is not set is now."""
    if mode in OF_BLOCK:
        return getattr(block, OF_BLOCK[mode]) or now
    return now + AHEAD.get(mode, timedelta())


def page_with(block: "LayoutBlock", request, mode: str) -> HttpResponse:
    """The finished page, in the language of the block."""
    now = moment(block, mode, now=timezone.now())
    viewing = getattr(request, "draft", None)
    is_set_ahead = mode in AHEAD or mode in OF_BLOCK
    request.previewed = Previewed(block, now, viewing, is_forced=not is_set_ahead)
    _dress(request, mode)
    with translation.override(_language(block)):
        response = _page(request, block)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
    # A page that is served resets it, and what asks later must know.
    request.is_preview = True
    return response


def _dress(request, mode: str) -> None:
    """Nothing of the editor's own visits: no basket, nothing put away, no name."""
    request.COOKIES = {}
    request.user = _customer() if mode == CUSTOMER else AnonymousUser()


def _customer():
    """Someone signed in who is nobody: never saved."""
    return get_user_model()(username=_("customer"), first_name=_("Customer"))


def _language(block: "LayoutBlock") -> str | None:
    return block.locale.language_code if block.locale else translation.get_language()


def _page(request, block: "LayoutBlock") -> HttpResponse:
    elsewhere = settings.PREVIEW_PAGES.get(block.position)
    if elsewhere is None:
        return _front_page(request)
    page = import_string(elsewhere)(request, block)
    if page is None:
        # There is no such page yet: better on another one than nowhere.
        request.previewed.as_live.position = Position.HOME
    return page or _front_page(request)


def _front_page(request) -> HttpResponse:
    from wagtail.models import Site

    page = Site.find_for_request(request).root_page.specific
    if viewing := request.previewed.viewing:
        page = viewing.overlay.over(page)
    return page.serve(request)


@dataclass
class Previewed:
    """Stands in for an ``Overlay``: all blocks as they are at a moment, in the shop or
    in a draft, this one among them as it is being edited."""

    block: "LayoutBlock"
    now: datetime
    viewing: "Viewing | None"
    is_forced: bool
    stood: list["LayoutBlock"] = field(default_factory=list)

    @cached_property
    def as_live(self) -> "LayoutBlock":
        """As if published, and meant for whatever site and language are looked at."""
        live = copy.copy(self.block)
        live.live, live.expired, live.draft_deleted = True, False, False
        live.site_id = live.locale_id = None
        return live

    @property
    def forced(self) -> "LayoutBlock | None":
        return self.as_live if self.is_forced else None

    def standing(self, published) -> list["LayoutBlock"]:
        """In place of the published block, or of the draft's copy of it; if new, last
        of those with its number."""
        draft = self.viewing.overlay if self.viewing else None
        others = draft.standing(published) if draft else published
        mine = self.as_live
        number = mine.draft_of_id or mine.pk or 0
        kept = [block for block in others if number != (block.draft_of_id or block.pk)]
        return sorted([*kept, mine], key=showing.place)

    def among(self, pages, model) -> list:
        return self.viewing.overlay.among(pages, model) if self.viewing else list(pages)

    def explained(self, found: "Storefront") -> "Storefront":
        """With a line above the page when visitors would not see the block."""
        judged = showing.judge(self.stood, now=self.now)
        reason = next(reason for block, reason in judged if block is self.as_live)
        if reason == Reason.SHOWN:
            return found
        html = dict(found.html)
        above = html.get("announcement", SafeString())
        html["announcement"] = self._notice(reason) + above
        return replace(found, html=html)

    def _notice(self, reason: Reason) -> SafeString:
        from home.office.why import sentence, shop_time

        words = {"when": shop_time(self.now), "why": sentence(self.as_live, reason)}
        return render_to_string("home/preview_notice.html", words)
