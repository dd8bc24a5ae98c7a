"""Remember what of a workspace has been looked at: only that may be published.

A change counts as seen when its exact content was in a response; one whose effect is
that something is gone, when the place where it stood was shown without it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial, reduce
from operator import or_

from django.db.models import F, Q
from wagtail.models import Locale

from home import showing
from home.drafts.items import block_key, takes_away, takes_page_away
from home.drafts.markers import key as name_of
from home.drafts.viewing import Viewing
from home.models import LayoutBlock, WorkspacePage


def remember(request, response, *, now: datetime) -> None:
    """Note what a response has shown of the open workspace, where it was not noted yet.

    A copy that was saved while it was being shown stays unseen: the digest that was
    rendered is compared with the one that is kept.
    """
    viewing = request.draft
    if entries := list(_seen_entries(viewing, response.status_code)):
        still = WorkspacePage.objects.filter(_as_shown(entries))
        still.update(seen_digest=F("digest"), seen_at=now)
    storefront = getattr(request, "storefront", None)
    if rows := list(_seen_rows(viewing, storefront)) if storefront else []:
        still_there = LayoutBlock.all_objects.filter(_as_shown(rows))
        still_there.update(seen_digest=F("digest"))


def _as_shown(changes: Iterable) -> Q:
    """Those that still hold what was shown."""
    return reduce(or_, (Q(pk=each.pk, digest=each.digest) for each in changes))


def _seen_entries(viewing: Viewing, status: int) -> Iterator[WorkspacePage]:
    """A page is seen when it is there, and that it is gone when it is not."""
    for entry in viewing.own_entries if viewing.seen_pages else ():
        is_answer = (status == 404) == takes_page_away(entry)
        if is_answer and entry.pk in viewing.seen_pages and not entry.is_seen:
            yield entry


def _seen_rows(viewing: Viewing, storefront) -> Iterator[LayoutBlock]:
    unseen = viewing.unseen_rows if viewing.seen_positions else []
    if not unseen or viewing.overlay.stood is None:
        return
    here = partial(
        showing.here, site_id=storefront.site.pk, locale_id=Locale.get_active().pk
    )
    shown = {
        name_of(block): block
        for block in _shown(viewing.overlay, here)
        if block.pk not in storefront.broken
    }
    for row in unseen:
        found = shown.get(name_of(row))
        if takes_away(row):
            is_seen = found is None and _is_missed(row, viewing, here)
        else:
            is_at_a_place = row.position in viewing.seen_positions
            is_seen = is_at_a_place and found is not None and found.pk == row.pk
        if is_seen:
            yield row


def _shown(overlay, here) -> list[LayoutBlock]:
    """What the storefront has shown, chosen as it has."""
    return showing.shown(here(overlay.stood), now=overlay.now, forced=overlay.forced)


def _is_missed(row: LayoutBlock, viewing: Viewing, here) -> bool:
    """Whether the place was shown where the block stands for visitors. One that stands
    on another site only, or nowhere any more, is missed when it is asked for."""
    stands = row.draft_of or row
    is_at_a_place = stands.position in viewing.seen_positions
    return viewing.looked_at == block_key(row) or bool(is_at_a_place and here([stands]))
