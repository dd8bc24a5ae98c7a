"""What an editor sees while picking a block."""

import pytest
from django.urls import reverse
from wagtail import blocks

from home.blocks.unreadable import NAME as UNREADABLE
from home.models import HomePage, LayoutBlock
from home.roles import Role
from tests.builders import a_category, a_colleague
from tests.composing import a_framed_picture, a_layout_block, block
from tests.many import many_products

pytestmark = pytest.mark.django_db

STREAMS = {
    "page": HomePage._meta.get_field("body").stream_block,
    "layout": LayoutBlock._meta.get_field("content").stream_block,
}
KINDS = [
    (stream, name)
    for stream, definition in STREAMS.items()
    for name in definition.child_blocks
    if name != UNREADABLE
]


def definition(stream: str, name: str) -> blocks.Block:
    return STREAMS[stream].child_blocks[name]


@pytest.fixture
def editor(client):
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(a_colleague(Role.EDITORS), backend=backend)
    return client


def preview(client, chosen: blocks.Block) -> str:
    address = reverse("wagtailadmin_block_preview")
    answer = client.get(address, {"id": chosen.definition_prefix})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def a_furnished_shop():
    picture = a_framed_picture()
    many_products(3, categories=[a_category(picture=picture)], pictures=[picture])
    a_layout_block(block("text", text="<p>Shared words</p>"))


def test_a_block_is_previewed_in_a_furnished_shop(editor, a_furnished_shop):
    for stream, name in KINDS:
        html = preview(editor, definition(stream, name))

        assert "holds nothing yet" not in html, name
        assert "vitrine" in html, name


def test_a_block_is_previewed_in_an_empty_shop(editor):
    for stream, name in KINDS:
        assert "<main>" in preview(editor, definition(stream, name)), name


def test_a_block_without_anything_to_show_says_so(editor):
    assert "holds nothing yet" in preview(editor, definition("page", "hero_trio"))


@pytest.mark.parametrize(("stream", "name"), KINDS)
def test_a_block_has_a_name_a_picture_and_a_sentence_of_its_own(stream, name):
    chosen = definition(stream, name)

    assert chosen.is_previewable
    assert chosen.get_description().endswith(".")
    assert chosen.meta.icon != "placeholder"
    assert chosen.meta.template == f"blocks/{name}.html"


def test_no_two_blocks_share_their_description():
    chosen = {name: definition(stream, name) for stream, name in KINDS}
    descriptions = {block.get_description() for block in chosen.values()}

    assert len(descriptions) == len(chosen)


def test_previews_are_for_colleagues(client):
    address = reverse("wagtailadmin_block_preview")
    answer = client.get(address, {"id": definition("page", "banner").definition_prefix})

    assert answer.status_code == 302
