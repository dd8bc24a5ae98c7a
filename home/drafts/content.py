"""What of a page or a layout block is content, and what is its state in the tree, in
revisions and in workflows. Content is copied, compared and published; state is not."""

import json
from copy import deepcopy
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import Page

from home.blocks import LayoutBlocks, PageBlocks
from home.blocks.raw import essence

if TYPE_CHECKING:
    from home.models import LayoutBlock

PAGE_STATE = frozenset(
    "pk alias_of content_type depth draft_title expired first_published_at"
    " has_unpublished_changes last_published_at latest_revision"
    " latest_revision_created_at live live_revision locale locked locked_at locked_by"
    " numchild owner path translation_key url_path wagtail_admin_comments".split()
)
BLOCK_STATE = frozenset(
    "pk id base_digest base_revision digest draft_deleted draft_of draft_session_key"
    " draft_version expired first_published_at has_unpublished_changes"
    " last_published_at latest_revision live live_revision locked locked_at locked_by"
    " seen_digest".split()
)


def digest_of(value) -> str:
    """Equal for equal JSON, whatever the order of keys; in streams too, which are JSON
    within a string, and which PostgreSQL gives back in an order of its own."""
    text = json.dumps(_unpacked(value), cls=DjangoJSONEncoder, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _unpacked(value):
    if isinstance(value, dict):
        return {name: _unpacked(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_unpacked(inner) for inner in value]
    if isinstance(value, str) and value.startswith("["):
        try:
            return [_said(item) for item in json.loads(value)]
        except ValueError:
            return value
    return value


def _said(item):
    """A block of a stream by what it says: stored by a script or an older version of
    the shop, it lacks fields and a name until it is first saved in an editor."""
    if not (isinstance(item, dict) and item.get("type") in _kinds()):
        return item
    kind = item["type"]
    return [kind, essence(_kinds()[kind], item.get("value"))]


@cache
def _kinds() -> dict:
    return LayoutBlocks().child_blocks | PageBlocks().child_blocks


# Pages


def page_content(page: Page) -> dict:
    """A page's content as JSON-ready values, its children included."""
    data = page.serializable_data()
    return {name: value for name, value in data.items() if name not in PAGE_STATE}


def page_digest(content: dict, kind: str = "change") -> str:
    """Names the content of a page together with what is to become of it."""
    return digest_of([kind, content])


def laid_over(page: Page, content: dict) -> Page:
    """A specific page with ``content`` laid over its published state.

    The state (place in the tree, liveness, revisions) stays the published page's, so
    the result routes and renders like it. ``url_path`` follows the content's slug; the
    page's cached parent is used when there is one.
    """
    data = {n: v for n, v in deepcopy(content).items() if n not in PAGE_STATE}
    copy = page.specific_class.from_serializable_data(data | {"pk": page.pk})
    for field in Page._meta.concrete_fields:
        if field.name in PAGE_STATE or field.primary_key:
            setattr(copy, field.attname, getattr(page, field.attname))
    copy.pk = page.pk
    if copy.slug != page.slug:
        copy.url_path = f"{page.url_path[: -len(page.slug) - 1]}{copy.slug}/"
    return copy


# Layout blocks


def block_fields() -> list:
    """The fields of a layout block that editors fill in."""
    from home.models import LayoutBlock

    fields = LayoutBlock._meta.concrete_fields
    return [field for field in fields if field.name not in BLOCK_STATE]


def block_content(block: "LayoutBlock") -> dict:
    """A block's content as JSON-ready values."""
    data = block.serializable_data()
    return {field.name: data[field.name] for field in block_fields()}


def block_digest(block: "LayoutBlock") -> str:
    return digest_of([block.draft_deleted, block_content(block)])


def copy_block(source: "LayoutBlock", target: "LayoutBlock") -> "LayoutBlock":
    """Give ``target`` the content of ``source``; returns it, unsaved."""
    for field in block_fields():
        setattr(target, field.attname, deepcopy(getattr(source, field.attname)))
    return target
