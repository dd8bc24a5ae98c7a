"""Which products wait for their hour, asked together with them."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from wagtail.models import Revision

from shop.models import Product


def scheduled() -> Exists:
    """Whether a revision of the product waits for its hour."""
    waiting = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Product),
        object_id=Cast(OuterRef("pk"), CharField()),
        approved_go_live_at__isnull=False,
    )
    return Exists(waiting)
