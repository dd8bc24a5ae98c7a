"""The admin opens a product's last revision, so that one has to say what was imported;
a draft that an editor has not published yet stays the last."""

from collections.abc import Collection, Iterable
from datetime import datetime

from wagtail.models import Revision

from shop.models import Product


def follow(
    product_ids: Collection[int],
    *,
    drafts: Collection[int],
    now: datetime,
    by_id: int | None,
) -> None:
    """Write a revision of what these products, which have some, are now. ``drafts``
    keep theirs: of what is live there is then no revision."""
    Product.objects.filter(pk__in=drafts).update(live_revision=None)
    told = Product.objects.filter(pk__in=set(product_ids) - set(drafts))
    products = list(told.prefetch_related("images", "attribute_values"))
    kind = Product.get_base_content_type()
    written = Revision.objects.bulk_create(
        Revision(
            content_type=kind,
            base_content_type=kind,
            object_id=str(product.pk),
            created_at=now,
            user_id=by_id,
            object_str=str(product),
            content=product.serializable_data(),
        )
        for product in products
    )
    for product, revision in zip(products, written, strict=True):
        product.latest_revision = revision
        product.live_revision = revision if product.live else None
    Product.objects.bulk_update(products, ["latest_revision", "live_revision"])


def call_off(product_ids: Iterable[int]) -> None:
    """Let no revision of products that were taken off go live at its hour, as when
    somebody unpublishes them in the admin."""
    scheduled = Revision.objects.filter(
        base_content_type=Product.get_base_content_type(),
        object_id__in=[str(pk) for pk in product_ids],
        approved_go_live_at__isnull=False,
    )
    scheduled.update(approved_go_live_at=None)
