"""How long it takes to publish a workspace, as a ratio to Wagtail's own publishing of
one page in the same run. Everything is undone at the end."""

import json
import time
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from home.drafts import edit, publish
from home.drafts import open as opening
from home.drafts.content import page_content
from home.drafts.items import items, set_digest
from home.models import DynamicPage, HomePage, LayoutBlock

BODY = json.dumps([{"type": "text", "value": {"text": "<p>Words.</p>"}}])


class Command(BaseCommand):
    help = "Measure the publishing of a workspace."

    def add_arguments(self, parser):
        parser.add_argument("--items", type=int, default=50)

    def handle(self, *args, **options):
        with transaction.atomic():
            self.measure(options["items"])
            transaction.set_rollback(True)

    def measure(self, count: int) -> None:
        self.by = get_user_model().objects.create_superuser("bench-publish")
        self.home = HomePage.objects.get()
        page = self.a_page("Base")
        with counted() as base:
            page.save_revision(log_action=True, user=self.by).publish(user=self.by)
        workspace = self.a_workspace(count)
        digest, now = set_digest(items(workspace)), timezone.now()
        with counted() as ours:
            publish.make_live(workspace, by=self.by, digest=digest, now=now)
        self.stdout.write(f"{'publishing':<28}{'queries':>8}{'s':>8}{'× one':>8}")
        for name, found in (
            ("one page, by Wagtail", base),
            (f"a workspace of {count}", ours),
        ):
            ratio = found["s"] / base["s"]
            self.stdout.write(
                f"{name:<28}{found['queries']:>8}{found['s']:>8.2f}{ratio:>8.1f}"
            )
        each = ours["queries"] / count
        self.stdout.write(f"{each:.1f} queries an item, what is asked once included.")

    def a_page(self, title: str) -> DynamicPage:
        page = DynamicPage(title=title, body=BODY, live=False)
        self.home.add_child(instance=page)
        page.save_revision().publish()
        return page

    def a_workspace(self, count: int):
        """Half of it changed pages, some new ones, the rest blocks; all looked at."""
        now = timezone.now()
        workspace = opening.begin("Bench", self.by, now=now)
        for n in range(count):
            if n % 10 < 5:
                page = DynamicPage.objects.get(pk=self.a_page(f"Page {n}").pk)
                content = page_content(page) | {"title": f"Changed {n}"}
                edit.save_page(workspace, page, content, version=0, now=now)
            elif n % 10 == 5:
                page = DynamicPage(title=f"New {n}", slug=f"bench-{n}", body=BODY)
                edit.save_new_page(workspace, self.home, page, now=now)
            else:
                block = LayoutBlock(position="home", title=f"New {n}", content=BODY)
                edit.add_block(workspace, block, now=now)
        workspace.pages.update(seen_digest=F("digest"))
        rows = LayoutBlock.all_objects.copies_in(workspace)
        rows.update(seen_digest=F("digest"))
        return workspace


@contextmanager
def counted():
    """{"queries": how many, "s": how long}"""
    found = {"queries": 0}

    def count(execute, *args):
        found["queries"] += 1
        return execute(*args)

    begun = time.perf_counter()
    with connection.execute_wrapper(count):
        yield found
    found["s"] = time.perf_counter() - begun
