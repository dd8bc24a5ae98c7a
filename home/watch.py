"""Notices what Wagtail saves and deletes by ways of its own.

A page is moved and unpublished through its base class, and bulk actions delete by
query: methods of our models never hear of it, Django's signals do. Our own models call
``published.changed`` themselves.
"""

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction, Site, get_page_models

from home import published


def connect() -> None:
    """Watch every model of Wagtail's that visitors see something of."""
    files = [get_image_model(), get_document_model()]
    watched = [*get_page_models(), Site, Redirect, PageViewRestriction, *files]
    for model in watched:
        pre_save.connect(_look, sender=model)
        post_save.connect(_saved, sender=model)
        post_delete.connect(_deleted, sender=model)


def _look(sender, instance: Model, update_fields=None, **kwargs) -> None:
    instance.is_seen_change = published.is_seen(instance, update_fields)  # type: ignore[attr-defined]


def _saved(sender, instance: Model, created: bool, **kwargs) -> None:
    is_new_file = created and sender in (get_image_model(), get_document_model())
    # A file that no page can name yet is no change; two hundred uploads are none.
    if instance.is_seen_change and not is_new_file:  # type: ignore[attr-defined]
        published.changed()


def _deleted(sender, instance: Model, **kwargs) -> None:
    if getattr(instance, "live", True):
        published.changed()
