"""The way back: what was live before a publish is live again, to the letter."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ModelLogEntry, Page, Revision

from home.drafts import checks, edit
from home.drafts import publish as publishing
from home.drafts.errors import NotWhatWasConfirmed, Refused, WorkspaceClosed
from home.drafts.items import items
from home.models import DraftWorkspace, DynamicPage, LayoutBlock
from tests.builders import (
    NOON,
    a_layout_block,
    a_picture,
    a_workspace,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
)
from tests.home.drafts.looking import enter, html
from tests.home.drafts.releasing import (
    a_shared_draft,
    agreed,
    fresh,
    publish,
    republish,
    roll_back,
    site,
    way_back,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures(
        "page_once", "announcement_once", "publisher_once", "workspace_once"
    ),
]
State = DraftWorkspace.State


@pytest.fixture
def campaign(workspace, page, announcement):
    """One change of every kind."""
    child = an_info_page("Our kiln", parent=page)
    never_live = an_info_page("Draft only")
    never_live.unpublish()
    blocks = [a_layout_block("home", f"No. {n}", sort_order=n) for n in range(4)]
    stage_page(workspace, fresh(page), text="Five of us.", slug="who-we-are")
    stage_page(workspace, child, slug="the-kiln")
    stage_page(workspace, fresh(never_live), title="Live now", slug="live-now")
    stage_new_page(workspace, title="About us", slug="about-us")
    edit.unpublish_page(workspace, an_info_page("Old"), now=NOON)
    stage_block(workspace, announcement, line="Half price.", title="Half price.")
    stage_block(workspace, blocks[0], draft_deleted=True)
    stage_block(workspace, blocks[1], is_active=False)
    stage_block(workspace, blocks[3], sort_order=1)
    stage_new_block(workspace, "home", "Fresh", sort_order=9)
    return workspace


def test_the_site_is_what_it_was_before_to_the_letter(
    visitor, campaign, publisher, page
):
    before, seen_before = site(), (html(visitor, "/about-us/"), html(visitor))
    publish(campaign, publisher)
    assert site() != before

    roll_back(campaign, publisher)

    assert site() == before
    assert not any(Page.find_problems())
    assert (html(visitor, "/about-us/"), html(visitor)) == seen_before
    assert visitor.get("/about-us/our-kiln/").status_code == 200
    assert visitor.get("/old/").status_code == 200
    assert visitor.get("/live-now/").status_code == 404
    # Addresses of the meantime lead back, and no page leads to itself.
    assert visitor.get("/who-we-are/")["Location"] == "/about-us/"
    assert visitor.get("/who-we-are/the-kiln/")["Location"] == "/about-us/our-kiln/"
    for redirect in Redirect.objects.all():
        assert redirect.link != f"{redirect.old_path}/"


def test_the_way_back_can_be_looked_through_first(
    client, visitor, workspace, publisher, page
):
    stage_page(workspace, page, text="Five of us.")
    publish(workspace, publisher)
    client.force_login(publisher)

    enter(client, way_back(workspace))

    assert "Four of us." in html(client, "/about-us/")
    assert "Five of us." in html(visitor, "/about-us/")


def test_states_list_and_log_tell_the_story_and_a_second_call_adds_nothing(
    campaign, publisher
):
    titles = {item.title for item in items(campaign)}
    publish(campaign, publisher)
    assert {item.title for item in items(campaign)} == titles
    new = LayoutBlock.all_objects.copies_in(campaign).get(title="Fresh")
    assert new.draft_of == LayoutBlock.objects.get(title="Fresh")
    back = way_back(campaign)
    digest = agreed(back)
    assert back.state == State.INVERSE

    roll_back(campaign, publisher)
    kept, before = Revision.objects.count(), site()
    again = publishing.roll_back(
        campaign.pk, by=publisher, digest=digest, now=timezone.now()
    )

    assert again.state == State.ROLLED_BACK
    assert (Revision.objects.count(), site()) == (kept, before)
    campaign.refresh_from_db()
    assert campaign.state == State.ROLLED_BACK
    assert way_back(campaign).state == State.PUBLISHED
    told = ModelLogEntry.objects.for_instance(campaign).order_by("pk")
    assert list(told.values_list("action", "user")) == [
        ("home.workspace.publish", publisher.pk),
        ("home.workspace.roll_back", publisher.pk),
    ]


def test_nothing_that_was_published_since_is_overwritten(
    workspace, publisher, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    publish(workspace, publisher)
    republish(page, publisher, title="Better")

    with pytest.raises(Refused) as refusal:
        roll_back(workspace, publisher)

    [problem] = checks.refusals(refusal.value.problems)
    assert problem.code == "conflict"
    assert problem.words.startswith("Published by henrik on ")
    assert fresh(announcement).content[0].value["line"] == "Half price."


def test_the_later_of_two_workspaces_goes_first(workspace, publisher, editor, page):
    before = site()
    stage_page(workspace, page, text="Five of us.")
    publish(workspace, publisher)
    second = a_workspace("Winter", editor)
    stage_page(second, fresh(page), text="Six of us.")
    publish(second, publisher)

    with pytest.raises(Refused):
        roll_back(workspace, publisher)
    roll_back(second, publisher)
    roll_back(workspace, publisher)

    assert site() == before


def test_a_new_page_with_pages_beneath_it_is_not_deleted(workspace, publisher):
    stage_new_page(workspace, title="Kiln news")
    publish(workspace, publisher)
    an_info_page("More", parent=DynamicPage.objects.get(slug="kiln-news"))

    with pytest.raises(Refused) as refusal:
        roll_back(workspace, publisher)

    assert "Pages have been added beneath it" in refusal.value.problems[0].words
    assert DynamicPage.objects.filter(slug="more").exists()


def test_only_the_way_back_that_was_agreed_to_is_taken(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")
    publish(workspace, publisher)

    with pytest.raises(NotWhatWasConfirmed):
        publishing.roll_back(
            workspace.pk, by=publisher, digest="another", now=timezone.now()
        )


def test_what_was_never_published_has_no_way_back(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")

    with pytest.raises(WorkspaceClosed):
        publishing.roll_back(workspace.pk, by=publisher, digest="", now=timezone.now())


def test_what_was_scheduled_is_scheduled_no_more(
    workspace, publisher, page, announcement
):
    later = timezone.now().replace(microsecond=0) + timedelta(days=2)
    before = site()
    stage_page(workspace, page, text="Five.", slug="x", go_live_at=later.isoformat())
    stage_block(workspace, announcement, line="Half price.", go_live_at=later)
    stage_new_block(workspace, "home", "Fresh", go_live_at=later)
    publish(workspace, publisher)
    assert site() == before
    assert Revision.objects.filter(approved_go_live_at=later).count() == 3

    roll_back(workspace, publisher)

    assert site() == before
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_what_has_gone_live_in_the_meantime_goes_back_too(workspace, publisher, page):
    later = timezone.now().replace(microsecond=0) + timedelta(days=2)
    before = site()
    stage_page(workspace, page, text="Five of us.", go_live_at=later.isoformat())
    publish(workspace, publisher)
    waiting = Revision.objects.get(approved_go_live_at=later)
    waiting.content["go_live_at"] = None
    waiting.publish()
    DynamicPage.objects.filter(pk=page.pk).update(go_live_at=later)

    roll_back(workspace, publisher)

    assert site() == before


def test_somebodys_shared_draft_survives_both_ways(workspace, publisher, editor, page):
    a_shared_draft(page, editor, title="Sofia's own")
    stage_page(workspace, fresh(page), text="Five of us.")
    publish(workspace, publisher)

    roll_back(workspace, publisher)

    latest = fresh(page).get_latest_revision_as_object()
    assert latest.title == "Sofia's own"
    assert fresh(page).title == "About us"


def test_a_shared_draft_of_what_goes_off_the_site_again_survives_too(
    workspace, publisher, editor
):
    page = an_info_page("Draft only")
    page.unpublish()
    stage_page(workspace, fresh(page), title="Live now")
    publish(workspace, publisher)
    a_shared_draft(page, editor, title="Sofia's own")

    roll_back(workspace, publisher)

    assert not fresh(page).live
    assert fresh(page).title == "Draft only"
    assert fresh(page).get_latest_revision_as_object().title == "Sofia's own"


def test_a_picture_deleted_since_does_not_stand_in_the_way(
    visitor, workspace, publisher, page
):
    picture = a_picture()
    republish(page, publisher, social_picture=picture)
    stage_page(workspace, fresh(page), text="Five of us.", social_picture=None)
    publish(workspace, publisher)
    picture.delete()

    roll_back(workspace, publisher)

    assert "Four of us." in html(visitor, "/about-us/")
