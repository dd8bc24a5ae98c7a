"""The page explorer tells the owner, and nobody else, what the workspace does."""

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.drafts import edit
from home.models import HomePage
from tests.builders import (
    NOON,
    a_colleague,
    an_info_page,
    stage_new_page,
    stage_page,
)
from tests.composing import a_page
from tests.home.drafts.looking import html

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("inside_once"),
]


def explorer() -> str:
    return reverse("wagtailadmin_explore", args=[HomePage.objects.get().pk])


def test_the_owner_sees_what_is_changed_and_added(inside, workspace, page):
    stage_page(workspace, page, title="About the five")
    edit.unpublish_page(workspace, an_info_page("Our kiln"), now=NOON)
    entry = stage_new_page(workspace, title="Kiln news")

    seen = html(inside, explorer())

    assert "changed in “Autumn campaign”" in seen
    assert "hidden in “Autumn campaign”" in seen
    assert "Kiln news" in seen and f"ws_entry={entry.uuid}" in seen


def test_nobody_else_does(inside, client, workspace, page):
    stage_page(workspace, page, title="About the five")
    stage_new_page(workspace, title="Kiln news")
    client.force_login(a_colleague("Publishers", "henrik"))

    seen = html(client, explorer())

    assert "Autumn campaign" not in seen and "Kiln news" not in seen


def test_without_a_workspace_it_is_wagtails(inside, workspace, page):
    stage_page(workspace, page, title="About the five")
    inside.post(reverse("home:drafts:close"))

    seen = html(inside, explorer())

    assert "ws-tag" not in seen and "Live" in seen


@pytest.mark.indexed
def test_it_sorts_and_searches_as_before(inside, workspace, page):
    stage_page(workspace, page, title="About the five")

    results = reverse("wagtailadmin_explore_results", args=[HomePage.objects.get().pk])
    assert "changed in" in html(inside, f"{explorer()}?ordering=-live")
    assert "About us" in html(inside, f"{results}?q=about")


def test_it_asks_once_for_all_pages(inside, workspace, django_assert_num_queries):
    counts = []
    # Once, so that it is not the first that is asked for.
    html(inside, explorer())
    for many in (1, 49):
        for n in range(many):
            page = a_page(title=f"Page {many} {n}")
            stage_page(workspace, page, title=f"New {n}")
        counts.append(len(_queries_of_workspace_pages(inside)))

    assert counts == [2, 2]


def _queries_of_workspace_pages(client) -> list:
    from django.db import connection

    with CaptureQueriesContext(connection) as captured:
        html(client, explorer())
    return [q for q in captured.captured_queries if "home_workspacepage" in q["sql"]]
