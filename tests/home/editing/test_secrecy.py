"""What is written in a workspace is met by nobody else in the admin."""

import pytest
from django.urls import reverse

from home.models import HomePage
from tests.builders import a_colleague
from tests.home.drafts.looking import html
from tests.home.editing.typing import (
    BLOCKS,
    autosave,
    block_editor,
    line,
    opened,
    page_editor,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.indexed, pytest.mark.sidebar]
CANARY = "Canarybird"


@pytest.fixture
def written(inside, page, announcement):
    """A page and a block, changed in the editor's workspace and previewed there."""
    form = opened(inside, page_editor(page)) | words(CANARY)
    form |= {"title": CANARY, "seo_title": CANARY, "search_description": CANARY}
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    inside.post(preview, form)
    assert autosave(inside, page_editor(page), form).status_code == 200
    form = opened(inside, block_editor(announcement)) | {"title": CANARY}
    assert autosave(inside, block_editor(announcement), form, **line(CANARY))
    return page, announcement


def admin_places(page, block) -> list[str]:
    home = HomePage.objects.get()
    pages, blocks = "wagtailadmin_pages", BLOCKS
    of_page = "edit view_draft history usage preview_on_edit workflow_history".split()
    of_block = "edit history usage preview_on_edit".split()
    return [
        *(reverse(f"{pages}:{name}", args=[page.pk]) for name in of_page),
        *(reverse(f"{blocks}:{name}", args=[block.pk]) for name in of_block),
        f"/admin/pages/{home.pk}/",
        "/admin/pages/search/?q=canarybird",
        "/admin/snippets/home/layoutblock/",
        "/admin/snippets/home/layoutblock/?q=canarybird",
        "/admin/snippets/choose/home/layoutblock/?q=canarybird",
        f"/admin/choose-page/{home.pk}/",
        "/admin/choose-page/search/?q=canarybird",
        "/admin/reports/site-history/",
        "/admin/reports/locked/",
        "/admin/reports/aging-pages/",
        "/admin/api/main/pages/",
        f"/admin/api/main/pages/{page.pk}/",
        "/admin/",
    ]


def test_a_colleague_meets_it_nowhere_and_is_not_told_that_somebody_edits(
    client, written
):
    client.force_login(a_colleague("Administrators", "henrik"))

    for place in admin_places(*written):
        answer = client.get(place)
        assert answer.status_code == 200, place
        # Wagtail repeats what was searched for.
        seen = answer.content.decode().replace("canarybird", "")
        assert CANARY not in seen, place
        if place == page_editor(written[0]):
            assert "sofia" not in seen


def test_the_control_finds_it_inside_and_its_author_no_more_after_leaving(
    inside, written
):
    assert CANARY in html(inside, page_editor(written[0]))
    assert CANARY in html(inside, block_editor(written[1]))

    inside.post(reverse("home:drafts:close"))

    for place in (page_editor(written[0]), block_editor(written[1])):
        assert CANARY not in html(inside, place)
