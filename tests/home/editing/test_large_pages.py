"""A page of two megabytes: typed, saved, looked at, published and read."""

import pytest

from home.models import WorkspacePage
from tests.home.drafts.looking import html
from tests.home.drafts.releasing import fresh, publish
from tests.home.editing.typing import autosave, opened, page_editor, save, words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_form_once"),
]
# Words with what HTML and JSON write longer, as Wagtail's form sends them.
SENTENCE = 'She said "käse & brød"; nobody "answered". '
LARGE = SENTENCE * (2 * 2**20 // len(SENTENCE.encode()))


def test_a_page_of_two_megabytes_is_saved_in_a_workspace_and_goes_live(
    inside, visitor, workspace, publisher, page, page_form
):
    answer = autosave(inside, page_editor(page), page_form, **words(LARGE))
    assert answer.status_code == 200
    assert save(inside, page_editor(page), page_form).status_code == 302

    assert len(WorkspacePage.objects.get(page=page).content["body"]) > 2 * 2**20
    assert html(inside, page.url).count("nobody") == LARGE.count("nobody")
    publish(workspace, publisher)
    assert html(visitor, page.url).count("nobody") == LARGE.count("nobody")


def test_without_a_workspace_wagtail_saves_it_too(client, editor, page):
    client.force_login(editor)
    form = opened(client, page_editor(page))

    answer = save(client, page_editor(page), form, **words(LARGE))

    assert answer.status_code == 302
    draft = fresh(page).get_latest_revision_as_object()
    assert draft.body[0].value["text"].source.count("nobody") > 40_000


def test_what_is_larger_than_the_server_takes_is_refused_in_whole(
    inside, page, page_form
):
    too_large = words(LARGE)
    # Refused by its length, before anybody reads it.
    too_large["body-0-value-text"] *= 4

    answer = save(inside, page_editor(page), page_form, **too_large)

    assert answer.status_code == 400
    assert not WorkspacePage.objects.exists()
