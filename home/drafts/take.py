"""Take Wagtail's shared draft of a page or a block into a workspace, as its copy. The
shared draft stays where it is."""

from datetime import datetime

from django.db import transaction
from wagtail.models import Page

from home.drafts import edit
from home.drafts.content import page_content
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage


def take_page(workspace: DraftWorkspace, page: Page, *, now: datetime) -> WorkspacePage:
    """Keep the latest shared draft as the workspace's copy; an earlier copy goes.

    The draft that was taken counts as the one the copy is based on: publishing does
    not bury it.

    Raises:
        Stale: another window has saved the copy in this very moment.
        WorkspaceClosed
    """
    earlier = workspace.pages.filter(page=page).first()
    version = earlier.version if earlier else 0
    content = page_content(page.get_latest_revision_as_object())
    with transaction.atomic():
        entry = edit.save_page(workspace, page, content, version=version, now=now)
        entry.base_latest_revision = page.latest_revision_id
        entry.save(update_fields=["base_latest_revision"])
    return entry


def take_block(
    workspace: DraftWorkspace, block: LayoutBlock, *, now: datetime
) -> LayoutBlock:
    """The same for a layout block."""
    copy = edit.copy_of(workspace, block)
    return edit.save_block(
        workspace,
        block,
        block.get_latest_revision_as_object(),
        version=copy.draft_version if copy else 0,
        now=now,
    )
