"""Many products published, or taken off the shop."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shop import tree
from shop.bulk.together import AT_ONCE, PlanChanged, note
from shop.models import Product
from shop.relist import tell_layout
from shop.scheduled import scheduled
from shop.turns import turns

# A draft that is newer than its row is published by itself, with all that hangs on it.
MOST_DRAFTS = 100

# Whether somebody may publish that very product.
May = Callable[[Product], bool]


class Refusal(models.TextChoices):
    FORBIDDEN = "forbidden", _("You may not publish it.")
    LIVE = "live", _("It is published already.")
    LIVE_WITH_DRAFT = (
        "live_with_draft",
        _("It is published already; its draft is published on its own page."),
    )
    NOT_LIVE = "not_live", _("It is not published.")
    LOCKED = "locked", _("Somebody has locked it.")
    SCHEDULED = "scheduled", _("A version of it waits for its hour.")
    TOO_MANY_DRAFTS = (
        "too_many_drafts",
        _("It has a newer draft, and a hundred such are the most at once."),
    )


class StatusRow(NamedTuple):
    """``key`` is the product's; ``refusal`` says why it stays as it is."""

    key: int
    title: str
    is_live: bool
    revision_id: int | None
    has_newer_draft: bool
    refusal: Refusal | None

    @property
    def publishes_draft(self) -> bool:
        return self.has_newer_draft and not self.is_live and not self.refusal

    @property
    def state(self) -> str:
        """What must still be so when it is confirmed."""
        return f"{self.is_live:d}.{self.revision_id or 0}.{self.refusal or ''}"


def plan(
    product_ids: Collection[int], *, to_live: bool, may: May, by: AbstractBaseUser
) -> list[StatusRow]:
    """What would become of these products: one query."""
    products = _products(product_ids).order_by("title", "pk")
    return _judged(products.iterator(AT_ONCE), to_live, may, by)


def apply(
    product_ids: Collection[int],
    *,
    to_live: bool,
    seen: Mapping[int, str],
    may: May,
    by: AbstractBaseUser,
    now: datetime,
) -> int:
    """Publish the products, or take them off, as they were ``seen``, {product id:
    ``StatusRow.state``}; returns how many.

    Locks the products in primary-key order until commit.

    Raises:
        PlanChanged
    """
    with transaction.atomic(durable=True):
        ids = sorted(product_ids)
        for turn in turns(ids, AT_ONCE):
            _lock(turn)
        rows = plan(ids, to_live=to_live, may=may, by=by)
        if {row.key: row.state for row in rows} != seen:
            raise PlanChanged
        wanted = [row for row in rows if not row.refusal]
        drafts = [row.key for row in wanted if row.publishes_draft]
        plain = [row for row in wanted if not row.publishes_draft]
        for turn in turns((row.key for row in plain), AT_ONCE):
            _switch(turn, to_live, now)
        for product in Product.objects.filter(pk__in=drafts).order_by("pk"):
            product.latest_revision.publish(user=by)
        action = "wagtail.publish" if to_live else "wagtail.unpublish"
        note(((row.key, row.title) for row in plain), action, by=by, now=now)
        tell_layout([row.key for row in plain])
        tree.changed()
    return len(wanted)


def _products(product_ids: Collection[int]):
    products = Product.objects.filter(pk__in=product_ids).select_related(
        "latest_revision"
    )
    seen = "title live locked locked_by last_published_at latest_revision__created_at"
    return products.annotate(is_scheduled=scheduled()).only(*seen.split())


def _lock(product_ids: list[int]) -> None:
    rows = Product.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(rows.filter(pk__in=product_ids).values_list("pk"))


def _judged(
    products: Iterable[Product], to_live: bool, may: May, by: AbstractBaseUser
) -> list[StatusRow]:
    rows, drafts = [], 0
    for product in products:
        has_newer_draft = _has_newer_draft(product)
        refusal = _refusal(product, to_live, may, by)
        if to_live and has_newer_draft and not refusal:
            drafts += 1
            refusal = Refusal.TOO_MANY_DRAFTS if drafts > MOST_DRAFTS else None
        rows.append(
            StatusRow(
                *(product.pk, product.title, product.live),
                *(product.latest_revision_id, has_newer_draft, refusal),
            )
        )
    return rows


def _has_newer_draft(product: Product) -> bool:
    """Whether something was saved that is not in the product's own row."""
    latest, published_at = product.latest_revision, product.last_published_at
    return bool(latest and not (published_at and latest.created_at <= published_at))


def _refusal(
    product: Product, to_live: bool, may: May, by: AbstractBaseUser
) -> Refusal | None:
    if not may(product):
        return Refusal.FORBIDDEN
    if product.locked and product.locked_by_id != by.pk:
        return Refusal.LOCKED
    if product.is_scheduled:
        return Refusal.SCHEDULED
    if to_live and product.live:
        is_plain = not _has_newer_draft(product)
        return Refusal.LIVE if is_plain else Refusal.LIVE_WITH_DRAFT
    return None if to_live or product.live else Refusal.NOT_LIVE


def _switch(product_ids: list[int], to_live: bool, now: datetime) -> None:
    """As Wagtail does one by one; what is published is what the row says."""
    products = Product.objects.filter(pk__in=product_ids)
    if to_live:
        products.update_published(
            now=now, has_unpublished_changes=False, live_revision=F("latest_revision")
        )
    else:
        products.update(live=False, has_unpublished_changes=True, live_revision=None)
