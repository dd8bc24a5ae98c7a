"""From Wagtail's editors into a workspace, with or without the current draft."""

import pytest
from django.urls import reverse

from home.drafts.content import page_content
from home.models import DraftWorkspace, DynamicPage, LayoutBlock
from tests.builders import a_colleague, a_workspace, stage_block, stage_page
from tests.home.drafts.looking import html
from tests.home.editing.typing import block_editor, page_editor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_once", "announcement_once", "editor_once"),
]


def into(kind, thing) -> str:
    return reverse("home:drafts:into_workspace", args=[kind, thing.pk])


@pytest.fixture
def drafted(page):
    """The page with a shared draft of a colleague."""
    draft = page.specific
    draft.title = "About the nine"
    draft.save_revision(user=a_colleague("Editors", "tom"))
    page.refresh_from_db()
    return page


@pytest.fixture
def drafted_block(announcement):
    announcement.title = "Nine per cent"
    announcement.save_revision()
    announcement.refresh_from_db()
    return announcement


def test_wagtails_editors_lead_there(client, editor, page, announcement):
    client.force_login(editor)

    assert into("page", page) in html(client, page_editor(page))
    assert into("page", page) in html(client, f"/admin/pages/{page.pk}/")
    assert into("block", announcement) in html(client, block_editor(announcement))
    listing = html(client, "/admin/snippets/home/layoutblock/")
    assert into("block", announcement) in listing


def test_whoever_has_no_drafts_is_not_led_there(client, editor, page):
    from django.contrib.auth.models import Permission

    editor.groups.get().permissions.remove(
        Permission.objects.get(codename="change_draftworkspace")
    )
    client.force_login(editor)

    assert into("page", page) not in html(client, page_editor(page))
    assert client.get(into("page", page)).status_code == 404


def test_a_new_workspace_is_opened_for_a_page(client, editor, page):
    client.force_login(editor)

    answer = client.post(into("page", page), {"workspace": "new", "name": "Autumn"})

    assert (answer.status_code, answer["Location"]) == (303, page_editor(page))
    assert DraftWorkspace.objects.get().owner == editor
    assert "ws-bar" in html(client, page_editor(page))


def test_one_of_ones_own_is_opened(client, editor, workspace, announcement):
    client.force_login(editor)
    assert "Autumn campaign" in html(client, into("block", announcement))

    posted = {"workspace": str(workspace.uuid)}
    answer = client.post(into("block", announcement), posted)

    assert answer["Location"] == block_editor(announcement)
    assert "ws-bar" in html(client, block_editor(announcement))


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_new_one_needs_a_name(client, editor, page, name):
    client.force_login(editor)

    answer = client.post(into("page", page), {"workspace": "new", "name": name})

    assert answer.status_code == 422
    assert "give a new one a name" in answer.content.decode()
    assert not DraftWorkspace.objects.exists()


def test_somebody_elses_is_none(client, workspace, page):
    client.force_login(a_colleague("Editors", "tom"))

    for uuid in (str(workspace.uuid), "x"):
        answer = client.post(into("page", page), {"workspace": uuid})
        assert answer.status_code == 422
    assert "Autumn campaign" not in html(client, into("page", page))


def test_another_site_cannot_send_it(client, editor, page):
    client.force_login(editor)

    for address in (into("page", page), reverse("home:drafts:close")):
        answer = client.post(
            address,
            {"workspace": "new", "name": "x"},
            headers={"sec-fetch-site": "cross-site"},
        )
        assert answer.status_code == 403
    assert not DraftWorkspace.objects.exists()


def test_the_current_draft_is_taken_along(inside, workspace, drafted):
    assert "Take the current draft" in html(inside, into("page", drafted))
    before = list(DynamicPage.objects.values())

    inside.post(into("page", drafted), {"workspace": str(workspace.uuid), "take": "1"})

    entry = workspace.pages.get()
    assert entry.title == "About the nine"
    assert entry.base_content == page_content(drafted.specific)
    assert entry.base_latest_revision == drafted.latest_revision_id
    assert list(DynamicPage.objects.values()) == before
    assert 'value="About the nine"' in html(inside, page_editor(drafted))


def test_it_replaces_the_workspaces_copy(inside, workspace, drafted):
    stage_page(workspace, drafted, title="About the five")

    inside.post(into("page", drafted), {"workspace": str(workspace.uuid), "take": "1"})

    entry = workspace.pages.get()
    assert (entry.title, entry.version) == ("About the nine", 2)


def test_it_is_left_where_it_is_when_it_is_not_wanted(inside, workspace, drafted):
    inside.post(into("page", drafted), {"workspace": str(workspace.uuid)})

    assert not workspace.pages.exists()


def test_a_blocks_draft_is_taken_along(inside, workspace, drafted_block):
    before = list(LayoutBlock.objects.values())
    stage_block(workspace, drafted_block, title="Five per cent")

    posted = {"workspace": str(workspace.uuid), "take": "1"}
    inside.post(into("block", drafted_block), posted)

    copy = LayoutBlock.all_objects.copies_in(workspace).get()
    assert (copy.title, copy.draft_version) == ("Nine per cent", 2)
    assert list(LayoutBlock.objects.values()) == before


def test_what_one_may_not_edit_is_not_taken(client, drafted):
    clerk = a_colleague("Shop staff", "tomas")
    clerk.user_permissions.add(_may_draft())
    workspace = a_workspace("His", clerk)
    client.force_login(clerk)

    posted = {"workspace": str(workspace.uuid), "take": "1"}
    assert client.post(into("page", drafted), posted).status_code == 302
    assert not workspace.pages.exists()


def _may_draft():
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename="change_draftworkspace")


def test_a_locked_page_is_not_taken(inside, workspace, drafted):
    DynamicPage.objects.update(locked=True)

    posted = {"workspace": str(workspace.uuid), "take": "1"}
    assert inside.post(into("page", drafted), posted).status_code == 302
    assert not workspace.pages.exists()


@pytest.mark.parametrize("address", ["page/0/", "block/0/", "spoon/1/"])
def test_what_is_not_there_is_404(inside, address):
    assert inside.get(f"/drafts/into/{address}").status_code == 404


def test_visitors_are_sent_to_log_in(visitor, page):
    for ask in (visitor.get, visitor.post):
        assert ask(into("page", page))["Location"].startswith("/account/login/")


def test_the_way_out_stays_in_the_shop(inside):
    answer = inside.post(reverse("home:drafts:close"), {"next": "//elsewhere.example"})

    assert answer["Location"] == "/admin/"
    assert inside.get(reverse("home:drafts:close")).status_code == 405
