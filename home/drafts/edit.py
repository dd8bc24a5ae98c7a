"""Change what a workspace holds. Every deed locks the workspace, then its copy; nothing
published is written, and nobody else's draft."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from home.drafts.content import (
    block_digest,
    copy_block,
    page_content,
    page_digest,
)
from home.drafts.errors import Stale, WorkspaceClosed
from home.drafts.numbering import numbered
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage


@contextmanager
def holding(workspace: DraftWorkspace):
    """Hold the workspace's lock: what is read now is what is changed.

    Raises:
        WorkspaceClosed: it is published, scheduled or thrown away by now.
    """
    with transaction.atomic():
        kept = DraftWorkspace.objects.lock(workspace.pk)
        if not kept.may_be_edited:
            raise WorkspaceClosed
        yield kept


@contextmanager
def changing(workspace: DraftWorkspace, now: datetime):
    """The same while something of it changes; its version grows.

    Raises:
        WorkspaceClosed
    """
    with holding(workspace) as kept:
        # Reference-index jobs look a copy up by the published manager, and fail.
        with disable_reference_index_auto_update():
            yield kept
        DraftWorkspace.objects.filter(pk=kept.pk).update(
            version=F("version") + 1, updated_at=now
        )


# Pages


def save_page(
    workspace: DraftWorkspace,
    page: Page,
    content: dict,
    *,
    version: int,
    now: datetime,
    base_digest: str = "",
) -> WorkspacePage:
    """Keep ``content`` as the workspace's copy of a page.

    ``version`` is that of the copy the form was filled from; 0 when there was none, and
    then ``base_digest`` names the published content it was filled from.

    Raises:
        Stale: another window has saved since, or has dropped the copy.
        WorkspaceClosed
    """
    with changing(workspace, now):
        entry = WorkspacePage.objects.filter(workspace=workspace, page=page).first()
        if entry is None:
            entry = _first_copy(workspace, page, base_digest)
            entry.version = 0
        return _keep(entry, content, WorkspacePage.Kind.CHANGE, version, now)


def _first_copy(workspace, page: Page, base_digest: str) -> WorkspacePage:
    published = page_content(page.specific)
    return WorkspacePage(
        workspace=workspace,
        page=page,
        content_type_id=page.content_type_id,
        base_content=published,
        base_digest=base_digest or page_digest(published),
        base_live_revision=page.live_revision_id,
        base_latest_revision=page.latest_revision_id,
    )


def save_new_page(
    workspace: DraftWorkspace,
    parent: Page,
    page: Page,
    *,
    uuid: UUID | None = None,
    version: int = 0,
    now: datetime,
) -> WorkspacePage:
    """Keep a page that exists in the workspace only, as a child of ``parent``.

    ``uuid`` names the entry that is saved again.

    Raises:
        Stale: another window has saved since, or the entry is gone.
        WorkspaceClosed
    """
    with changing(workspace, now):
        entry = _new_page(workspace, parent, page, uuid)
        content = page_content(page)
        return _keep(entry, content, WorkspacePage.Kind.CREATE, version, now)


def _new_page(workspace, parent: Page, page: Page, uuid: UUID | None) -> WorkspacePage:
    if uuid:
        entry = workspace.pages.filter(uuid=uuid, kind="create").first()
        if entry is None:
            raise Stale(0)
        return entry
    return WorkspacePage(
        workspace=workspace,
        parent=parent,
        content_type=page.cached_content_type,
        version=0,
    )


def unpublish_page(
    workspace: DraftWorkspace, page: Page, *, now: datetime
) -> WorkspacePage:
    """Stage that a page is taken off the site; its staged words, if any, are kept."""
    with changing(workspace, now):
        entry = WorkspacePage.objects.filter(workspace=workspace, page=page).first()
        if entry is None:
            entry = _first_copy(workspace, page, "")
            entry.version, entry.content = 0, entry.base_content
        kind = WorkspacePage.Kind.UNPUBLISH
        return _keep(entry, entry.content, kind, entry.version, now)


def _keep(entry: WorkspacePage, content: dict, kind, version: int, now: datetime):
    if entry.version != version:
        raise Stale(entry.version)
    entry.kind = kind
    entry.content = content
    entry.title = content["title"]
    entry.draft_slug = content["slug"]
    entry.digest = page_digest(content, kind)
    entry.version = version + 1
    entry.updated_at = now
    entry.save()
    return entry


# Layout blocks


def copy_of(workspace: DraftWorkspace, block: LayoutBlock) -> LayoutBlock | None:
    """The workspace's working copy of a published block, if it has one."""
    return LayoutBlock.all_objects.copies_in(workspace).filter(draft_of=block).first()


def save_block(
    workspace: DraftWorkspace,
    block: LayoutBlock,
    filled: LayoutBlock,
    *,
    version: int,
    now: datetime,
    base_digest: str = "",
) -> LayoutBlock:
    """Keep the content of ``filled`` as the workspace's copy of a published block, or
    in ``block`` itself when that is a block of the workspace only. Returns the copy.

    Raises:
        Stale: another window has saved since, or has dropped the copy.
        WorkspaceClosed
    """
    with changing(workspace, now):
        if block.is_draft():
            copies = LayoutBlock.all_objects.copies_in(workspace)
            copy = copies.filter(pk=block.pk).first()
            if copy is None:
                raise Stale(0)
        else:
            copy = copy_of(workspace, block)
            copy = copy or _copy_block(workspace, block, base_digest)
        if copy.draft_version != version:
            raise Stale(copy.draft_version)
        copy.draft_deleted = False
        return _keep_block(copy_block(filled, copy))


def add_block(
    workspace: DraftWorkspace, filled: LayoutBlock, *, now: datetime
) -> LayoutBlock:
    """Keep a block that exists in the workspace only; returns its row."""
    with changing(workspace, now):
        row = LayoutBlock(draft_session_key=workspace.key, live=False)
        return _keep_block(copy_block(filled, row))


def change_block(
    workspace: DraftWorkspace, block: LayoutBlock, *, now: datetime, **values
) -> LayoutBlock:
    """Stage single values of a published block or of one of the workspace: its
    ``position``, ``sort_order``, ``is_active`` or ``draft_deleted``."""
    with changing(workspace, now):
        return _change(workspace, block, values)


def reorder_blocks(
    workspace: DraftWorkspace,
    blocks: Sequence[LayoutBlock],
    *,
    now: datetime,
    moved: LayoutBlock | None = None,
) -> None:
    """Stage an order of the blocks of one position, published and new ones alike.

    The fewest possible get another number, and a copy with it; rather the one that was
    ``moved`` than its neighbour.
    """
    with changing(workspace, now):
        for block, number in renumbered(blocks, moved):
            _change(workspace, block, {"sort_order": number})


def renumbered(
    blocks: Sequence[LayoutBlock], moved: LayoutBlock | None = None
) -> list[tuple[LayoutBlock, int]]:
    """The blocks that need another number to stand in this order, with that number."""
    ties = [False, *map(_stands_behind, blocks, blocks[1:])][: len(blocks)]
    place = blocks.index(moved) if moved else -1
    numbers = numbered([block.sort_order for block in blocks], ties, place)
    pairs = zip(blocks, numbers, strict=True)
    return [(block, number) for block, number in pairs if block.sort_order != number]


def _stands_behind(first: LayoutBlock, second: LayoutBlock) -> bool:
    """Whether, with one number, the second stands behind the first for good: a new
    block gets another key when it is published."""
    lasting, behind = _lasting_key(first), _lasting_key(second)
    return lasting is not None and behind is not None and lasting < behind


def _lasting_key(block: LayoutBlock) -> int | None:
    return block.draft_of_id or (None if block.is_draft() else block.pk)


def _change(workspace, block: LayoutBlock, values: dict) -> LayoutBlock:
    if block.is_draft():
        copy = LayoutBlock.all_objects.copies_in(workspace).get(pk=block.pk)
    else:
        copy = copy_of(workspace, block) or _copy_block(workspace, block, "")
    for name, value in values.items():
        setattr(copy, name, value)
    return _keep_block(copy)


def _copy_block(workspace, block: LayoutBlock, base_digest: str) -> LayoutBlock:
    published = LayoutBlock.objects.get(pk=block.pk)
    copy = LayoutBlock(
        draft_session_key=workspace.key,
        draft_of=published,
        base_revision=published.live_revision,
        base_digest=base_digest or block_digest(published),
        live=False,
    )
    return copy_block(published, copy)


def _keep_block(copy: LayoutBlock) -> LayoutBlock:
    copy.digest = block_digest(copy)
    copy.draft_version += 1
    copy.save()
    return copy


# Both


def forget(workspace: DraftWorkspace, item, *, now: datetime) -> None:
    """Drop one change from the workspace: the item is as published again."""
    with changing(workspace, now):
        item.record.delete()
