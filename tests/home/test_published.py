"""The published version counts what visitors can see change, and nothing else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site

from home import published
from home.models import LayoutBlock, Picture, PublishedChange, SiteSettings
from home.tasks import compact_published
from tests.builders import a_picture
from tests.home.publishing import a_block, a_page, home_page, save_draft, write

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def counted():
    """Whether the version has grown since this was last asked."""
    last = [published.read()]

    def has_grown() -> bool:
        before, last[0] = last[0], published.read()
        return last[0] > before

    return has_grown


# What counts: pages


def test_a_published_page_counts(counted):
    page = home_page()
    write(page, "New")

    revision = page.save_revision()
    assert not counted()

    revision.publish()
    assert counted()


def test_autosave_of_a_published_page_does_not_count(counted):
    page = home_page()

    first = save_draft(page)
    page = Page.objects.get(pk=page.pk).specific
    page.save_revision(overwrite_revision=first, changed=True)

    assert page.get_latest_revision().content["title"] == "Home"
    assert not counted()


def test_autosave_of_a_page_that_nobody_has_seen_does_not_count(counted):
    page = a_page(live=False)
    assert not counted()

    write(page, "Still thinking")
    page.save()

    assert not counted()


def test_a_new_page_counts(counted):
    a_page()

    assert counted()


@pytest.mark.parametrize("is_specific", [True, False])
def test_an_unpublished_page_counts(counted, is_specific):
    page = Page.objects.get(pk=a_page().pk)
    counted()

    (page.specific if is_specific else page).unpublish()

    assert counted()


def test_a_deleted_page_counts_with_the_pages_beneath_it(counted):
    parent = a_page("About")
    a_page("The kiln", parent)
    counted()

    Page.objects.get(pk=parent.pk).delete()

    assert counted()


def test_a_deleted_draft_does_not_count(counted):
    page = a_page(live=False)

    page.delete()

    assert not counted()


def test_a_moved_page_counts(counted):
    about, kiln = a_page("About"), a_page("The kiln")
    counted()

    Page.objects.get(pk=kiln.pk).move(Page.objects.get(pk=about.pk), "first-child")

    assert counted()


def test_another_order_of_pages_counts(counted):
    a_page("About"), a_page("The kiln")
    counted()

    Page.objects.get(slug="the-kiln").move(Page.objects.get(slug="about"), "left")

    assert counted()


def test_another_slug_counts_once_for_all_the_addresses_beneath_it(counted):
    about = a_page("About")
    a_page("The kiln", about)
    counted()

    about.slug = "who-we-are"
    about.save_revision().publish()

    assert counted()
    assert Page.objects.get(slug="the-kiln").url == "/who-we-are/the-kiln/"


def test_what_is_published_or_taken_away_by_the_clock_counts(counted):
    now = timezone.now()
    coming = a_page("Coming", live=False, go_live_at=now + HOUR)
    a_page("Going", expire_at=now + 3 * HOUR)
    counted()

    # What is approved for later does not show today.
    coming.save_revision().publish()
    call_command("publish_scheduled")
    assert not counted()

    with time_machine.travel(now + 2 * HOUR):
        call_command("publish_scheduled")
    assert counted()

    with time_machine.travel(now + 4 * HOUR):
        call_command("publish_scheduled")
    assert counted()
    assert not Page.objects.get(slug="going").live


def test_a_page_that_is_copied_or_mirrored_counts(counted):
    page = a_page("About")
    counted()

    page.copy(update_attrs={"title": "Copy", "slug": "copy"})
    assert counted()

    mirror = page.create_alias(update_slug="mirror")
    counted()
    page.title = "Who we are"
    page.save_revision().publish()
    mirror.refresh_from_db()
    assert counted()
    assert mirror.title == "Who we are"


def test_a_page_made_private_counts(counted):
    restriction = PageViewRestriction.objects.create(
        page=a_page(), restriction_type=PageViewRestriction.LOGIN
    )
    assert counted()

    restriction.delete()
    assert counted()


# What counts: blocks, settings, sites, pictures


def test_a_published_block_counts(counted):
    block = a_block()
    assert counted()

    revision = save_draft(block)
    assert not counted()

    revision.publish()
    assert counted()

    LayoutBlock.objects.get().unpublish()
    assert counted()


def test_autosave_of_an_unpublished_block_does_not_count(counted):
    block = a_block(live=False)

    block.title = "Still thinking"
    block.save()

    assert not counted()


def test_a_locked_block_does_not_count(counted):
    block = a_block()
    counted()

    block.locked = True
    block.save(update_fields=["locked", "locked_by", "locked_at"])

    assert not counted()


def test_a_deleted_block_counts_one_by_one_or_many_together(counted):
    one, _ = a_block(), a_block()
    counted()

    one.delete()
    assert counted()

    LayoutBlock.objects.all().delete()
    assert counted()


def test_the_working_copy_of_a_workspace_never_counts(counted):
    copy = a_block(draft_session_key="of-sofia")

    copy.is_active = False
    copy.save()
    LayoutBlock.all_objects.filter(pk=copy.pk).delete()
    a_block(draft_session_key="of-sofia").delete()

    assert not counted()


def test_blocks_in_another_order_count(counted):
    block = a_block(sort_order=1)
    counted()

    block.sort_order = 3
    block.save(update_fields=["sort_order"])

    assert counted()


def test_settings_sites_and_redirects_count(counted):
    site = Site.objects.get()

    SiteSettings.for_site(site).save()
    assert counted()
    site.site_name = "Kiln"
    site.save()
    assert counted()
    redirect = Redirect.objects.create(old_path="/old", redirect_link="/new/")
    assert counted()
    redirect.delete()
    assert counted()


def test_a_picture_counts_from_when_a_page_may_show_it(counted):
    picture = a_picture()
    assert not counted()

    picture.make_cuts()
    picture.get_file_size()
    assert not counted()

    picture.description = "A bowl on linen"
    picture.save()
    assert counted()

    Picture.objects.all().delete()
    assert counted()


def test_a_document_counts_from_when_a_page_may_link_to_it(counted):
    document = get_document_model().objects.create(title="Care", file="care.pdf")
    assert not counted()

    document.title = "Care guide"
    document.save()
    assert counted()


# The number


def test_what_is_rolled_back_does_not_count(counted):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        a_block()
        raise ZeroDivisionError

    assert not counted()


def test_folding_old_changes_leaves_the_version_as_it_is():
    for _ in range(5):
        a_block()
    version = published.read()
    PublishedChange.objects.update(at=timezone.now() - 2 * HOUR)
    a_block()

    compact_published(timestamp=0)
    compact_published(timestamp=0)

    assert published.read() == version + 1
    assert sorted(PublishedChange.objects.values_list("count", flat=True)) == [1, 5]


def test_the_worker_folds_every_hour():
    found = app.periodic_registry.periodic_tasks

    assert [task.cron for (name, _), task in found.items() if "compact" in name] == [
        "17 * * * *"
    ]


def test_nothing_to_fold_leaves_nothing_behind():
    published.compact(before=timezone.now())

    assert not PublishedChange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_pointer_moves_with_the_commit():
    published.version()

    with transaction.atomic():
        a_block()
        assert cache.get(published.POINTER) == 0

    assert cache.get(published.POINTER) == published.version() == published.read() == 1


def test_the_pointer_never_moves_back():
    published.point(7)
    published.point(5)

    assert cache.get(published.POINTER) == 7


def test_a_pointer_is_forgotten_within_half_a_minute():
    published.point(7)

    assert 0 < cache.ttl(published.POINTER) <= 30


def test_a_lost_pointer_is_found_in_the_database():
    a_block()
    cache.clear()

    assert published.version() == 1
    assert cache.get(published.POINTER) == 1


# At once


def in_two_transactions(deed) -> list:
    """Run ``deed`` in two transactions of which each waits, after it, until the other
    has done it too; gives what they gave or raised."""
    both_did = threading.Barrier(2)

    def run(_):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '1s'")
                deed()
                both_did.wait(timeout=20)
            return "committed"
        except (OperationalError, threading.BrokenBarrierError) as error:
            both_did.abort()
            return type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


@pytest.mark.django_db(transaction=True)
def test_two_publishes_at_once_do_not_wait_for_each_other():
    assert in_two_transactions(published.changed) == ["committed"] * 2
    assert cache.get(published.POINTER) == published.read() == 2


@pytest.mark.django_db(transaction=True)
def test_control_two_that_write_one_number_do_wait():
    PublishedChange.objects.create()

    def write_one_number():
        PublishedChange.objects.update(count=2)

    assert "OperationalError" in in_two_transactions(write_one_number)


@pytest.mark.django_db(transaction=True)
def test_the_version_grows_with_every_commit_whatever_their_order():
    seen = []
    with ThreadPoolExecutor(1) as other:

        def publish_in_between():
            published.changed()
            connections.close_all()

        with transaction.atomic():
            published.changed()
            other.submit(publish_in_between).result(timeout=20)
            seen.append(other.submit(published.read).result(timeout=20))
        seen.append(published.read())
        other.submit(connections.close_all).result(timeout=20)

    assert seen == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_folding_loses_no_change_that_is_under_way():
    for _ in range(3):
        published.changed()
    with ThreadPoolExecutor(1) as other:

        def fold():
            published.compact(before=timezone.now() + HOUR)
            connections.close_all()

        with transaction.atomic():
            published.changed()
            other.submit(fold).result(timeout=20)
        other.submit(fold).result(timeout=20)

    assert published.read() == 4
    assert PublishedChange.objects.count() == 1
