"""Two windows, and windows that were opened for another workspace or for none."""

import pytest
from django.urls import reverse
from wagtail.models import Revision

from home.models import DraftWorkspace
from tests.builders import a_workspace, stage_page
from tests.home.drafts.looking import enter, html
from tests.home.editing.typing import (
    autosave,
    block_editor,
    line,
    opened,
    page_editor,
    page_maker,
    save,
    seen_conflict,
    two_windows,
    words,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_form_once"),
]


def leave(client) -> None:
    client.post(reverse("home:drafts:close"))


# Two windows on one copy


def test_autosave_of_a_second_window_is_refused(inside, workspace, page, page_form):
    first, second = page_form, dict(page_form)
    autosave(inside, page_editor(page), first, **words("First."))

    answer = autosave(inside, page_editor(page), second, **words("Second."))

    assert answer.status_code == 400
    assert answer.json()["error_code"] == "invalid_revision"
    assert "First." in workspace.pages.get().content["body"]


def test_saving_by_hand_keeps_the_text_on_screen_and_asks(
    inside, workspace, page, page_form
):
    first, second = page_form, dict(page_form)
    autosave(inside, page_editor(page), first, **words("First."))

    answer = save(inside, page_editor(page), second, **words("Second."))

    seen = answer.content.decode()
    assert answer.status_code == 409
    assert "Second." in seen and 'name="ws_overwrite"' in seen
    assert 'name="ws_version" value="0"' in seen
    assert "First." in workspace.pages.get().content["body"]


def test_the_answer_may_be_to_replace_it(inside, workspace, page, page_form):
    first, second = page_form, dict(page_form)
    autosave(inside, page_editor(page), first, **words("First."))

    answer = save(inside, page_editor(page), second, **words("Second."))
    sure = second | seen_conflict(answer)
    save(inside, page_editor(page), sure, **words("Second."))

    entry = workspace.pages.get()
    assert "Second." in entry.content["body"] and entry.version == 2


def test_what_nobody_has_seen_is_not_replaced(inside, workspace, page, page_form):
    first, second = page_form, dict(page_form)
    autosave(inside, page_editor(page), first, **words("First."))
    answer = save(inside, page_editor(page), second, **words("Second."))
    autosave(inside, page_editor(page), first, **words("Third."))

    sure = second | seen_conflict(answer)
    answer = save(inside, page_editor(page), sure, **words("Second."))

    assert answer.status_code == 409
    assert seen_conflict(answer) == {"ws_overwrite": "2"}
    assert "Third." in workspace.pages.get().content["body"]


def test_autosave_never_replaces_another_window(inside, workspace, page, page_form):
    first, second = page_form, dict(page_form)
    autosave(inside, page_editor(page), first, **words("First."))

    sure = words("Second.") | {"ws_overwrite": "1"}
    answer = autosave(inside, page_editor(page), second, **sure)

    assert answer.status_code == 400
    assert "First." in workspace.pages.get().content["body"]


def test_a_press_on_save_right_behind_autosave_is_no_conflict(
    inside, workspace, page, page_form
):
    blocks = words("Five of us.")
    form = page_form | blocks | {"body-0-id": "a" * 8}
    late = dict(form)
    autosave(inside, page_editor(page), form)

    answer = save(inside, page_editor(page), late)

    assert answer.status_code == 302
    assert workspace.pages.get().version == 1


def test_a_copy_that_another_window_dropped_does_not_come_back_by_autosave(
    inside, workspace, page
):
    stage_page(workspace, page, text="Five of us.")
    form = opened(inside, page_editor(page)) | words("Six of us.")
    workspace.pages.all().delete()

    assert autosave(inside, page_editor(page), form).status_code == 400
    answer = save(inside, page_editor(page), form)
    assert answer.status_code == 409 and not workspace.pages.exists()
    save(inside, page_editor(page), form | seen_conflict(answer))
    assert "Six of us." in workspace.pages.get().content["body"]


def test_a_forged_version_replaces_nothing(inside, workspace, page, page_form):
    form = page_form | words("Five of us.")

    for version in ("", "-1", "one", "9" * 40):
        answer = save(inside, page_editor(page), form, ws_version=version)

        assert answer.status_code == 409, version
        assert not workspace.pages.exists()


# The workspace was opened, left or changed in another tab


def test_a_form_of_a_workspace_is_refused_after_leaving(
    inside, workspace, page, page_form
):
    leave(inside)

    refused = autosave(inside, page_editor(page), page_form, **words("Five of us."))
    answer = save(inside, page_editor(page), page_form, **words("Five of us."))

    assert refused.json()["error_code"] == "invalid_revision"
    assert "which you have left" in refused.json()["error_message"]
    assert answer.status_code == 409
    assert "Five of us." in answer.content.decode()
    assert Revision.objects.count() == 1 and not workspace.pages.exists()


def test_wagtails_own_form_is_refused_after_opening(client, editor, workspace, page):
    client.force_login(editor)
    form = opened(client, page_editor(page))
    enter(client, workspace)

    refused = autosave(client, page_editor(page), form, **words("Five of us."))
    answer = save(client, page_editor(page), form, **words("Five of us."))

    assert "after this form" in refused.json()["error_message"]
    assert answer.status_code == 409
    assert "Five of us." in answer.content.decode()
    assert Revision.objects.count() == 1 and not workspace.pages.exists()


def test_a_form_of_one_workspace_is_refused_in_another(
    inside, editor, workspace, page, page_form
):
    other = a_workspace("Winter", editor)
    enter(inside, other)

    answer = save(inside, page_editor(page), page_form, **words("Five of us."))

    assert answer.status_code == 409
    assert "“Winter” is open now" in answer.content.decode()
    assert not workspace.pages.exists() and not other.pages.exists()


def test_the_preview_of_such_a_form_says_nothing(inside, page, page_form):
    form = page_form | words("Five of us.")
    leave(inside)

    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    answer = inside.post(address, form)

    assert answer.json() == {"is_valid": False, "is_available": False}


def test_a_form_of_somebody_elses_workspace_names_nothing(client, workspace, page):
    from tests.builders import a_colleague

    client.force_login(a_colleague("Editors", "tom"))
    form = opened(client, page_editor(page)) | words("x")

    answer = save(client, page_editor(page), form, ws_token=str(workspace.pk))

    assert answer.status_code == 409
    assert "Autumn campaign" not in answer.content.decode()


def test_a_forged_token_is_refused(inside, page, page_form):
    form = page_form | words("x")

    for token in ("x", "9" * 40, "-1"):
        answer = save(inside, page_editor(page), form, ws_token=token)
        assert answer.status_code == 409, token


@pytest.mark.parametrize("make", [page_editor, page_maker])
def test_the_text_may_go_where_it_was_typed(inside, workspace, page, make):
    form = opened(inside, make(page)) | {"title": "Kiln news", "slug": "kiln-news"}
    leave(inside)

    answer = save(inside, make(page), form, **words("Warm."))
    assert "Open “Autumn campaign” again and save there" in answer.content.decode()
    answer = save(inside, make(page), form, **words("Warm."), ws_resume="1")

    assert answer.status_code == 302
    assert "Warm." in workspace.pages.get().content["body"]
    assert "ws-bar" in html(inside, page_editor(page))


def test_wagtails_draft_may_be_saved_where_it_was_typed(
    client, editor, workspace, page
):
    client.force_login(editor)
    form = opened(client, page_editor(page))
    enter(client, workspace)

    save(client, page_editor(page), form, **words("Five of us."), ws_resume="1")

    assert Revision.objects.count() == 2 and not workspace.pages.exists()
    assert "ws-bar" not in html(client, page_editor(page))


def test_sending_again_never_publishes(client, publisher, winter, page):
    client.force_login(publisher)
    form = opened(client, page_editor(page))
    enter(client, winter)

    pressed = words("Five of us.") | {"action-publish": "1"}
    seen = save(client, page_editor(page), form, **pressed).content.decode()

    assert 'name="ws_resume"' in seen and "action-publish" not in seen


def test_a_foreign_workspace_is_not_resumed(client, workspace, page):
    from tests.builders import a_colleague

    client.force_login(a_colleague("Editors", "tom"))
    form = opened(client, page_editor(page)) | words("x")
    forged = {"ws_token": str(workspace.pk), "ws_resume": "1"}

    assert save(client, page_editor(page), form, **forged).status_code == 409
    assert not workspace.pages.exists()


def test_a_workspace_that_closed_meanwhile_takes_nothing(
    inside, workspace, page, page_form
):
    for state in ("published", "scheduled", "discarded"):
        DraftWorkspace.objects.update(state=state, publish_at=workspace.created_at)
        answer = save(inside, page_editor(page), page_form, **words("Five of us."))

        seen = answer.content.decode()
        assert answer.status_code == 409, state
        assert "is closed by now" in seen and "Five of us." in seen
        assert "ws_resume" not in seen
    assert Revision.objects.count() == 1 and not workspace.pages.exists()


def test_one_that_closes_in_the_very_moment_takes_nothing(
    inside, workspace, page, monkeypatch, page_form
):
    from home.editing import pages

    def closing(*args, **kwargs):
        DraftWorkspace.objects.update(state="published")
        return keep(*args, **kwargs)

    keep = pages.edit.save_page
    monkeypatch.setattr(pages.edit, "save_page", closing)
    refused = autosave(inside, page_editor(page), page_form, **words("Five of us."))

    assert "is closed by now" in refused.json()["error_message"]
    assert not workspace.pages.exists()


def test_the_same_holds_for_blocks(inside, workspace, announcement):
    address = block_editor(announcement)
    first, second = two_windows(inside, address)
    autosave(inside, address, first, **line("First."))

    refused = autosave(inside, address, second, **line("Second."))
    answer = save(inside, address, second, **line("Second."))
    seen = answer.content.decode()

    assert refused.json()["error_code"] == "invalid_revision"
    assert answer.status_code == 409 and "Second." in seen
    assert 'form="w-editor-form"' in seen
    save(inside, address, second | seen_conflict(answer), **line("Second."))
    assert "Second." in html(inside)
    leave(inside)
    assert save(inside, address, second, **line("Third.")).status_code == 409


def test_what_was_typed_is_shown_without_the_machinery():
    from django.http import QueryDict

    from home.editing.typed import texts

    form = QueryDict(mutable=True)
    form.update(words("Five of us.") | {"title": "About", "ws_token": "1", "slug": ""})
    form["body-0-id"] = "abc"

    assert texts(form) == [("body 1 text", "Five of us."), ("title", "About")]
