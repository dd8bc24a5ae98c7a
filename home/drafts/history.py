"""The log of who did what, as Wagtail keeps it; many entries in one statement."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry
from wagtail.models import BaseLogEntry, Page, Revision

from home.drafts.items import Item
from home.models import DraftWorkspace

ACTIONS = {
    "home.workspace.hand_over": (_("Hand over"), _("Workspace handed over")),
    "home.workspace.take_back": (_("Take back"), _("Workspace taken back")),
    "home.workspace.schedule": (_("Schedule"), _("Workspace scheduled")),
    "home.workspace.unschedule": (_("Unschedule"), _("Workspace no longer scheduled")),
    "home.workspace.publish": (_("Publish"), _("Workspace published")),
    "home.workspace.refuse": (_("Refuse"), _("Scheduled publishing refused")),
    "home.workspace.roll_back": (_("Roll back"), _("Workspace's publishing undone")),
}


def register(actions) -> None:
    """Make the actions on workspaces known to Wagtail's log."""
    for action, (label, message) in ACTIONS.items():
        actions.register_action(action, label, message)


def entry(
    thing: Model,
    action: str,
    *,
    by,
    at: datetime,
    revision: Revision | None = None,
    data: dict | None = None,
    content_changed: bool = False,
) -> BaseLogEntry:
    """A log entry, not yet written. An id of its own for each: Wagtail shows only the
    last entry of one action and id."""
    model = registry.get_log_model_for_instance(thing)
    about = {"page": thing} if isinstance(thing, Page) else {"object_id": str(thing.pk)}
    return model(
        content_type=ContentType.objects.get_for_model(thing, for_concrete_model=False),
        label=str(thing),
        action=action,
        timestamp=at,
        uuid=uuid4(),
        user=by,
        revision=revision,
        data=data or {},
        content_changed=content_changed,
        **about,
    )


def write(entries: Iterable[BaseLogEntry]) -> None:
    by_model = defaultdict(list)
    for each in entries:
        by_model[type(each)].append(each)
    for model, of_model in by_model.items():
        model.objects.bulk_create(of_model)


def note(
    workspace: DraftWorkspace,
    action: str,
    *,
    by,
    at: datetime,
    items: Iterable[Item] = (),
    **data,
) -> None:
    """Write what was done with a workspace, and which changes were in it."""
    listed = [
        {"title": item.title, "change": item.change.value, "where": str(item.where)}
        for item in items
    ]
    data = data | ({"items": listed} if listed else {})
    write([entry(workspace, action, by=by, at=at, data=data)])


def last(workspace: DraftWorkspace, action: str) -> BaseLogEntry | None:
    model = registry.get_log_model_for_instance(workspace)
    entries = model.objects.for_instance(workspace).filter(action=action)
    return entries.order_by("-timestamp", "-pk").first()
