"""Wagtail's own schedules: pages and snippets that go live or expire at a time.

What ``manage.py publish_scheduled`` does, each object in a transaction of its own: one
that cannot be published keeps no other from its hour, and two workers act once.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import DraftStateMixin, Page, Revision

from home.drafts.clock import alone

logger = logging.getLogger(__name__)
# A minute's work; what is left has its turn in the next.
AT_ONCE = 200


def act_on(now: datetime) -> None:
    """Let expire what has expired and publish what is due. ``now`` is the database's:
    who is an hour off must neither hurry nor linger."""
    for model in _models():
        over = model._default_manager.filter(live=True, expire_at__lt=now)
        for key in _keys(over.order_by("expire_at")):
            _once(_expire, model, key, now)
    due = Revision.objects.filter(approved_go_live_at__lt=now)
    for key in _keys(due.order_by("approved_go_live_at")):
        _once(_go_live, Revision, key, now)


def _models() -> Iterable[type[Model]]:
    others = (
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    )
    return [Page, *others]


def _keys(rows) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _once(deed: Callable, model: type[Model], key: int, now: datetime) -> None:
    try:
        with transaction.atomic(durable=True):
            if alone(f"scheduled-{model._meta.label}-{key}"):
                deed(model, key, now)
    except (DatabaseError, ObjectDoesNotExist, ValidationError):
        logger.exception("%s %s could not be brought up to date.", model, key)


def _expire(model: type[Model], key: int, now: datetime) -> None:
    """Does nothing when another worker has done it by now."""
    over = model._default_manager.filter(pk=key, live=True, expire_at__lt=now)
    thing: Any = over.select_for_update(of=("self",), no_key=True).first()
    if thing:
        thing = thing.specific if isinstance(thing, Page) else thing
        thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _go_live(model: type[Revision], key: int, now: datetime) -> None:
    due = model.objects.filter(pk=key, approved_go_live_at__lt=now)
    revision = due.select_for_update(of=("self",)).first()
    if revision is None:
        return
    at = parse_datetime(revision.content.get("go_live_at") or "")
    if at is None or at <= timezone.now():
        revision.publish(log_action="wagtail.publish.scheduled")
        return
    # This process's clock is behind: Wagtail would ask it, and schedule once more.
    revision.content["go_live_at"] = None
    revision.publish(log_action="wagtail.publish.scheduled")
    thing = revision.content_object
    type(thing)._base_manager.filter(pk=thing.pk).update(go_live_at=at)
