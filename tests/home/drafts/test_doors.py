"""Who may begin, enter and leave a workspace."""

import pytest
from django.urls import reverse

from home.models import DraftWorkspace
from tests.builders import a_colleague, a_workspace, stage_page
from tests.home.drafts.looking import html

pytestmark = pytest.mark.django_db


def test_a_new_workspace_is_entered_at_once(client, editor, page):
    client.force_login(editor)

    answer = client.post(reverse("home:drafts:begin"), {"name": "Autumn"})

    assert (answer.status_code, answer["Location"]) == (303, "/")
    stage_page(DraftWorkspace.objects.get(), page, text="Five of us.")
    assert "Five of us." in html(client, "/about-us/")


def test_leaving_shows_the_published_shop_and_keeps_the_workspace(
    inside, workspace, page
):
    stage_page(workspace, page, text="Five of us.")

    inside.post(reverse("home:drafts:leave"))
    assert "Four of us." in html(inside, "/about-us/")

    inside.post(reverse("home:drafts:enter", args=[workspace.uuid]))
    assert "Five of us." in html(inside, "/about-us/")


def test_somebody_elses_workspace_is_not_there(client, workspace):
    for role, name in (("Editors", "tom"), ("Publishers", "henrik")):
        client.force_login(a_colleague(role, name))
        answer = client.post(reverse("home:drafts:enter", args=[workspace.uuid]))
        assert answer.status_code == 404


def test_a_publisher_may_look_through_what_was_handed_over(client, publisher, page):
    workspace = a_workspace(owner=a_colleague("Editors", "tom"))
    stage_page(workspace, page, text="Five of us.")
    DraftWorkspace.objects.update(handed_over_at=workspace.created_at)
    client.force_login(publisher)

    client.post(reverse("home:drafts:enter", args=[workspace.uuid]))

    assert "Five of us." in html(client, "/about-us/")


def test_staff_without_drafts_and_visitors_are_turned_away(client, workspace):
    enter = reverse("home:drafts:enter", args=[workspace.uuid])
    assert client.post(enter)["Location"].startswith(reverse("account_login"))

    client.force_login(a_colleague("Shop staff", "tomas"))
    assert client.post(enter).status_code == 404
