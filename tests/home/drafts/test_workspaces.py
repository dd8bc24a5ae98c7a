"""The pages on which workspaces are listed, looked over, compared and thrown away."""

import pytest
from django.urls import reverse

from home.drafts.items import items
from home.models import DraftWorkspace, LayoutBlock
from tests.builders import (
    a_colleague,
    a_workspace,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
)
from tests.home.drafts.looking import html, whole

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_once", "announcement_once", "inside_once"),
]
CONFLICT = "Publishing yours would take it back."


def url(name, workspace=None) -> str:
    return reverse(f"home:drafts:{name}", args=[workspace.uuid] if workspace else [])


def test_the_list_shows_ones_own_and_to_publishers_what_was_handed_over(
    client, editor, publisher, workspace
):
    a_workspace("Of Tom", a_colleague("Editors", "tom"))
    client.force_login(editor)
    assert "Autumn campaign" in html(client, url("list"))
    assert "Of Tom" not in html(client, url("list"))

    client.force_login(publisher)
    assert "Autumn campaign" not in html(client, url("list"))
    DraftWorkspace.objects.filter(pk=workspace.pk).update(
        handed_over_at=workspace.created_at
    )
    assert "Autumn campaign" in html(client, url("list"))


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_name_that_cannot_be_is_refused_and_kept(client, editor, workspace, name):
    client.force_login(editor)

    answer = client.post(url("begin"), {"name": name})

    assert answer.status_code == 422
    assert DraftWorkspace.objects.get() == workspace
    assert name.strip() in answer.content.decode()


def test_the_overview_tells_what_was_looked_at(inside, workspace, page):
    stage_page(workspace, page, text="Five of us.")
    assert "Not looked at yet" in html(inside, url("overview", workspace))

    inside.get("/about-us/")

    assert "Looked at" in html(inside, url("overview", workspace))


def test_the_comparison_shows_each_field_that_differs(
    inside, workspace, page, announcement
):
    stage_page(workspace, page, text="Five of us.", seo_title="The five")
    stage_block(workspace, announcement, line="Half price.")
    stage_new_page(workspace, title="Kiln news")

    shown = html(inside, url("compare", workspace))

    assert "Five" in shown and "The five" in shown
    assert "Half price." in shown and "Kiln news" in shown


def test_a_conflict_shows_both_texts_and_names_who_published(
    inside, workspace, publisher, page
):
    stage_page(workspace, page, seo_title="Ours")
    page.seo_title = "Theirs"
    page.save_revision(user=publisher).publish(user=publisher)

    shown = html(inside, url("compare", workspace))

    assert "henrik" in shown
    assert "Ours" in shown and "Theirs" in shown


def test_the_comparison_shows_all_of_what_is_new(inside, workspace):
    stage_new_page(
        workspace,
        title="Kiln news",
        text="The kiln is warm.",
        introduction="From the workshop.",
        search_description="What is new at the kiln.",
    )
    stage_new_block(workspace, "home", "Fresh", ("text", {"text": "<p>Hot clay.</p>"}))

    shown = html(inside, url("compare", workspace))

    for words in (
        "The kiln is warm.",
        "From the workshop.",
        "What is new at the kiln.",
        "kiln-news",
        "Hot clay.",
    ):
        assert words in shown


@pytest.mark.parametrize("has_revision", [True, False])
@pytest.mark.parametrize("is_removed", [True, False])
def test_a_block_that_was_changed_live_since_is_a_conflict(
    inside, workspace, announcement, has_revision, is_removed
):
    if not has_revision:
        LayoutBlock.objects.filter(pk=announcement.pk).update(live_revision=None)
        announcement.refresh_from_db()
    deed = {"draft_deleted": True} if is_removed else {"title": "Ours"}
    stage_block(workspace, announcement, **deed)
    assert CONFLICT not in html(inside, url("compare", workspace))

    LayoutBlock.objects.filter(pk=announcement.pk).update(title="Theirs")

    shown = html(inside, url("compare", workspace))
    assert CONFLICT in shown
    assert ("What it said before has not been kept" in shown) != has_revision
    assert "Published by somebody since" in html(inside, url("overview", workspace))
    assert "1 changed live since" in whole(inside)


def test_the_same_words_published_by_somebody_else_are_no_conflict(
    inside, workspace, announcement
):
    stage_block(workspace, announcement, title="Ours")
    LayoutBlock.objects.filter(pk=announcement.pk).update(title="Ours")

    assert CONFLICT not in html(inside, url("compare", workspace))


def test_a_change_whose_place_is_gone_is_compared_with_nothing(inside, workspace):
    parent = an_info_page("Parent")
    stage_new_page(workspace, parent, title="Kiln news")
    parent.delete()

    assert inside.get(url("compare", workspace)).status_code == 200


def test_one_change_is_dropped_and_the_others_stay(
    inside, workspace, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    first = items(workspace)[0]

    inside.post(url("forget", workspace), {"item": first.key})

    assert [item.title for item in items(workspace)] == [announcement.title]
    assert "Four of us." in html(inside, "/about-us/")
    gone = inside.post(url("forget", workspace), {"item": first.key})
    assert gone.status_code == 404


def test_a_workspace_is_thrown_away_as_a_whole(inside, workspace, page, announcement):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")

    inside.post(url("discard", workspace))

    assert "Four of us." in html(inside, "/about-us/")
    assert not LayoutBlock.all_objects.filter(draft_session_key=workspace.key).exists()
    assert html(inside, url("list")).count("Autumn campaign") == 1, "in the message"
    assert "Autumn campaign" not in html(inside, url("list"))


@pytest.mark.parametrize("name", ["overview", "compare", "share"])
def test_what_is_somebody_elses_is_not_there(client, workspace, name):
    for role, who in (("Editors", "tom"), ("Publishers", "henrik")):
        client.force_login(a_colleague(role, who))
        assert client.get(url(name, workspace)).status_code == 404


@pytest.mark.parametrize("name", ["forget", "discard", "revoke", "resolve"])
def test_only_the_owner_does_what_is_the_owners(client, workspace, name):
    DraftWorkspace.objects.update(handed_over_at=workspace.created_at)
    client.force_login(a_colleague("Publishers", "henrik"))

    assert client.post(url(name, workspace)).status_code == 404
    assert client.get(url(name, workspace)).status_code in (404, 405)


@pytest.mark.sidebar
@pytest.mark.parametrize(
    ("role", "is_there"), [("Editors", True), ("Shop staff", False)]
)
def test_the_admins_menu_leads_to_the_list_for_those_who_draft(client, role, is_there):
    client.force_login(a_colleague(role, "someone"))

    assert ('"/drafts/"' in html(client, "/admin/")) is is_there
