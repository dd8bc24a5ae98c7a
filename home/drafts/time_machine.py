"""The published shop as of a moment: what is scheduled till then has happened.

Only schedules move. A day that has passed shows today's words with the schedule of that
day, because nobody keeps what was live then as one state: what has expired since is
there again, what was not due yet is not.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Revision

from home.drafts.content import laid_over
from home.models import DraftWorkspace, LayoutBlock


def due_workspaces(at: datetime) -> list[DraftWorkspace]:
    """Workspaces that will have been published by then, in the order of their hours."""
    scheduled = DraftWorkspace.objects.filter(
        state=DraftWorkspace.State.SCHEDULED, publish_at__lte=at
    )
    return list(scheduled.order_by("publish_at", "pk"))


def scheduled(model, at: datetime) -> dict[int, Revision]:
    """{primary key: revision} of what goes live by that moment; the last one counts."""
    kind = ContentType.objects.get_for_model(model)
    revisions = Revision.objects.filter(
        base_content_type=kind, approved_go_live_at__lte=at
    )
    by_hour = revisions.order_by("approved_go_live_at", "pk")
    return {int(revision.object_id): revision for revision in by_hour}


def blocks_at(blocks: Iterable[LayoutBlock], at: datetime) -> list[LayoutBlock]:
    """Published blocks as they will be. Whether one shows is for ``home.showing``."""
    found = {block.pk: block for block in blocks}
    for pk, revision in scheduled(LayoutBlock, at).items():
        block = revision.as_object()
        block.live, block.expired, block.pk = True, False, pk
        found[pk] = block
    for block in found.values():
        if _was_there(block, at):
            block.live, block.expired = True, False
    return list(found.values())


def _was_there(thing: Page | LayoutBlock, at: datetime) -> bool:
    """Whether something that has expired had not done so then."""
    return bool(thing.expired and thing.expire_at and thing.expire_at > at)


def page_at(page: Page, revision: Revision | None, at: datetime) -> Page:
    """A page as it will be, or was: scheduled content laid over, not yet there, or no
    longer."""
    if revision:
        page = laid_over(page, revision.content)
        page.live = True
    if _was_there(page, at):
        page.live = True
    is_over = page.expire_at and page.expire_at <= at
    if is_over or (page.go_live_at and page.go_live_at > at):
        page.live = False
    return page
