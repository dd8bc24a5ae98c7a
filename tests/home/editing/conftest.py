"""The site of the draft tests, seen from the admin."""

import pytest

from tests.builders import NOON, a_colleague, a_workspace
from tests.home.drafts.conftest import (  # noqa: F401
    announcement,
    editor,
    inside,
    page,
    visitor,
    workspace,
)
from tests.home.drafts.looking import enter


@pytest.fixture
def publisher(db):
    return a_colleague("Publishers", "henrik")


@pytest.fixture
def winter(publisher):
    """A workspace of a publisher, who may do everything to pages and blocks."""
    return a_workspace("Winter", publisher, now=NOON)


@pytest.fixture
def publisher_inside(client, publisher, winter):
    client.force_login(publisher)
    enter(client, winter)
    return client
