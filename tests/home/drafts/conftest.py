"""A small site with a page and an announcement, an editor with an open workspace, and
visitors who must never see it.

Each test gets its own, but for modules that name one of the fixtures ``…_once``: there
it is built before the first test, and stands there in every test of the module.
"""

from copy import deepcopy

import pytest
from django.test import Client

from tests.builders import NOON, a_colleague, a_workspace, an_announcement, an_info_page
from tests.home.drafts.looking import enter

ONCE = "_once"


@pytest.fixture(scope="module")
def page_once(module_db):
    return an_info_page("About us", text="Four of us.")


@pytest.fixture(scope="module")
def announcement_once(module_db):
    return an_announcement("Free delivery from €80.")


@pytest.fixture(scope="module")
def editor_once(module_db):
    return a_colleague("Editors", "sofia")


@pytest.fixture(scope="module")
def publisher_once(module_db):
    return a_colleague("Publishers", "henrik")


@pytest.fixture(scope="module")
def workspace_once(editor_once):
    return a_workspace("Autumn campaign", editor_once, now=NOON)


@pytest.fixture(scope="module")
def inside_once(editor_once, workspace_once):
    return cookies_inside(editor_once, workspace_once)


def cookies_inside(user, workspace):
    """What the browser of somebody holds who looks through a workspace."""
    client = Client()
    client.force_login(user)
    enter(client, workspace)
    return client.cookies


@pytest.fixture
def built(request, db) -> dict:
    """{name: a copy, for this test, of what its module has built once}"""
    names = [name for name in request.fixturenames if name.endswith(ONCE)]
    all_of_it = {name: request.getfixturevalue(name) for name in names}
    copies = deepcopy(all_of_it)
    return {name.removesuffix(ONCE): copy for name, copy in copies.items()}


@pytest.fixture
def page(built):
    return built.get("page") or an_info_page("About us", text="Four of us.")


@pytest.fixture
def announcement(built):
    return built.get("announcement") or an_announcement("Free delivery from €80.")


@pytest.fixture
def editor(built):
    return built.get("editor") or a_colleague("Editors", "sofia")


@pytest.fixture
def publisher(built):
    return built.get("publisher") or a_colleague("Publishers", "henrik")


@pytest.fixture
def workspace(built, editor):
    return built.get("workspace") or a_workspace("Autumn campaign", editor, now=NOON)


@pytest.fixture
def inside(client, built, editor, workspace):
    """The editor's browser, looking through the open workspace."""
    client.cookies = built.get("inside") or cookies_inside(editor, workspace)
    return client


@pytest.fixture
def visitor():
    return Client()
