"""The site of the draft tests, seen from the admin."""

import pytest

from tests.builders import NOON, a_workspace
from tests.home.drafts.conftest import (  # noqa: F401
    announcement,
    announcement_once,
    built,
    cookies_inside,
    editor,
    editor_once,
    inside,
    inside_once,
    page,
    page_once,
    publisher,
    publisher_once,
    visitor,
    workspace,
    workspace_once,
)
from tests.home.drafts.looking import browser_with
from tests.home.editing.typing import block_editor, opened, page_editor


@pytest.fixture
def winter(publisher):  # noqa: F811
    """A workspace of a publisher, who may do everything to pages and blocks."""
    return a_workspace("Winter", publisher, now=NOON)


@pytest.fixture
def publisher_inside(client, publisher, winter):  # noqa: F811
    client.cookies = cookies_inside(publisher, winter)
    return client


# What a browser holds that has opened an editor where nobody has typed yet


@pytest.fixture(scope="module")
def page_form_once(inside_once, page_once):  # noqa: F811
    return opened(browser_with(inside_once), page_editor(page_once))


@pytest.fixture(scope="module")
def block_form_once(inside_once, announcement_once):  # noqa: F811
    return opened(browser_with(inside_once), block_editor(announcement_once))


@pytest.fixture
def page_form(built):  # noqa: F811
    """The fields of the page's editor, inside the workspace."""
    return built["page_form"]


@pytest.fixture
def block_form(built):  # noqa: F811
    """The fields of the announcement's editor, inside the workspace."""
    return built["block_form"]
