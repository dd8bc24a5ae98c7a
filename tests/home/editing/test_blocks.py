"""An editor writes in layout blocks while a workspace is open."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry, Revision

from home.models import LayoutBlock
from tests.builders import (
    a_colleague,
    a_layout_block,
    a_workspace,
    an_announcement,
    stage_block,
    stage_new_block,
)
from tests.home.drafts.looking import enter, html
from tests.home.editing.test_pages import everything_public
from tests.home.editing.typing import (
    BLOCKS,
    autosave,
    block_editor,
    line,
    opened,
    save,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside_once")]
MAKER = "/admin/snippets/home/layoutblock/add/"


def copies(workspace):
    return LayoutBlock.all_objects.copies_in(workspace)


def published_rows() -> list:
    return list(LayoutBlock.objects.order_by("pk").values())


def test_without_a_workspace_wagtail_saves_its_own_draft(client, editor, announcement):
    client.force_login(editor)
    form = opened(client, block_editor(announcement))

    answer = autosave(client, block_editor(announcement), form, **line("Half price."))

    assert answer.json()["revision_id"] == Revision.objects.latest("pk").pk
    assert LayoutBlock.all_objects.count() == 1


def test_what_is_saved_is_in_the_workspace_and_nowhere_else(
    inside, visitor, workspace, announcement
):
    before = everything_public(), published_rows()
    address = block_editor(announcement)
    form = opened(inside, address)

    for n in range(3):
        assert autosave(inside, address, form, **line(f"Line {n}.")).status_code == 200
    answer = save(inside, address, form, title="Half", **line("Half price."))

    assert answer["Location"] == address
    copy = copies(workspace).get()
    assert (copy.draft_of, copy.draft_version) == (announcement, 4)
    assert (everything_public(), published_rows()) == before
    assert "Half price." in html(inside) and "Half price." not in html(visitor)


def test_the_editor_shows_the_copy_again(inside, workspace, announcement):
    stage_block(workspace, announcement, line="Half price.", title="Half")

    seen = html(inside, block_editor(announcement))

    assert 'value="Half"' in seen and "Half price." in seen


def test_whatever_is_pressed_or_forged_is_a_save(
    publisher_inside, visitor, winter, announcement
):
    address = block_editor(announcement)
    form = opened(publisher_inside, address)
    actions = "publish submit cancel-workflow workflow-action"
    for version, action in enumerate(actions.split()):
        pressed = line(f"By {action}.") | {f"action-{action}": "1"}
        save(publisher_inside, address, form, ws_version=str(version), **pressed)

    assert copies(winter).get().draft_version == 4
    assert Revision.objects.count() == 1
    assert "Free delivery" in html(visitor)
    seen = html(publisher_inside, address)
    assert "Save in the workspace" in seen and 'name="action-publish"' not in seen


def test_another_editors_shared_draft_is_neither_read_nor_touched(
    inside, workspace, announcement
):
    announcement.title = "Toms secret plan"
    revision = announcement.save_revision(user=a_colleague("Editors", "tom"))
    address = block_editor(announcement)

    seen = html(inside, address)
    save(inside, address, opened(inside, address) | line("Half price."))

    assert "secret" not in seen and "tom has a Wagtail draft" in seen
    announcement.refresh_from_db()
    assert announcement.latest_revision_id == revision.pk
    assert copies(workspace).get().title == "Free delivery from €80."


def test_what_was_never_published_starts_from_its_draft(inside, workspace):
    block = LayoutBlock.objects.create(position="home", title="Soon", live=False)
    block.title = "Very soon"
    block.save_revision()

    assert opened(inside, block_editor(block))["title"] == "Very soon"


def test_a_new_block_is_one_row_and_the_workspaces_own(inside, visitor, workspace):
    form = opened(inside, MAKER) | {"title": "Fresh", "position": "home"}

    first = autosave(inside, MAKER, form, **line("Fresh line."))
    address = first.json()["url"]
    autosave(inside, address, form, **line("Fresher line."))

    block = copies(workspace).get()
    assert address == block_editor(block) and block.draft_of is None
    assert "hydrate_url" not in first.json()
    assert block.draft_version == 2
    assert not LayoutBlock.objects.exists() and not ModelLogEntry.objects.exists()
    assert "Fresher line." in html(inside) and "Fresher" not in html(visitor)


def test_saving_a_new_block_by_hand_leads_to_its_editor(inside, workspace):
    form = opened(inside, MAKER) | {"title": "Fresh", "position": "home"}

    answer = save(inside, MAKER, form, **line("Fresh line."))

    assert answer["Location"] == block_editor(copies(workspace).get())
    assert "Fresh line." in html(inside, answer["Location"])


def test_somebody_elses_new_block_is_not_there(client, workspace):
    block = stage_new_block(workspace, "home", "Fresh")
    other = a_colleague("Editors", "tom")
    client.force_login(other)
    assert client.get(block_editor(block)).status_code == 404

    enter(client, a_workspace("Other", other))
    assert client.get(block_editor(block)).status_code == 404
    preview = reverse(f"{BLOCKS}:preview_on_edit", args=[block.pk])
    assert client.get(preview).status_code == 404


def test_a_copy_has_no_address_of_its_own(inside, workspace, announcement):
    copy = stage_block(workspace, announcement, line="Half price.")

    assert inside.get(block_editor(copy)).status_code == 404


def test_a_block_that_another_window_threw_away_keeps_its_text_on_screen(
    inside, workspace
):
    block = stage_new_block(workspace, "home", "Fresh")
    address = block_editor(block)
    form = opened(inside, address)
    block.delete()

    answer = save(inside, address, form, **line("Long words."))

    assert answer.status_code == 409
    assert "Long words." in answer.content.decode()
    refused = autosave(inside, address, form, **line("Long words."))
    assert refused.json()["error_code"] == "invalid_revision"


def test_a_locked_block_cannot_be_edited_inside_either(inside, workspace, announcement):
    LayoutBlock.objects.update(locked=True)
    form = opened(inside, block_editor(announcement))

    answer = autosave(inside, block_editor(announcement), form, **line("Half."))

    assert answer.json()["error_code"] == "locked"
    assert not copies(workspace).exists()


def test_removing_a_block_is_staged(inside, visitor, workspace, announcement):
    address = reverse(f"{BLOCKS}:delete", args=[announcement.pk])
    form = {"ws_token": str(workspace.pk)}
    assert "Remove in this workspace" in html(inside, address)

    inside.post(address, form)

    assert copies(workspace).get().draft_deleted
    assert "Free delivery" in html(visitor) and "Free delivery" not in html(inside)
    assert "This workspace removes the block" in html(
        inside, block_editor(announcement)
    )


def test_saving_brings_a_removed_block_back(inside, workspace, announcement):
    stage_block(workspace, announcement, draft_deleted=True)
    form = opened(inside, block_editor(announcement))

    save(inside, block_editor(announcement), form, **line("Still here."))

    assert not copies(workspace).get().draft_deleted


def test_a_block_of_the_workspace_only_goes_at_once(inside, workspace):
    block = stage_new_block(workspace, "home", "Fresh")

    inside.post(
        reverse(f"{BLOCKS}:delete", args=[block.pk]), {"ws_token": str(workspace.pk)}
    )

    assert not LayoutBlock.all_objects.exists()


def test_a_removal_that_was_asked_for_inside_is_not_done_outside(
    client, publisher, winter, announcement
):
    client.force_login(publisher)
    address = reverse(f"{BLOCKS}:delete", args=[announcement.pk])

    answer = client.post(address, {"ws_token": str(winter.pk)})

    assert answer.status_code == 409
    assert LayoutBlock.objects.count() == 1


def test_without_a_workspace_deleting_deletes(client, publisher, announcement):
    client.force_login(publisher)

    client.post(reverse(f"{BLOCKS}:delete", args=[announcement.pk]))

    assert not LayoutBlock.objects.exists()


@pytest.mark.indexed
def test_drafts_stay_out_of_the_search_index(inside, workspace, caplog):
    form = opened(inside, MAKER) | {"title": "Canary", "position": "home"}
    autosave(inside, MAKER, form, **line("Fresh line."))
    sparrow = an_announcement("Sparrow")

    assert "FAILED" not in caplog.text
    assert titles_indexed() == {sparrow.pk}
    sparrow.delete()
    assert titles_indexed() == set()


@pytest.mark.indexed
def test_the_list_can_be_searched_and_filtered_at_once(inside, announcement):
    address = reverse(f"{BLOCKS}:list")

    seen = html(inside, f"{address}?q=free&position=announcement&is_active=true")

    assert "Free delivery" in seen


def titles_indexed() -> set[int]:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.search.models import IndexEntry

    kind = ContentType.objects.get_for_model(LayoutBlock)
    entries = IndexEntry.objects.filter(content_type=kind)
    return {int(entry.object_id) for entry in entries}


def test_only_the_columns_of_content_reach_a_copy(inside, workspace):
    block = a_layout_block("home", "First", sort_order=3)
    form = opened(inside, block_editor(block)) | line("x")

    forged = {"live": "on", "draft_session_key": "forged", "draft_deleted": "on"}
    save(inside, block_editor(block), form, **forged)

    copy = copies(workspace).get()
    assert (copy.live, copy.draft_deleted, copy.sort_order) == (False, False, 3)
