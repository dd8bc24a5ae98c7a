"""A small site with a page and an announcement, an editor with an open workspace, and
visitors who must never see it."""

import pytest
from django.test import Client

from tests.builders import NOON, a_colleague, a_workspace, an_announcement, an_info_page
from tests.home.drafts.looking import enter


@pytest.fixture
def page(db):
    return an_info_page("About us", text="Four of us.")


@pytest.fixture
def announcement(db):
    return an_announcement("Free delivery from €80.")


@pytest.fixture
def editor(db):
    return a_colleague("Editors", "sofia")


@pytest.fixture
def publisher(db):
    return a_colleague("Publishers", "henrik")


@pytest.fixture
def workspace(editor):
    return a_workspace("Autumn campaign", editor, now=NOON)


@pytest.fixture
def inside(client, editor, workspace):
    """The editor's browser, looking through the open workspace."""
    client.force_login(editor)
    enter(client, workspace)
    return client


@pytest.fixture
def visitor():
    return Client()
