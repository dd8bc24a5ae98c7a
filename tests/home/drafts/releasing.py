"""How tests publish, and how they tell what is live."""

from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from wagtail import signal_handlers
from wagtail.models import Page

from home.drafts import publish as publishing
from home.drafts.content import block_content, digest_of, page_content
from home.drafts.items import items, set_digest
from home.models import (
    DraftWorkspace,
    DynamicPage,
    HomePage,
    LayoutBlock,
    WorkspacePage,
)
from tests.builders import stream_of
from tests.frugal import unquestioned
from tests.new_pages import unheard_of


def see(workspace) -> None:
    """Somebody has looked at every change."""
    WorkspacePage.objects.filter(workspace=workspace).update(seen_digest=F("digest"))
    rows = LayoutBlock.all_objects.copies_in(workspace)
    rows.update(seen_digest=F("digest"))


def agreed(workspace) -> str:
    return set_digest(items(workspace))


def publish(workspace, by, *, now=None) -> DraftWorkspace:
    see(workspace)
    return publishing.publish(
        workspace.pk, by=by, digest=agreed(workspace), now=now or timezone.now()
    )


def way_back(workspace) -> DraftWorkspace:
    return DraftWorkspace.objects.get(undoes=workspace)


def roll_back(workspace, by, *, now=None) -> DraftWorkspace:
    return publishing.roll_back(
        workspace.pk,
        by=by,
        digest=agreed(way_back(workspace)),
        now=now or timezone.now(),
    )


def fresh(thing):
    return type(thing)._base_manager.get(pk=thing.pk)


def a_shared_draft(thing, by, **values):
    """What somebody saves as a draft in Wagtail's own editor; returns its revision."""
    draft = fresh(thing)
    for name, value in values.items():
        setattr(draft, name, value)
    return draft.save_revision(user=by, log_action=True)


def republish(thing, by, **values) -> None:
    """What somebody publishes in Wagtail's own editor."""
    a_shared_draft(thing, by, **values).publish(user=by)


@unquestioned()
def a_plain_page(title: str) -> DynamicPage:
    """Live, but never published by revision: quickly made, for those who want fifty."""
    body = stream_of(("text", {"text": f"<p>{title}</p>"}))
    home = HomePage.objects.get()
    page = DynamicPage(
        title=title, slug=slugify(title), body=body, locale_id=home.locale_id
    )
    with signal_handlers.disable_reference_index_auto_update(), unheard_of(page):
        home.add_child(instance=page)
    return page


@unquestioned()
def a_plain_block(title: str) -> LayoutBlock:
    content = stream_of(("text", {"text": f"<p>{title}</p>"}))
    return LayoutBlock.objects.create(position="home", title=title, content=content)


def site() -> dict:
    """What visitors can be shown: each live page and block, by content and address."""
    pages = {
        page.pk: (page.url_path, digest_of(page_content(page)))
        for page in Page.objects.live().specific()
    }
    blocks = {
        block.pk: digest_of(block_content(block))
        for block in LayoutBlock.objects.filter(live=True)
    }
    return {"pages": pages, "blocks": blocks}
