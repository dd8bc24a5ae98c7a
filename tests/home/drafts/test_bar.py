"""The bar on top of every page of a draft."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.drafts.items import items, set_digest
from home.models import DraftWorkspace, LayoutBlock, ReviewVerdict
from tests.builders import (
    NOON,
    a_colleague,
    a_product,
    a_workspace,
    stage_block,
    stage_page,
)
from tests.home.drafts.looking import enter, whole

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_once", "inside_once"),
]


@pytest.mark.parametrize("path", ["/", "/shop/", "/about-us/", "/cart/", "/nowhere/"])
def test_the_bar_is_first_on_every_page_of_a_draft_and_on_no_other(
    inside, visitor, workspace, page, path
):
    body = whole(inside, path).partition("<body>")[2]
    bar = '<section class="draft-bar"'

    assert body.index(bar) < body.index("<header")
    assert "Autumn campaign" in body and 'href="/drafts/' in body
    assert bar not in whole(visitor, path)


def test_the_bar_lists_the_changes_with_their_places(
    inside, workspace, page, announcement
):
    stage_page(workspace, page, slug="who-we-are")
    stage_block(workspace, announcement, line="Half price.")

    body = whole(inside)

    assert "2 changes" in body
    assert 'href="/who-we-are/">About us</a> changed' in body


def test_the_bar_says_that_something_was_published_meanwhile(inside, workspace, page):
    stage_page(workspace, page, text="Five of us.")
    assert "changed live since" not in whole(inside)

    page.title = "About the four"
    page.save_revision().publish()

    assert "1 changed live since; compare first" in whole(inside)


def test_a_name_is_written_as_words(client, editor):
    workspace = a_workspace("<script>alert(1)</script>", editor)
    client.force_login(editor)
    enter(client, workspace)

    assert "<script>alert(1)" not in whole(client)


def test_leaving_leads_back_to_the_same_page_of_this_shop_only(inside, workspace):
    leave = reverse("home:drafts:leave")

    assert inside.post(leave, {"next": "/shop/"})["Location"] == "/shop/"
    assert inside.post(leave, {"next": "//elsewhere.example"})["Location"] == "/"


def queries_of(client, path) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


@pytest.mark.parametrize("path", ["/", "/about-us/", "/shop/"])
def test_a_workspace_costs_its_owner_at_most_four_queries(
    client, editor, workspace, page, announcement, path
):
    a_product()
    client.force_login(editor)
    without = queries_of(client, path)
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    enter(client, workspace)
    # Nothing is kept before it was looked at, by the response that shows it.
    client.get("/about-us/"), client.get("/")

    assert queries_of(client, path) <= without + 4


@pytest.mark.parametrize("n", [1, 50])
def test_visitors_pay_nothing_for_workspaces(visitor, editor, page, n):
    a_product()
    without = [queries_of(visitor, path) for path in ("/about-us/", "/shop/")]
    rows = [
        LayoutBlock(position="home", title=str(k), draft_session_key=f"key-{k}")
        for k in range(n)
    ]
    LayoutBlock.all_objects.bulk_create(rows)
    for k in range(n):
        stage_page(a_workspace(str(k), editor), page, text=f"Draft {k}")

    assert [queries_of(visitor, path) for path in ("/about-us/", "/shop/")] == without


def test_a_workspace_that_waits_for_its_hour_says_so(client, publisher, page):
    workspace = a_workspace(owner=a_colleague("Editors", "tom"))
    DraftWorkspace.objects.filter(pk=workspace.pk).update(
        state="scheduled", publish_at=NOON + timedelta(days=400)
    )
    client.force_login(publisher)
    enter(client, workspace)

    assert "Goes live" in whole(client)


def a_verdict(workspace, name, answer="approved", digest=None):
    return ReviewVerdict.objects.create(
        workspace=workspace,
        name=name,
        answer=answer,
        digest=digest or set_digest(items(workspace)),
        at=NOON,
    )


def test_the_bar_says_how_many_have_approved_what_it_is_now(inside, workspace, page):
    stage_page(workspace, page, text="Five of us.")
    assert "Approved by" not in whole(inside)
    a_verdict(workspace, "Ana"), a_verdict(workspace, "Bea")
    a_verdict(workspace, "Carla", "changes"), a_verdict(workspace, "Dora", digest="x")

    assert "Approved by 2<" in whole(inside)

    stage_page(workspace, page, text="Six of us.")
    assert "Approved by" not in whole(inside)


def test_more_than_two_hundred_changes_are_on_pages(inside, workspace):
    rows = [
        LayoutBlock(
            position="home",
            title=f"No. {n:03}",
            sort_order=n,
            is_active=False,
            draft_session_key=workspace.key,
            content="[]",
        )
        for n in range(230)
    ]
    LayoutBlock.all_objects.bulk_create(rows)
    overview = reverse("home:drafts:overview", args=[workspace.uuid])

    bar = whole(inside)
    unfolded = re.search('<ul class="changes">.*?</ul>', bar, re.DOTALL)[0]
    assert "No. 199" in unfolded and "No. 200" not in unfolded
    assert f'href="{overview}">All 230 changes</a>' in unfolded
    first, second = whole(inside, overview), whole(inside, f"{overview}?page=2")
    assert "230 changes" in first and "No. 199" in first and "No. 200" not in first
    assert "No. 200" in second and "No. 229" in second and "No. 199" not in second
    assert "No. 229" in whole(inside, f"{overview}?page=99")
    assert "No. 000" in whole(inside, f"{overview}?page=x")
