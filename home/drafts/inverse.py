"""The way back: a workspace that brings every item of a published one to what it was
before. Built in the transaction of the publish, so there is never one without it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from home.drafts.candidates import Candidate, Kind, content_in
from home.drafts.content import block_digest, copy_block, page_digest
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage

KEEP = timedelta(days=90)
LONGEST_NAME = DraftWorkspace._meta.get_field("name").max_length


def keep(
    workspace: DraftWorkspace, candidates: Sequence[Candidate], by, now: datetime
) -> DraftWorkspace:
    """Keep the way back of what has just been made live.

    What it brings back has been looked at while it was live: it counts as seen.
    """
    way_back = DraftWorkspace.objects.create(
        name=(_("Before “%s”") % workspace.name)[:LONGEST_NAME],
        owner=by,
        state=DraftWorkspace.State.INVERSE,
        undoes=workspace,
        created_at=now,
        updated_at=now,
        used_at=now,
        expires_at=now + KEEP,
    )
    done = [found for found in candidates if found.was_live or not found.takes_away]
    WorkspacePage.objects.bulk_create(
        _entry(way_back, found, now) for found in done if found.is_page
    )
    LayoutBlock.all_objects.bulk_create(
        _row(way_back, found) for found in done if not found.is_page
    )
    return way_back


def _kind(found: Candidate) -> Kind:
    if found.is_new:
        return Kind.DELETE
    return Kind.CHANGE if found.was_live else Kind.UNPUBLISH


def _entry(way_back: DraftWorkspace, found: Candidate, now: datetime) -> WorkspacePage:
    made = found.published if found.takes_away else found.draft
    after = content_in(found.made, made) if found.made else found.before
    content = after if found.is_new else found.before
    kind = _kind(found)
    digest = page_digest(content, kind)
    return WorkspacePage(
        workspace=way_back,
        kind=kind,
        page_id=made.pk,
        content_type_id=made.content_type_id,
        title=content["title"],
        draft_slug=content["slug"],
        content=content,
        digest=digest,
        seen_digest=digest,
        seen_at=now,
        base_content=after,
        base_digest=page_digest(after),
        base_live_revision=made.live_revision_id,
        base_latest_revision=found.made.pk if found.made else made.latest_revision_id,
        updated_at=now,
    )


def _row(way_back: DraftWorkspace, found: Candidate) -> LayoutBlock:
    made = found.published if found.takes_away else found.draft
    row = LayoutBlock(
        draft_session_key=way_back.key,
        draft_of_id=made.pk,
        draft_deleted=_kind(found) != Kind.CHANGE,
        base_digest=block_digest(made),
        base_revision_id=found.made.pk if found.made else made.live_revision_id,
        draft_version=1,
        live=False,
    )
    copy_block(made if found.is_new else found.published, row)
    row.digest = row.seen_digest = block_digest(row)
    return row
