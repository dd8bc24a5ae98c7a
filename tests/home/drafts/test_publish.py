"""A whole workspace goes live in one step, or nothing of it does."""

import itertools
import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, Workflow
from wagtail.signals import page_published, published

from home.drafts import edit, golive
from home.drafts import publish as publishing
from home.drafts.errors import NotWhatWasConfirmed, WorkspaceClosed
from home.drafts.sweep import discard
from home.models import DraftWorkspace, DynamicPage, HomePage, LayoutBlock
from tests.builders import (
    NOON,
    a_layout_block,
    a_workspace,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
)
from tests.home.drafts.looking import html
from tests.home.drafts.releasing import (
    a_plain_block,
    a_plain_page,
    a_shared_draft,
    agreed,
    fresh,
    publish,
    see,
    site,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures(
        "page_once", "announcement_once", "publisher_once", "workspace_once"
    ),
]


def text_of(page) -> str:
    return str(DynamicPage.objects.get(pk=page.pk).body)


def actions_on(thing) -> list[str]:
    """What Wagtail's log says of a page or block, oldest first."""
    if isinstance(thing, Page):
        entries = PageLogEntry.objects.filter(page=thing.pk)
    else:
        entries = ModelLogEntry.objects.for_instance(thing)
    return list(entries.order_by("timestamp", "pk").values_list("action", flat=True))


# What goes live


def test_pages_and_blocks_go_live_together(
    visitor, workspace, publisher, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    stage_new_page(workspace, title="Kiln news", text="It is warm.")

    publish(workspace, publisher)

    assert "Five of us." in html(visitor, "/about-us/")
    assert "Half price." in html(visitor, "/about-us/")
    assert "It is warm." in html(visitor, "/kiln-news/")


def test_a_page_is_taken_off_and_those_beneath_it_stay(
    visitor, workspace, publisher, page
):
    an_info_page("Our kiln", parent=page)
    edit.unpublish_page(workspace, page, now=NOON)

    publish(workspace, publisher)

    assert visitor.get("/about-us/").status_code == 404
    assert visitor.get("/about-us/our-kiln/").status_code == 200


def test_blocks_are_added_hidden_removed_and_moved(visitor, workspace, publisher):
    blocks = [a_layout_block("home", f"No. {n}", sort_order=n) for n in range(4)]
    stage_new_block(workspace, "home", "Fresh", sort_order=9)
    stage_block(workspace, blocks[0], draft_deleted=True)
    stage_block(workspace, blocks[1], is_active=False)
    stage_block(workspace, blocks[3], sort_order=1)

    publish(workspace, publisher)

    seen = html(visitor)
    assert "No. 0" not in seen and "No. 1" not in seen
    assert seen.index("No. 3") < seen.index("No. 2") < seen.index("Fresh")
    assert not LayoutBlock.objects.get(pk=blocks[0].pk).live


def test_what_is_published_is_what_was_previewed(
    inside, visitor, workspace, publisher, page, announcement
):
    stage_page(workspace, page, text="Five of us.", title="The five")
    stage_block(workspace, announcement, line="Half price.")
    previewed = inside.get("/about-us/").context["page"].body
    as_previewed = html(inside, "/about-us/").split("<main")[1].split("</main>")[0]

    publish(workspace, publisher)

    assert as_previewed in html(visitor, "/about-us/")
    assert str(previewed) == text_of(page)


def test_a_new_page_is_a_sound_node_of_the_tree_and_belongs_to_who_made_it(
    workspace, publisher, editor, page
):
    for n in range(3):
        stage_new_page(workspace, page, title=f"Kiln {n}")
    stage_page(workspace, page, text="Five of us.")

    publish(workspace, publisher)

    assert not any(Page.find_problems())
    page.refresh_from_db()
    assert page.numchild == 3
    assert {child.owner for child in page.get_children()} == {editor}


def test_a_new_page_beneath_one_that_moves_gets_the_new_address(
    visitor, workspace, publisher, page
):
    stage_page(workspace, page, slug="who-we-are")
    stage_new_page(workspace, page, title="Kiln news")

    publish(workspace, publisher)

    assert visitor.get("/who-we-are/kiln-news/").status_code == 200


def test_one_that_is_to_go_live_later_is_scheduled_and_what_is_live_stays(
    visitor, workspace, publisher, page
):
    later = timezone.now().replace(microsecond=0) + timedelta(days=2)
    stage_page(
        workspace, page, text="Five.", slug="later", go_live_at=later.isoformat()
    )
    stage_new_page(workspace, title="Kiln news", go_live_at=later)

    publish(workspace, publisher)

    assert "Four of us." in html(visitor, "/about-us/")
    assert visitor.get("/kiln-news/").status_code == 404
    waiting = Revision.objects.filter(approved_go_live_at=later)
    assert {revision.content["title"] for revision in waiting} == {
        "About us",
        "Kiln news",
    }
    assert "wagtail.publish.schedule" in actions_on(page)


def test_someone_elses_shared_draft_is_still_the_latest(
    workspace, publisher, editor, page, announcement
):
    for thing in (page, announcement):
        a_shared_draft(thing, editor, title="Tom's title")
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")

    publish(workspace, publisher)

    for thing in (DynamicPage.objects.get(pk=page.pk), LayoutBlock.objects.get()):
        assert thing.has_unpublished_changes
        assert thing.latest_revision.is_latest_revision()
        assert thing.latest_revision.user == editor
        assert thing.get_latest_revision_as_object().title.startswith("Tom's")
        assert not thing.title.startswith("Tom's")


def test_an_alias_follows_its_page(visitor, workspace, publisher, page):
    alias = page.create_alias(update_slug="about-us-too")
    stage_page(workspace, page, text="Five of us.")

    publish(workspace, publisher)

    assert "Five of us." in html(visitor, "/about-us-too/")
    assert fresh(alias).live


def test_a_workflow_that_waits_for_its_editor_ends(workspace, publisher, editor, page):
    state = Workflow.objects.get().start(fresh(page), editor)
    state.current_task_state.reject(user=publisher)
    stage_page(workspace, fresh(page), text="Five of us.")

    publish(workspace, publisher)

    state.refresh_from_db()
    assert state.status == state.STATUS_CANCELLED


# As Wagtail does it


COUNTED_ELSEWHERE = {"id", "page_ptr", "path", "slug", "url_path", "translation_key"}
COUNTED_ELSEWHERE |= {"latest_revision", "live_revision", "draft_session_key"}
MOMENTS = {"first_published_at", "last_published_at", "latest_revision_created_at"}


def row_of(thing) -> dict:
    row = type(thing)._base_manager.get(pk=thing.pk)
    fields = {f.name: f for f in row._meta.concrete_fields}
    names = fields.keys() - COUNTED_ELSEWHERE
    return {
        name: bool(getattr(row, name))
        if name in MOMENTS
        else fields[name].value_to_string(row)
        for name in names
    }


def revision_of(thing) -> dict:
    row = type(thing)._base_manager.get(pk=thing.pk)
    assert row.latest_revision_id == row.live_revision_id
    kept = row.live_revision
    return {
        "content": kept.content.keys(),
        "title": kept.content["title"],
        "by": kept.user,
        "of": (kept.content_type, kept.base_content_type, kept.object_str),
        "waits": kept.approved_go_live_at,
    }


@pytest.mark.parametrize("kind", ["page", "block"])
def test_rows_revisions_and_log_are_as_wagtail_itself_leaves_them(
    workspace, publisher, kind
):
    stock, ours = twins(kind)
    stock.title = "Changed"
    revision = stock.save_revision(user=publisher, log_action=True)
    revision.publish(user=publisher)
    stage = stage_page if kind == "page" else stage_block
    stage(workspace, ours, title="Changed")

    publish(workspace, publisher)

    assert row_of(ours) == row_of(stock)
    assert revision_of(ours) == revision_of(stock)
    assert actions_on(ours) == actions_on(stock)


def twins(kind: str):
    """Two pages or blocks with the same words, down to the ids of their blocks."""
    settings = {"shown_from": None, "shown_until": None, "anchor": None}
    words = {"text": "<p>Words.</p>"} | settings
    body = json.dumps([{"type": "text", "value": words, "id": str(UUID(int=7))}])
    if kind == "page":
        return [an_info_page("Twin", body=body, slug=f"twin-{n}") for n in range(2)]
    blocks = [a_layout_block("home", "Twin") for n in range(2)]
    for block in blocks:
        block.content = body
        block.save_revision().publish()
    return [fresh(block) for block in blocks]


def test_signals_are_sent_as_by_wagtail(workspace, publisher, page, announcement):
    heard = []

    def hear(sender, instance, revision, **kwargs):
        heard.append((sender, instance.pk, revision.content["title"]))

    stage_page(workspace, page, title="Changed")
    stage_block(workspace, announcement, title="Changed")
    for signal in (page_published, published):
        signal.connect(hear)
    try:
        publish(workspace, publisher)
    finally:
        for signal in (page_published, published):
            signal.disconnect(hear)

    of_page = (DynamicPage, page.pk, "Changed")
    assert heard == [of_page, of_page, (LayoutBlock, announcement.pk, "Changed")]


def test_everything_is_logged_under_the_publishers_name(
    workspace, publisher, page, announcement
):
    gone = an_info_page("Gone")
    stage_page(workspace, page, title="The five")
    stage_block(workspace, announcement, line="Half price.")
    edit.unpublish_page(workspace, gone, now=NOON)
    stage_new_page(workspace, title="Kiln news")
    before = timezone.now()

    publish(workspace, publisher)

    new = DynamicPage.objects.get(slug="kiln-news")
    assert actions_on(new) == ["wagtail.create", "wagtail.publish"]
    assert actions_on(page)[-3:] == [
        "wagtail.edit",
        "wagtail.rename",
        "wagtail.publish",
    ]
    assert actions_on(announcement)[-2:] == ["wagtail.edit", "wagtail.publish"]
    assert actions_on(gone)[-1] == "wagtail.unpublish"
    recent = PageLogEntry.objects.filter(timestamp__gte=before)
    assert {entry.user for entry in recent} == {publisher}


def test_the_workspace_itself_is_logged_with_what_was_in_it(
    workspace, publisher, page, announcement
):
    stage_page(workspace, page, title="The five")
    stage_block(workspace, announcement, draft_deleted=True)

    publish(workspace, publisher)

    [entry] = ModelLogEntry.objects.filter(action="home.workspace.publish")
    assert entry.user == publisher
    assert [(i["title"], i["change"]) for i in entry.data["items"]] == [
        ("The five", "changed"),
        (announcement.title, "removed"),
    ]


# Addresses


def led_to(visitor, path: str) -> str:
    return visitor.get(path).get("Location", "")


def test_an_old_address_leads_on_for_a_page_and_all_beneath(
    visitor, workspace, publisher, page
):
    an_info_page("Our kiln", parent=page)
    stage_page(workspace, page, slug="who-we-are")

    publish(workspace, publisher)

    assert led_to(visitor, "/about-us/") == "/who-we-are/"
    assert led_to(visitor, "/about-us/our-kiln/") == "/who-we-are/our-kiln/"
    assert visitor.get("/who-we-are/our-kiln/").status_code == 200


def test_slugs_are_swapped_inside_one_workspace(visitor, workspace, publisher):
    one, other = an_info_page("One"), an_info_page("Other")
    stage_page(workspace, one, slug="other")
    stage_page(workspace, other, slug="one")

    publish(workspace, publisher)

    assert visitor.get("/one/").context["page"] == other
    assert visitor.get("/other/").context["page"] == one
    assert not Redirect.objects.filter(old_path__in=["/one", "/other"]).exists()


def test_a_page_and_one_beneath_it_move_in_one_step(
    visitor, workspace, publisher, page
):
    child = an_info_page("Our kiln", parent=page)
    stage_page(workspace, page, slug="who-we-are")
    stage_page(workspace, child, slug="the-kiln")

    publish(workspace, publisher)

    old = led_to(visitor, "/about-us/our-kiln/")
    assert old == "/who-we-are/the-kiln/"
    # Nobody has ever seen these.
    paths = set(Redirect.objects.values_list("old_path", flat=True))
    assert paths == {"/about-us", "/about-us/our-kiln"}


def test_wagtail_finds_no_redirects_left_to_make_after_the_commit(
    workspace, publisher, page, django_capture_on_commit_callbacks
):
    stage_page(workspace, page, slug="who-we-are")

    with django_capture_on_commit_callbacks(execute=True):
        publish(workspace, publisher)
        made = set(Redirect.objects.values_list("pk", "old_path"))

    assert set(Redirect.objects.values_list("pk", "old_path")) == made
    assert len(made) == 1


def test_a_second_move_is_one_hop_from_every_old_address(
    visitor, workspace, publisher, editor, page
):
    stage_page(workspace, page, slug="who-we-are")
    publish(workspace, publisher)
    page.refresh_from_db()
    second = a_workspace("Winter", editor)
    stage_page(second, page, slug="the-five")
    publish(second, publisher)

    assert led_to(visitor, "/about-us/") == "/the-five/"
    assert led_to(visitor, "/who-we-are/") == "/the-five/"


# All or nothing, and only once


def test_a_second_call_changes_nothing(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")
    digest = agreed(workspace)
    publish(workspace, publisher)
    logged, kept = actions_on(page), Revision.objects.count()

    again = publishing.publish(
        workspace.pk, by=publisher, digest=digest, now=timezone.now()
    )

    assert again.state == DraftWorkspace.State.PUBLISHED
    assert (actions_on(page), Revision.objects.count()) == (logged, kept)
    assert DraftWorkspace.objects.filter(undoes=workspace).count() == 1


def test_only_what_was_agreed_to_is_published(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")
    digest = agreed(workspace)
    stage_page(workspace, page, text="Six of us.")
    see(workspace)

    with pytest.raises(NotWhatWasConfirmed):
        publishing.publish(
            workspace.pk, by=publisher, digest=digest, now=timezone.now()
        )

    assert "Four of us." in text_of(page)


def test_what_was_thrown_away_is_not_published(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")
    discard(workspace.pk, now=NOON)

    with pytest.raises(WorkspaceClosed):
        publish(workspace, publisher)


@pytest.mark.parametrize("step", ["_save_revisions", "_tell", "_entries"])
def test_a_failure_at_any_step_leaves_everything_as_it_was(
    workspace,
    publisher,
    page,
    announcement,
    step,
    monkeypatch,
    django_capture_on_commit_callbacks,
):
    stage_page(workspace, page, text="Five of us.", slug="who-we-are")
    stage_block(workspace, announcement, line="Half price.")
    stage_new_page(workspace, title="Kiln news")
    edit.unpublish_page(workspace, an_info_page("Gone"), now=NOON)
    before, logged = site(), PageLogEntry.objects.count()

    def fail(*args, **kwargs):
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(golive, step, fail)
    with (
        django_capture_on_commit_callbacks() as told,
        pytest.raises(RuntimeError),
    ):
        publish(workspace, publisher)

    assert (site(), PageLogEntry.objects.count()) == (before, logged)
    assert not Redirect.objects.exists()
    assert not DraftWorkspace.objects.filter(undoes=workspace).exists()
    # Nothing of it is heard outside either: neither caches nor redirects.
    assert told == []


# What it costs


def change_page(workspace, n):
    stage_page(workspace, a_plain_page(f"Page {n}"), text="New", title=f"New {n}")


def move_page(workspace, n):
    stage_page(workspace, a_plain_page(f"Page {n}"), slug=f"moved-{n}")


def new_page(workspace, n):
    stage_new_page(workspace, title=f"New {n}")


def take_page_off(workspace, n):
    edit.unpublish_page(workspace, a_plain_page(f"Page {n}"), now=NOON)


def change_block(workspace, n):
    stage_block(workspace, a_plain_block(f"Block {n}"), title="New")


def new_block(workspace, n):
    stage_new_block(workspace, "home", f"Block {n}")


def remove_block(workspace, n):
    stage_block(workspace, a_plain_block(f"Block {n}"), draft_deleted=True)


KINDS = [
    change_page,
    move_page,
    new_page,
    take_page_off,
    change_block,
    new_block,
    remove_block,
]


def queries_to_publish(workspace, publisher) -> int:
    see(workspace)
    digest, now = agreed(workspace), timezone.now()
    with CaptureQueriesContext(connection) as asked:
        publishing.publish(workspace.pk, by=publisher, digest=digest, now=now)
    return len(asked)


@pytest.mark.parametrize("stage", KINDS)
def test_an_item_costs_at_most_25_queries(editor, publisher, stage):
    costs = {}
    for count in (1, 8):
        workspace = a_workspace(f"Of {count}", editor)
        for n in range(count):
            stage(workspace, 100 * count + n)
        costs[count] = queries_to_publish(workspace, publisher)

    for_each_more = (costs[8] - costs[1]) / 7
    assert for_each_more <= 25
    # What is asked once for all, and for the single one.
    assert costs[1] <= 60


def test_fifty_items_of_all_kinds_cost_no_more_each(editor, publisher):
    workspace = a_workspace("Of fifty", editor)
    for n, stage in zip(range(50), itertools.cycle(KINDS), strict=False):
        stage(workspace, n)

    assert queries_to_publish(workspace, publisher) <= 25 * 50


def test_a_home_page_can_be_published_that_never_had_a_revision(
    visitor, workspace, publisher
):
    stage_page(workspace, HomePage.objects.get(), text="Autumn is here.")

    publish(workspace, publisher)

    assert "Autumn is here." in html(visitor)
