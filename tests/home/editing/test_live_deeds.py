"""What would change the live site at once is refused while a workspace is open, and
says what to do instead; what can be staged is offered."""

import pytest
from django.urls import reverse
from wagtail.models import Page, Revision, TaskState

from home.models import LayoutBlock
from tests.builders import a_colleague, an_info_page
from tests.home.drafts.looking import enter, html
from tests.home.editing.typing import BLOCKS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures(
        "page_once", "announcement_once", "publisher_once", "inside_once"
    ),
]

PAGE_DEEDS = (
    "convert_alias copy delete lock unlock move set_privacy"
    " confirm_workflow_cancellation".split()
)


def tree() -> list:
    return list(Page.objects.order_by("pk").values())


def page_addresses(page) -> list[str]:
    simple = [
        reverse(f"wagtailadmin_pages:{name}", args=[page.pk]) for name in PAGE_DEEDS
    ]
    revision = page.latest_revision_id
    pages = "wagtailadmin_pages"
    return [
        *simple,
        reverse(f"{pages}:move_confirm", args=[page.pk, page.get_parent().pk]),
        reverse(f"{pages}:set_page_position", args=[page.pk]),
        reverse(f"{pages}:revisions_revert", args=[page.pk, revision]),
        reverse(f"{pages}:revisions_unschedule", args=[page.pk, revision]),
        reverse(f"{pages}:workflow_action", args=[page.pk, "approve", 1]),
        reverse(f"{pages}:collect_workflow_action_data", args=[page.pk, "approve", 1]),
    ]


def block_addresses(block) -> list[str]:
    revision = block.latest_revision_id
    simple = "lock unlock unpublish confirm_workflow_cancellation".split()
    return [
        *(reverse(f"{BLOCKS}:{name}", args=[block.pk]) for name in simple),
        reverse(f"{BLOCKS}:revisions_revert", args=[block.pk, revision]),
        reverse(f"{BLOCKS}:revisions_unschedule", args=[block.pk, revision]),
        reverse(f"{BLOCKS}:workflow_action", args=[block.pk, "approve", 1]),
        reverse(
            f"{BLOCKS}:collect_workflow_action_data", args=[block.pk, "approve", 1]
        ),
    ]


def test_deeds_on_a_page_are_refused(publisher_inside, page):
    before = tree(), Revision.objects.count()

    for address in page_addresses(page):
        for ask in (publisher_inside.get, publisher_inside.post):
            answer = ask(address)
            assert answer.status_code == 409, address
            assert "Not while the workspace “Winter” is open" in answer.content.decode()

    assert (tree(), Revision.objects.count()) == before


def test_deeds_on_a_block_are_refused(publisher_inside, announcement):
    before = list(LayoutBlock.all_objects.values()), Revision.objects.count()

    for address in block_addresses(announcement):
        for ask in (publisher_inside.get, publisher_inside.post):
            assert ask(address).status_code == 409, address

    assert (list(LayoutBlock.all_objects.values()), Revision.objects.count()) == before


def test_the_refusal_says_what_to_do(publisher_inside, page, announcement):
    delete = reverse("wagtailadmin_pages:delete", args=[page.pk])
    unpublish = reverse(f"{BLOCKS}:unpublish", args=[announcement.pk])

    assert "Take the page off the site" in html(publisher_inside, delete)
    assert "Switch the block off in the workspace" in html(publisher_inside, unpublish)


def test_scripts_are_told_in_json(publisher_inside, page):
    address = reverse("wagtailadmin_pages:lock", args=[page.pk])

    answer = publisher_inside.post(address, headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()["success"]) == (400, False)


def test_without_a_workspace_all_of_them_are_wagtails(
    client, publisher, page, announcement
):
    client.force_login(publisher)

    answers = [
        client.get(address)
        for address in page_addresses(page) + block_addresses(announcement)
    ]

    assert 409 not in {answer.status_code for answer in answers}
    client.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
    client.post(reverse(f"{BLOCKS}:lock", args=[announcement.pk]))
    page.refresh_from_db(), announcement.refresh_from_db()
    assert page.locked and announcement.locked


def test_a_revert_without_a_workspace_is_wagtails(client, publisher, announcement):
    client.force_login(publisher)
    announcement.title = "Second"
    second = announcement.save_revision()
    first = announcement.revisions.first()
    address = reverse(f"{BLOCKS}:revisions_revert", args=[announcement.pk, first.pk])

    assert "You are viewing a previous version" in html(client, address)
    assert second.pk != first.pk


@pytest.mark.parametrize("action", ["delete", "move", "publish", "unpublish"])
def test_bulk_actions_on_pages_are_refused(publisher_inside, winter, page, action):
    chief = publisher_inside
    _allow_everything(winter.owner)
    before = tree()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    fields = {"chooser": page.get_parent().pk, "include_descendants": "on"}

    answer = chief.post(f"{address}?id={page.pk}", fields)

    assert answer.status_code == 409
    assert "Bulk actions" in answer.content.decode()
    assert tree() == before


def test_bulk_actions_on_blocks_are_refused(publisher_inside, winter, announcement):
    _allow_everything(winter.owner)
    address = reverse("wagtail_bulk_action", args=["home", "layoutblock", "delete"])

    answer = publisher_inside.post(f"{address}?id={announcement.pk}")

    assert answer.status_code == 409
    assert LayoutBlock.objects.exists()


def test_bulk_actions_without_a_workspace_are_wagtails(client, publisher, page):
    _allow_everything(publisher)
    client.force_login(publisher)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])

    client.post(f"{address}?id={page.pk}")

    page.refresh_from_db()
    assert not page.live


def test_bulk_actions_on_other_things_go_on(publisher_inside, winter):
    from tests.builders import a_picture

    _allow_everything(winter.owner)
    picture = a_picture()
    address = reverse("wagtail_bulk_action", args=["home", "picture", "delete"])

    publisher_inside.post(f"{address}?id={picture.pk}")

    assert not type(picture).objects.exists()


def _allow_everything(user):
    user.is_superuser = True
    user.save()


# What is offered instead


def test_unpublishing_is_staged(inside, visitor, workspace, page):
    address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    assert "Take off the site in this workspace" in html(inside, address)

    answer = inside.post(address, {"ws_token": str(workspace.pk)})

    assert answer["Location"] == f"/admin/pages/{page.get_parent().pk}/"
    assert workspace.pages.get().kind == "unpublish"
    assert visitor.get("/about-us/").status_code == 200
    assert inside.get("/about-us/").status_code == 404


def test_it_is_not_done_live_by_a_form_of_another_mode(
    client, publisher, winter, visitor, page
):
    client.force_login(publisher)
    address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])

    assert client.post(address, {"ws_token": str(winter.pk)}).status_code == 409
    enter(client, winter)
    assert client.post(address).status_code == 409

    assert visitor.get("/about-us/").status_code == 200
    assert not winter.pages.exists()


def test_nobody_takes_off_what_they_may_not_edit(client, workspace, page):
    clerk = a_colleague("Shop staff", "tomas")
    workspace.owner = clerk
    workspace.save()
    client.force_login(clerk)
    enter(client, workspace)
    address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])

    assert client.post(address, {"ws_token": str(workspace.pk)}).status_code == 302
    assert not workspace.pages.exists()


def test_a_page_that_is_not_live_cannot_be_taken_off(inside, workspace):
    hidden = an_info_page("Soon")
    hidden.unpublish()
    address = reverse("wagtailadmin_pages:unpublish", args=[hidden.pk])

    assert inside.post(address, {"ws_token": str(workspace.pk)}).status_code == 302
    assert not workspace.pages.exists() and not TaskState.objects.exists()


def test_the_way_back_stays_in_the_shop(inside, workspace, page):
    address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    forged = {"ws_token": str(workspace.pk), "next": "https://elsewhere.example/"}

    answer = inside.post(address, forged)

    assert answer["Location"] == f"/admin/pages/{page.get_parent().pk}/"
