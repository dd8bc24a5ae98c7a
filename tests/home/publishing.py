"""Publishing in tests: the home page and the layout blocks round it, in few words."""

import json

from home.models import DynamicPage, HomePage, LayoutBlock
from tests.frugal import unquestioned
from tests.new_pages import unheard_of


def home_page() -> HomePage:
    return HomePage.objects.get()


@unquestioned()
def a_page(title="Care guide", parent=None, **more) -> DynamicPage:
    parent = parent or home_page()
    more = {"locale_id": parent.locale_id} | more
    page = DynamicPage(title=title, **more)
    with unheard_of(page):
        return parent.add_child(instance=page)


@unquestioned()
def a_block(position="announcement", line="Free delivery.", **more) -> LayoutBlock:
    return LayoutBlock.objects.create(
        position=position, title=line, content=content(position, line), **more
    )


def content(position: str, line: str) -> str:
    """What stands in a layout block of that position, with one line of words."""
    blocks = {
        "announcement": {"line": line, "links": [], "glaze": "cobalt"},
        "footer_about": {"text": line},
        "text": {"text": f"<p>{line}</p>"},
    }
    kinds = {"announcement": "announcement", "footer": "footer_about"}
    kind = kinds.get(position, "text")
    return json.dumps([{"type": kind, "value": blocks[kind]}])


def write(page, line: str) -> None:
    """Give a page one block of text, unsaved."""
    page.body = content("body", line)


def save_draft(thing):
    """Save a draft as the admin does: a revision, and no more of the row than that."""
    latest = type(thing).objects.get(pk=thing.pk).get_latest_revision_as_object()
    latest.title = "Half a thought"
    return latest.save_revision()
