"""What an editor shows inside a workspace: its copy, else what is published.

Never the latest shared draft of something that is live: publishing the workspace would
publish somebody else's unfinished words. Only what was never published has no other
content than its draft.
"""

from django.http import Http404
from wagtail.models import Page

from home.drafts import edit
from home.drafts.content import copy_block, laid_over
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage


def page_as_edited(page: Page, entry: WorkspacePage | None) -> Page:
    """The specific page with the content of its entry, or with its base."""
    if entry:
        return laid_over(page.specific, entry.content)
    return page.specific if page.live else page.get_latest_revision_as_object()


def find_block(
    workspace: DraftWorkspace, pk: str
) -> tuple[LayoutBlock, LayoutBlock | None]:
    """A block that the workspace may edit, and the workspace's row of it, if any. The
    two are one for a block that exists in the workspace only.

    Raises:
        Http404: there is no such block, or it is another workspace's.
    """
    published = LayoutBlock.objects.filter(pk=pk).first()
    if published:
        return published, edit.copy_of(workspace, published)
    own = LayoutBlock.all_objects.copies_in(workspace).filter(draft_of=None)
    block = own.filter(pk=pk).first()
    if block is None:
        raise Http404("No such block.")
    return block, block


def block_as_edited(block: LayoutBlock, copy: LayoutBlock | None) -> LayoutBlock:
    """The block, with its own state, and the content of its working copy or base."""
    if copy:
        return copy_block(copy, LayoutBlock.all_objects.get(pk=block.pk))
    return block if block.live else block.get_latest_revision_as_object()
