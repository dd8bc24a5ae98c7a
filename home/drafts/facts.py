"""What has to be known of all items of a workspace before it is published: asked once
for all of them, however many they are."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.utils.functional import cached_property
from wagtail.models import (
    ModelLogEntry,
    Page,
    PageLogEntry,
    Revision,
    WorkflowState,
)

from home.drafts.candidates import Candidate, Kind, content_in
from home.drafts.content import digest_of
from home.drafts.raw import raw_keys, raw_streams
from home.drafts.references import Malformed, Reference, Unknown, findings
from home.models import DraftWorkspace

# No key of the database is larger.
LARGEST = 2**63 - 1


@dataclass
class Facts:
    """About ``candidates``, should ``by`` publish them at the moment ``at``."""

    workspace: DraftWorkspace
    by: Any
    at: datetime
    candidates: list[Candidate]

    @property
    def is_way_back(self) -> bool:
        """Whether it brings back what was before another workspace."""
        return self.workspace.undoes_id is not None

    @cached_property
    def _published(self) -> list[Candidate]:
        return [found for found in self.candidates if found.published]

    @cached_property
    def _by_kind(self) -> dict:
        """{base content type id: keys, as revisions and workflows name objects}."""
        keys = defaultdict(list)
        for found in self._published:
            thing = found.published
            keys[thing.get_base_content_type().pk].append(str(thing.pk))
        return keys

    def _of_all(self, model: type[Model]):
        wanted = Q(pk__in=[])
        for content_type, keys in self._by_kind.items():
            wanted |= Q(base_content_type=content_type, object_id__in=keys)
        return model._default_manager.filter(wanted)

    # Workflows, schedules and drafts of others

    @cached_property
    def workflows(self) -> dict[tuple[int, str], WorkflowState]:
        """Running ones, and those that wait for their editor."""
        states = self._of_all(WorkflowState).active()
        return {_key(state): state for state in states}

    @cached_property
    def scheduled(self) -> dict[tuple[int, str], Revision]:
        """Revisions that Wagtail is to publish at a time of their own."""
        waiting = self._of_all(Revision).filter(approved_go_live_at__isnull=False)
        return {_key(revision): revision for revision in waiting.defer("content")}

    @cached_property
    def _latest(self) -> dict[int, Revision]:
        """{id: the latest revision of something that has unpublished changes}."""
        ids = [
            found.published.latest_revision_id
            for found in self._published
            if found.published.has_unpublished_changes
            and found.published.latest_revision_id != found.published.live_revision_id
        ]
        drafts = Revision.objects.filter(pk__in=ids).select_related("user")
        return {draft.pk: draft for draft in drafts} if ids else {}

    def shared_draft(self, found: Candidate) -> Revision | None:
        """Somebody's draft that says neither what is live nor what would be: publishing
        something newer would bury it."""
        thing = found.published
        draft = self._latest.get(thing.latest_revision_id) if thing else None
        if draft is None or found.draft is None or found.kind == Kind.DELETE:
            return None
        if key_of(thing) in self.scheduled:
            return None
        said = digest_of(content_in(draft, thing))
        known = {digest_of(found.before), digest_of(found.after)}
        return None if said in known else draft

    # Addresses

    @cached_property
    def wanted_places(self) -> Counter[tuple[str, str]]:
        """How many pages want an address: (path of the parent, slug)."""
        return Counter(map(place, filter(asks_for_a_slug, self.candidates)))

    @cached_property
    def slug_holders(self) -> dict[tuple[str, str], Page]:
        """{(path of the parent, slug): the page that has it and keeps it}."""
        wanted, asked = self.wanted_places, Q(pk__in=[])
        for path, slug in wanted:
            children = Q(path__startswith=path, depth=len(path) // Page.steplen + 1)
            asked |= children & Q(slug=slug)
        given_up = [
            found.published.pk
            for found in self.candidates
            if found.published and _gives_up_its_slug(found, self.at)
        ]
        holders = Page.objects.filter(asked).exclude(pk__in=given_up) if wanted else ()
        return {(page.path[: -Page.steplen], page.slug): page for page in holders}

    # What is shown

    @cached_property
    def findings(self) -> dict[str, list]:
        """{item key: what stands in its raw streams}."""
        return {
            found.item.key: [
                finding
                for field, raw in raw_streams(found)
                for finding in findings(field.stream_block, raw)
            ]
            for found in self.candidates
            if found.draft and not found.takes_away
        }

    def references(self, found: Candidate) -> list[Reference]:
        own = [
            Reference(field.remote_field.model, str(key), str(field.verbose_name))
            for field, key in raw_keys(found)
        ]
        in_streams = self.findings.get(found.item.key, [])
        return own + [f for f in in_streams if isinstance(f, Reference)]

    def unreadable(self, found: Candidate) -> list[Unknown | Malformed]:
        in_streams = self.findings.get(found.item.key, [])
        return [f for f in in_streams if not isinstance(f, Reference)]

    @cached_property
    def existing(self) -> dict[type[Model], set[str]]:
        """{model: keys of the objects that are referred to and are there}."""
        wanted = defaultdict(set)
        for found in self.candidates:
            if found.item.key in self.findings:
                for reference in self.references(found):
                    if reference.key.isdecimal() and int(reference.key) <= LARGEST:
                        wanted[reference.model].add(int(reference.key))
        return {
            model: {
                str(key)
                for key in model._base_manager.filter(pk__in=keys).values_list(
                    "pk", flat=True
                )
            }
            for model, keys in wanted.items()
        }

    # Who did what

    def last_deed(self, found: Candidate, *actions: str):
        """The latest log entry of these kinds about a published page or block."""
        thing = found.published
        if isinstance(thing, Page):
            entries = PageLogEntry.objects.filter(page=thing)
        else:
            entries = ModelLogEntry.objects.for_instance(thing)
        done = entries.filter(action__in=actions).select_related("user")
        return done.order_by("-timestamp", "-pk").first()

    def deletion(self, found: Candidate):
        """The log entry of a page that is gone, found by its last title."""
        entry = found.record
        content = entry.base_content or entry.content
        done = PageLogEntry.objects.filter(
            action="wagtail.delete",
            content_type=entry.content_type_id,
            label=content.get("title", "") if isinstance(content, dict) else "",
        )
        return done.select_related("user").order_by("-timestamp", "-pk").first()


def key_of(thing) -> tuple[int, str]:
    """As revisions and workflows name a page or a block."""
    return thing.get_base_content_type().pk, str(thing.pk)


def _key(row) -> tuple[int, str]:
    return row.base_content_type_id, row.object_id


def asks_for_a_slug(found: Candidate) -> bool:
    """Whether the page would get an address that it does not have now."""
    return bool(found.draft and found.is_page and (found.is_new or found.moves))


def _gives_up_its_slug(found: Candidate, at: datetime) -> bool:
    return found.kind == Kind.DELETE or (found.moves and not found.leaves_live(at))


def place(found: Candidate) -> tuple[str, str]:
    """(path of the parent, slug) of a page as it would be."""
    page = found.draft
    if found.is_new:
        return found.record.parent.path, page.slug
    return found.published.path[: -Page.steplen], page.slug
