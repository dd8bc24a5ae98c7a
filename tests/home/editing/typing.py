"""What a browser does with Wagtail's editors: open, type, autosave, press Save."""

import re

from django.urls import reverse
from wagtail.test.utils.form_data import (
    nested_form_data,
    querydict_from_html,
    rich_text,
    streamfield,
)
from wagtail.test.utils.wagtail_tests import WagtailTestUtils

PAGE_FORM, BLOCK_FORM = "page-edit-form", "w-editor-form"
CONTROLS = re.compile(r"<input\b[^>]*>|<(textarea|select)\b.*?</\1>", re.DOTALL)
BLOCKS = "wagtailsnippets_home_layoutblock"


def page_editor(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def page_maker(parent, kind="dynamicpage") -> str:
    return reverse("wagtailadmin_pages:add", args=["home", kind, parent.pk])


def block_editor(block) -> str:
    return reverse(f"{BLOCKS}:edit", args=[block.pk])


def opened(client, address: str) -> dict:
    """The fields of an editor's form as a browser holds them; blocks, which script
    makes, apart."""
    html = client.get(address).content.decode()
    form = form_of(html, BLOCK_FORM if f'id="{BLOCK_FORM}"' in html else PAGE_FORM)
    fields = querydict_from_html(form).dict()
    boxes = WagtailTestUtils.get_soup(form)
    for box in boxes.find_all("input", type="checkbox", checked=True):
        fields[box["name"]] = box.get("value", "on")
    return fields


def two_windows(client, address: str) -> tuple[dict, dict]:
    """The fields of two that were opened one after the other."""
    first = opened(client, address)
    return first, dict(first)


def form_of(html: str, form_id: str) -> str:
    """The form with nothing in it but what is sent: to parse all of it would take
    longer than to render it."""
    within = html.index(f'id="{form_id}"')
    form = html[html.rindex("<form", 0, within) : html.index("</form>", within)]
    controls = "".join(found[0] for found in CONTROLS.finditer(form))
    return f"<form>{controls}</form>"


def words(text: str) -> dict:
    """A page's blocks: one text."""
    value = {"text": rich_text(f"<p>{text}</p>")}
    return nested_form_data({"body": streamfield([("text", value)])})


def line(text: str) -> dict:
    """A layout block's content: one announcement."""
    value = {"line": text, "glaze": "cobalt", "links": streamfield([])}
    return nested_form_data({"content": streamfield([("announcement", value)])})


def save(client, address: str, fields: dict, **more):
    return client.post(address, fields | more)


def seen_conflict(answer) -> dict:
    """The box that says: replace what the other window has saved."""
    return {"ws_overwrite": str(answer.context["ws_conflict"].version)}


def autosave(client, address: str, fields: dict, **more):
    """As Wagtail's script does: the answer's updates go into the form."""
    answer = client.post(address, fields | more, headers={"accept": "application/json"})
    fields |= more | answer.json().get("field_updates", {})
    return answer
