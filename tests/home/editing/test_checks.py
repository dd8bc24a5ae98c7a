"""The system check that keeps a type of page from slipping past workspaces."""

import pytest
from wagtail.admin.viewsets.pages import PageViewSet, page_viewset_registry

from home.editing.checks import page_viewsets_know_workspaces
from home.editing.viewsets import WorkspacePageViewSet
from home.models import DynamicPage


@pytest.fixture
def registered(request):
    """A viewset for one type of page, for the time of a test."""

    def register(base: type) -> None:
        viewset = type("OwnViewSet", (base,), {"model": DynamicPage})()
        page_viewset_registry.register(DynamicPage, viewset)

    yield register
    page_viewset_registry.values_by_class.pop(DynamicPage, None)


def test_all_types_of_page_know_workspaces():
    assert page_viewsets_know_workspaces(None) == []


def test_a_viewset_of_wagtails_own_for_one_type_is_an_error(registered):
    registered(PageViewSet)

    (error,) = page_viewsets_know_workspaces(None)

    assert error.id == "home.E001"
    assert "OwnViewSet edits DynamicPage" in error.msg


def test_one_that_inherits_ours_is_none(registered):
    registered(WorkspacePageViewSet)

    assert page_viewsets_know_workspaces(None) == []
