"""An editor writes in a page while a workspace is open."""

import pytest
from django.urls import reverse
from wagtail.admin.models import EditingSession
from wagtail.models import (
    Comment,
    ModelLogEntry,
    Page,
    PageLogEntry,
    ReferenceIndex,
    Revision,
)

from home.drafts import edit
from home.models import DynamicPage, WorkspacePage
from tests.builders import NOON, a_colleague, an_info_page, stage_page
from tests.home.drafts.looking import enter, html
from tests.home.editing.typing import (
    autosave,
    opened,
    page_editor,
    save,
    words,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_form_once"),
]

PUBLIC = [
    DynamicPage,
    Revision,
    PageLogEntry,
    ModelLogEntry,
    EditingSession,
    Comment,
    ReferenceIndex,
]


def everything_public() -> dict:
    """Every row that others could see."""
    return {model: list(model.objects.order_by("pk").values()) for model in PUBLIC}


def test_without_a_workspace_wagtail_saves_its_own_draft(client, editor, page):
    client.force_login(editor)
    form = opened(client, page_editor(page)) | words("Five of us.")

    answer = autosave(client, page_editor(page), form)

    assert answer.json()["revision_id"] == Revision.objects.latest("pk").pk
    page.refresh_from_db()
    assert page.has_unpublished_changes
    assert not WorkspacePage.objects.exists()
    assert "ws-bar" not in html(client, page_editor(page))


def test_opening_the_editor_writes_nothing(inside, workspace, page):
    before = everything_public()

    inside.get(page_editor(page))

    assert everything_public() == before
    assert not workspace.pages.exists()


def test_what_is_saved_is_in_the_workspace_and_nowhere_else(
    inside, workspace, page, page_form
):
    before = everything_public()

    for n in range(3):
        answer = autosave(inside, page_editor(page), page_form, **words(f"Words {n}."))
        assert answer.status_code == 200
    save(
        inside, page_editor(page), page_form, title="About all", **words("Last words.")
    )

    entry = workspace.pages.get()
    assert (entry.title, entry.version) == ("About all", 4)
    assert "Last words." in entry.content["body"]
    assert everything_public() == before


def test_the_editor_shows_the_copy_again(inside, workspace, page):
    stage_page(workspace, page, title="About the five", text="Five of us.")

    seen = html(inside, page_editor(page))

    assert 'value="About the five"' in seen and "Five of us." in seen


def test_autosave_is_told_of_no_revision(inside, page, page_form):
    form = page_form | words("Five of us.")

    answer = autosave(inside, page_editor(page), form).json()

    assert not {"revision_id", "revision_created_at", "hydrate_url"} & answer.keys()
    assert answer["field_updates"]["ws_version"] == "1"


def test_saving_by_hand_leads_back_to_the_editor_and_says_where_it_went(
    inside, page, page_form
):
    form = page_form | words("Five of us.")

    answer = inside.post(page_editor(page), form, follow=True)

    assert answer.redirect_chain == [(page_editor(page), 302)]
    assert "is saved in the workspace “Autumn campaign”" in answer.content.decode()


def test_whatever_is_pressed_or_forged_is_a_save(
    publisher_inside, visitor, winter, page
):
    form = opened(publisher_inside, page_editor(page))
    actions = "publish submit restart-workflow workflow-action cancel-workflow"

    for version, action in enumerate(actions.split()):
        pressed = words(f"By {action}.") | {f"action-{action}": "1"}
        pressed["ws_version"] = str(version)
        save(publisher_inside, page_editor(page), form, **pressed)
        assert f"By {action}." in winter.pages.get().content["body"]

    assert Revision.objects.count() == 1
    assert "Four of us." in html(visitor, "/about-us/")


def test_nothing_that_publishes_is_offered(publisher_inside, page):
    seen = html(publisher_inside, page_editor(page))

    assert "Save in the workspace" in seen and "Review and publish workspace…" in seen
    assert 'name="action-publish"' not in seen and 'name="action-submit"' not in seen


def test_another_editors_shared_draft_is_neither_read_nor_touched(
    inside, workspace, page
):
    draft = page.specific
    draft.title = "Toms secret plan"
    revision = draft.save_revision(user=a_colleague("Editors", "tom"))

    seen = html(inside, page_editor(page))
    form = opened(inside, page_editor(page)) | words("Five of us.")
    save(inside, page_editor(page), form)

    assert 'value="Toms secret plan"' not in seen
    assert "tom has a Wagtail draft" in seen
    assert "secret" not in str(workspace.pages.get().content)
    page.refresh_from_db()
    assert page.latest_revision_id == revision.pk
    assert page.draft_title == "Toms secret plan"


def test_what_was_never_published_starts_from_its_draft(inside, workspace, page):
    hidden = DynamicPage(title="Soon", slug="soon", live=False)
    page.add_child(instance=hidden)
    hidden.introduction = "Almost there."
    hidden.save_revision()
    before = everything_public()

    form = opened(inside, page_editor(hidden))
    autosave(inside, page_editor(hidden), form, **words("Now."))

    assert form["introduction"] == "Almost there."
    assert workspace.pages.get().content["introduction"] == "Almost there."
    assert everything_public() == before


def test_the_base_is_what_was_published_when_the_form_was_opened(
    inside, workspace, page, page_form
):
    form = page_form | words("Five of us.")
    page.title = "Changed meanwhile"
    page.save_revision().publish()

    save(inside, page_editor(page), form)

    assert workspace.pages.get().base_digest == form["ws_base"]
    assert "has changed since this copy was taken" in html(inside, page_editor(page))


def test_a_forged_base_is_not_believed(inside, workspace, page, page_form):
    form = page_form | words("Five of us.")

    save(inside, page_editor(page), form, ws_base="<script>")

    assert len(workspace.pages.get().base_digest) == 64


def test_a_page_that_is_locked_cannot_be_edited_inside_either(inside, workspace, page):
    Page.objects.filter(pk=page.pk).update(locked=True)
    form = opened(inside, page_editor(page)) | words("Five of us.")

    answer = autosave(inside, page_editor(page), form)

    assert answer.json()["error_code"] == "locked"
    assert not workspace.pages.exists()
    assert "Page locked" in html(inside, page_editor(page))


def test_a_running_moderation_goes_on_untouched(publisher_inside, winter, page):
    page.get_workflow().start(_with_draft(page), a_colleague("Editors", "tom"))
    state = page.current_workflow_state
    form = opened(publisher_inside, page_editor(page)) | words("Five of us.")

    forged = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    save(publisher_inside, page_editor(page), form, **forged)

    assert winter.pages.get().version == 1
    state.refresh_from_db()
    assert state.status == state.STATUS_IN_PROGRESS
    seen = html(publisher_inside, page_editor(page))
    assert "data-workflow-action-name" not in seen


def _with_draft(page):
    draft = page.specific
    draft.save_revision()
    return draft


def test_without_the_right_to_change_pages_nothing_opens(client, workspace, page):
    clerk = a_colleague("Shop staff", "tomas")
    workspace.owner = clerk
    workspace.save()
    client.force_login(clerk)
    enter(client, workspace)

    assert client.get(page_editor(page)).status_code == 302
    answer = client.post(page_editor(page), {"ws_token": workspace.pk, "title": "x"})
    assert answer.status_code == 302
    assert not workspace.pages.exists()


def test_a_form_without_title_is_not_saved(inside, workspace, page, page_form):
    form = page_form | words("Five of us.")

    answer = autosave(inside, page_editor(page), form, title="")

    assert answer.json()["error_code"] == "validation_error"
    assert not workspace.pages.exists()


def test_comments_and_their_forged_posts_stay_out(inside, workspace, page, page_form):
    form = page_form | words("Five of us.")
    forged = {
        "comments-TOTAL_FORMS": "1",
        "comments-INITIAL_FORMS": "0",
        "comments-0-text": "Forged",
        "comments-0-contentpath": "title",
    }

    assert not [name for name in form if name.startswith("comments-")]
    save(inside, page_editor(page), form, **forged)

    assert not Comment.objects.exists()
    assert "Forged" not in str(workspace.pages.get().content)


def test_a_title_is_no_markup(inside, workspace, page, page_form):
    form = page_form | words("Five of us.")
    workspace.name = "<i>Autumn</i>"
    workspace.save()

    title = {"title": "<b>Bold</b>"}
    seen = inside.post(page_editor(page), form | title, follow=True).content.decode()

    assert "<b>Bold" not in seen and "<i>Autumn" not in seen
    assert "&lt;b&gt;Bold" in seen


def test_the_schedule_can_be_set_in_the_workspace(inside, workspace, page, page_form):
    form = page_form | words("Five of us.")

    save(inside, page_editor(page), form, expire_at="2046-12-31 12:00")

    assert workspace.pages.get().content["expire_at"].startswith("2046-12-31")
    page.refresh_from_db()
    assert page.expire_at is None


def test_a_changed_slug_is_kept_and_leaves_the_page_where_it_is(
    inside, workspace, page, page_form
):
    form = page_form | words("Five of us.")

    save(inside, page_editor(page), form, slug="who-we-are")

    assert workspace.pages.get().draft_slug == "who-we-are"
    page.refresh_from_db()
    assert page.slug == "about-us"
    assert "Five of us." in html(inside, "/who-we-are/")


def test_a_slug_is_given_once_in_a_workspace(inside, workspace, page, page_form):
    other = an_info_page("Our kiln")
    stage_page(workspace, other, slug="news")
    form = page_form | words("Five of us.")

    answer = inside.post(page_editor(page), form | {"slug": "news"})

    assert "Another page of this workspace has this slug" in answer.content.decode()
    assert workspace.pages.count() == 1


def test_saving_brings_a_page_back_that_was_taken_off(inside, workspace, page):
    edit.unpublish_page(workspace, page, now=NOON)
    seen = html(inside, page_editor(page))
    form = opened(inside, page_editor(page)) | words("Four of us.")

    save(inside, page_editor(page), form)

    assert "takes the page off the site" in seen
    assert workspace.pages.get().kind == "change"


def test_an_alias_is_edited_nowhere(inside, workspace, page):
    alias = page.create_alias(update_slug="copy-of-about-us")

    assert inside.get(page_editor(alias)).status_code == 200
    answer = inside.post(page_editor(alias), {"ws_token": workspace.pk, "title": "x"})
    assert answer.status_code == 405


def test_editing_keeps_the_workspace_from_expiring(inside, workspace, page, page_form):
    form = page_form | words("Five of us.")
    before = workspace.expires_at

    save(inside, page_editor(page), form)

    workspace.refresh_from_db()
    assert workspace.expires_at >= before
    assert workspace.version == 1


def test_the_bar_says_where_one_is_and_the_way_out(inside, workspace, page):
    seen = html(inside, page_editor(page))
    assert "You are editing in the workspace <strong>Autumn campaign</strong>" in seen
    assert 'href="/about-us/"' in seen
    assert "everything else is live at once" in html(inside, "/admin/images/")

    answer = inside.post(reverse("home:drafts:close"), {"next": page_editor(page)})

    assert (answer.status_code, answer["Location"]) == (303, page_editor(page))
    assert "ws-bar" not in html(inside, page_editor(page))
