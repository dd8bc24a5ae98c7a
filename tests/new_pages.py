"""How builders save a page that nobody can have heard of."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db.models import Model
from wagtail.models import Page


@contextmanager
def unheard_of(page: Page) -> Iterator[None]:
    """While a new page is saved it is not asked whether a site begins with it, and
    whether its path and key are taken. Its slug is looked for."""
    page._is_site_root = False
    with patch.object(Model, "_perform_unique_checks", lambda *checks: {}):
        yield
    del page._is_site_root
