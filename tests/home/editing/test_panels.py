"""The panels of an editor inside a workspace."""

from wagtail.admin.panels import CommentPanel, MultiFieldPanel, PublishingPanel

from home.editing.panels import for_workspace
from home.models import DynamicPage, LayoutBlock


def all_of(panel) -> list:
    found = [panel]
    for child in getattr(panel, "children", ()):
        found += all_of(child)
    return found


def test_comments_go_and_the_schedule_becomes_plain_fields():
    shared = DynamicPage.get_edit_handler()

    copied = all_of(for_workspace(shared))

    assert not [p for p in copied if isinstance(p, CommentPanel | PublishingPanel)]
    form = for_workspace(shared).get_form_class()
    assert {"go_live_at", "expire_at", "body", "title"} <= form.base_fields.keys()
    assert "comments" not in form.formsets


def test_the_shared_panels_stay_as_they_are():
    shared = DynamicPage.get_edit_handler()
    before = all_of(shared)

    for_workspace(shared)

    assert all_of(shared) == before
    assert [p for p in before if isinstance(p, CommentPanel)]
    assert "comments" in shared.get_form_class().formsets


def test_groups_that_lose_everything_go_too():
    group = MultiFieldPanel([MultiFieldPanel([CommentPanel()])])

    bound = for_workspace(group.bind_to_model(LayoutBlock))

    assert bound.children == []
