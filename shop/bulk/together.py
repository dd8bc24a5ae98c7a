"""What changes of many have in common: how many, and who did it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from shop.models import Product

# Products of one change, and rows that one statement reads, locks or writes.
MOST = 10_000
AT_ONCE = 500


class PlanChanged(Exception):
    """What was confirmed is not what would happen now. Nothing has been written."""


def note(
    titles: Iterable[tuple[int, str]],
    action: str,
    *,
    by: AbstractBaseUser,
    now: datetime,
    **data,
) -> None:
    """Write into the histories of products, (key, title) each, what somebody has done
    to all of them."""
    product, deed = ContentType.objects.get_for_model(Product), uuid4()
    ModelLogEntry.objects.bulk_create(
        (
            ModelLogEntry(
                content_type=product,
                object_id=str(pk),
                label=title,
                action=action,
                timestamp=now,
                user=by,
                uuid=deed,
                data=data,
                content_changed=True,
            )
            for pk, title in titles
        ),
        batch_size=AT_ONCE,
    )
