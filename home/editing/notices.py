"""What somebody has to know before they write: above the form, in sentences."""

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from home.drafts.content import block_digest
from home.models import LayoutBlock, WorkspacePage


def of_page(page: Page, entry: WorkspacePage | None, live_digest: str) -> list[dict]:
    found = []
    if entry and entry.kind == WorkspacePage.Kind.UNPUBLISH:
        found.append(_taken_off())
    if entry and entry.base_digest != live_digest:
        found.append(_moved_on())
    if page.live and page.has_unpublished_changes:
        found.append(_shared_draft(page, "page"))
    return found


def of_block(block: LayoutBlock, copy: LayoutBlock | None) -> list[dict]:
    if block.is_draft():
        return []
    found = []
    if copy and copy.draft_deleted:
        found.append(_removed())
    if copy and copy.base_digest != block_digest(block):
        found.append(_moved_on())
    if block.live and block.has_unpublished_changes:
        found.append(_shared_draft(block, "block"))
    return found


def _taken_off() -> dict:
    return _said(
        _("This workspace takes the page off the site. Saving brings it back.")
    )


def _removed() -> dict:
    return _said(_("This workspace removes the block. Saving brings it back."))


def _moved_on() -> dict:
    return _said(
        _(
            "What is published has changed since this copy was taken. Publishing the "
            "workspace will show both and ask."
        )
    )


def _shared_draft(thing, kind: str) -> dict:
    revision = thing.latest_revision
    who = (revision and revision.user and str(revision.user)) or _("somebody")
    text = _("%s has a Wagtail draft of this that is not part of the workspace.") % who
    url = reverse("home:drafts:into_workspace", args=[kind, thing.pk])
    label = _("Take the current draft into the workspace…")
    return _said(text, url=url, label=label)


def _said(text: str, url: str = "", label: str = "") -> dict:
    return {"text": text, "url": url, "label": label}
