"""The preview panel inside a workspace shows the form through that workspace; Wagtail's
own previews look through none."""

import pytest
from django.urls import reverse
from wagtail.admin.models import FormState

from home.models import HomePage
from tests.builders import (
    a_colleague,
    a_workspace,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_page,
)
from tests.home.drafts.looking import enter, html
from tests.home.editing.typing import (
    BLOCKS,
    block_editor,
    line,
    opened,
    page_editor,
    page_maker,
    words,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_form_once", "block_form_once"),
]
VALID = {"is_valid": True, "is_available": True}


def page_preview(page) -> str:
    return reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])


def new_page_preview(parent) -> str:
    arguments = ["home", "dynamicpage", parent.pk]
    return reverse("wagtailadmin_pages:preview_on_add", args=arguments)


def test_the_panel_shows_what_is_typed(inside, page, page_form):
    form = page_form | words("Five of us.")

    assert inside.post(page_preview(page), form).json() == VALID
    assert "Five of us." in html(inside, page_preview(page))


def test_round_it_everything_is_as_in_the_workspace(
    inside, workspace, page, announcement, page_form
):
    stage_block(workspace, announcement, line="Half price.")
    form = page_form | words("Five of us.")
    inside.post(page_preview(page), form)

    answer = inside.get(page_preview(page))

    assert "Half price." in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_stock_preview_shows_neither_its_text_nor_its_blocks(
    inside, workspace, page, announcement
):
    stage_block(workspace, announcement, line="Half price.")
    form = opened(inside, page_editor(page)) | words("Five of us.")
    inside.post(page_preview(page), form)
    inside.post(reverse("home:drafts:close"))

    stock = opened(inside, page_editor(page)) | words("Six of us.")
    assert inside.post(page_preview(page), stock).json() == VALID
    seen = html(inside, page_preview(page))

    assert "Six of us." in seen and "Free delivery" in seen
    assert "Five of us." not in seen and "Half price." not in seen
    # The cookie that says "look into the session" is no invitation either.
    enter(inside, None)
    assert "Half price." not in html(inside, page_preview(page))


def test_a_stock_preview_before_any_text_shows_wagtails_draft(inside, workspace, page):
    stage_page(workspace, page, text="Five of us.")
    form = opened(inside, page_editor(page)) | words("Six of us.")
    inside.post(page_preview(page), form)
    inside.post(reverse("home:drafts:close"))

    assert "of us." not in html(inside, page_preview(page))


def test_each_workspace_has_its_own(inside, editor, workspace, page):
    form = opened(inside, page_editor(page)) | words("Five of us.")
    inside.post(page_preview(page), form)
    other = a_workspace("Winter", editor)
    enter(inside, other)

    form = opened(inside, page_editor(page)) | words("Six of us.")
    inside.post(page_preview(page), form)

    assert "Six of us." in html(inside, page_preview(page))
    enter(inside, workspace)
    assert "Five of us." in html(inside, page_preview(page))
    names = FormState.objects.values_list("parent_object_id", flat=True)
    assert set(names) == {f"ws:{workspace.pk}", f"ws:{other.pk}"}


def test_nobody_else_sees_it(inside, client, page, page_form):
    form = page_form | words("Five of us.")
    inside.post(page_preview(page), form)
    client.force_login(a_colleague("Publishers", "henrik"))

    assert "Five of us." not in html(client, page_preview(page))


def test_a_new_page_is_previewed_before_it_is_saved(inside, workspace, announcement):
    home = HomePage.objects.get()
    stage_block(workspace, announcement, line="Half price.")
    form = opened(inside, page_maker(home)) | {"title": "Kiln news", "slug": "kiln"}

    assert inside.post(new_page_preview(home), form | words("Warm.")).json() == VALID

    seen = html(inside, new_page_preview(home))
    assert "Warm." in seen and "Half price." in seen
    assert not workspace.pages.exists()


def test_two_new_pages_of_two_places_do_not_mix(inside, page):
    home = HomePage.objects.get()
    for parent, text in ((home, "Warm."), (page, "Cold.")):
        form = opened(inside, page_maker(parent)) | {"title": text, "slug": "kiln"}
        inside.post(new_page_preview(parent), form | words(text))

    assert "Warm." in html(inside, new_page_preview(home))
    assert "Cold." in html(inside, new_page_preview(page))


def test_view_draft_shows_the_workspaces_copy(inside, workspace, page, announcement):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])

    seen = html(inside, address)
    assert "Five of us." in seen and "Half price." in seen

    inside.post(reverse("home:drafts:close"))
    seen = html(inside, address)
    assert "Four of us." in seen and "Half price." not in seen


def test_only_whoever_may_edit_sees_it(client, workspace, page):
    clerk = a_colleague("Shop staff", "tomas")
    workspace.owner = clerk
    workspace.save()
    client.force_login(clerk)
    enter(client, workspace)

    for address in (
        page_preview(page),
        reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
    ):
        assert client.get(address).status_code == 302


def test_a_block_is_previewed_through_the_workspace(
    inside, workspace, announcement, block_form
):
    stage_page(workspace, HomePage.objects.get(), title="Autumn")
    preview = reverse(f"{BLOCKS}:preview_on_edit", args=[announcement.pk])
    form = block_form | line("Half price.")

    assert inside.post(preview, form).json() == VALID
    assert "Half price." in html(inside, preview)

    inside.post(reverse("home:drafts:close"))
    assert "Half price." not in html(inside, preview)


def test_a_new_block_is_previewed_too(inside, workspace):
    maker, preview = reverse(f"{BLOCKS}:add"), reverse(f"{BLOCKS}:preview_on_add")
    form = opened(inside, maker) | {"title": "Fresh", "position": "home"}
    assert inside.post(preview, form | line("Fresh line.")).json() == VALID
    assert "Fresh line." in html(inside, preview)

    row = stage_new_block(workspace, "home", "Row")
    preview = reverse(f"{BLOCKS}:preview_on_edit", args=[row.pk])
    form = opened(inside, block_editor(row)) | line("Other line.")
    assert inside.post(preview, form).json() == VALID
    assert "Other line." in html(inside, preview)


def test_a_preview_is_no_looking(inside, workspace, page):
    entry = stage_page(workspace, page, text="Five of us.")

    html(inside, reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    entry.refresh_from_db()
    assert not entry.is_seen


def test_an_unpublished_page_can_be_viewed(inside):
    hidden = an_info_page("Soon", text="Almost.")
    hidden.unpublish()

    address = reverse("wagtailadmin_pages:view_draft", args=[hidden.pk])
    assert "Almost." in html(inside, address)
