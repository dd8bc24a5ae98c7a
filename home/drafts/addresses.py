"""Addresses that change with a publish. Slugs may be swapped inside a workspace, and
every old address, of a page and of all beneath it, leads on from the same commit on.

Wagtail makes its redirects after the commit, page by page, also from addresses that no
reader has ever seen; here Wagtail finds nothing left to do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from home.drafts.candidates import Candidate


@dataclass(frozen=True)
class Move:
    """A page and its ``url_path`` before and after."""

    page: Page
    old: str
    new: str


def beneath(pages: Iterable[Page]) -> Q:
    """The pages themselves and everything beneath them."""
    return reduce(or_, (Q(path__startswith=page.path) for page in pages), Q(pk__in=[]))


def moving(candidates: Iterable[Candidate], now: datetime) -> list[Candidate]:
    """Those that get another address when they are published now."""
    return [c for c in candidates if c.moves and not c.leaves_live(now)]


def move(candidates: Sequence[Candidate], now: datetime) -> None:
    """Give the pages their new slugs, and all beneath them their new addresses; leave
    redirects. Drafts get the address that they will have."""
    drafts = {found.published.pk: found.draft for found in moving(candidates, now)}
    if not drafts:
        return
    moves = _planned(drafts)
    for each in moves:
        each.page.url_path = each.new
        if each.page.pk in drafts:
            each.page.slug = drafts[each.page.pk].slug
            drafts[each.page.pk].url_path = each.new
    _carry_along(candidates, moves)
    Page.objects.bulk_update([each.page for each in moves], ["slug", "url_path"])
    _leave_redirects([each for each in moves if each.page.pk not in _going(candidates)])


def _going(candidates: Iterable[Candidate]) -> set[int]:
    """Pages that no redirect needs to lead to any more."""
    pages = [c.published for c in candidates if c.is_page and c.takes_away]
    return {page.pk for page in pages if page}


def _planned(drafts: dict[int, Page]) -> list[Move]:
    """Parents before children."""
    pages = Page.objects.filter(beneath(drafts.values())).order_by("path")
    moves: list[Move] = []
    new_by_path: dict[str, str] = {}
    for page in pages:
        above = page.url_path[: -len(page.slug) - 1]
        above = new_by_path.get(page.path[: -Page.steplen], above)
        slug = drafts[page.pk].slug if page.pk in drafts else page.slug
        new_by_path[page.path] = new = f"{above}{slug}/"
        moves.append(Move(page, page.url_path, new))
    return moves


def _carry_along(candidates: Sequence[Candidate], moves: Sequence[Move]) -> None:
    """Other objects in hand that are written later, or stand above something new."""
    new = {each.page.pk: each.new for each in moves}
    for found in filter(lambda found: found.is_page, candidates):
        for page in (found.published, found.draft, found.record.parent):
            if page is not None and page.pk in new:
                page.url_path = new[page.pk]


# Redirects


def _leave_redirects(moves: Sequence[Move]) -> None:
    moved = {each.page.pk: each for each in moves}
    for site in Site.objects.select_related("root_page"):
        root = site.root_page
        roots = moved.get(root.pk) or Move(root, root.url_path, root.url_path)
        _leave_on(site, roots, moves)
    # Wagtail keeps the paths of sites in its cache.
    transaction.on_commit(Site.clear_site_root_paths_cache)


def _leave_on(site: Site, root: Move, moves: Sequence[Move]) -> None:
    pairs = [
        (each.page, _on_site(each.old, root.old), _on_site(each.new, root.new))
        for each in moves
        if each.page.live and each.old.startswith(root.old)
    ]
    taken = {new for _, _, new in pairs}
    left = {old: page for page, old, _ in pairs if old not in taken}
    # A page that is back at an address must not be led there by a redirect.
    stale = Q(old_path__in=left)
    for page, _, new in pairs:
        stale |= Q(old_path=new, redirect_page=page)
    automatic = {"site": site, "automatically_created": True}
    Redirect.objects.filter(stale, **automatic).delete()
    Redirect.objects.bulk_create(
        (
            Redirect(old_path=old, redirect_page=page, **automatic)
            for old, page in left.items()
        ),
        # One that somebody has made by hand stays.
        ignore_conflicts=True,
    )


def _on_site(url_path: str, root: str) -> str:
    return Redirect.normalise_path(f"/{url_path.removeprefix(root)}")
