"""What home.editing relies on inside Wagtail, beyond its documentation.

When an upgrade moves one of these, this file says which, and docs/decisions says why it
was relied on. Then look at the view or template concerned before changing the test.
"""

import inspect
from pathlib import Path

import pytest
import wagtail
from django.template.loader import get_template
from wagtail.admin.action_menu import (
    ActionMenuItem,
    PageActionMenu,
    PageLockedMenuItem,
    SaveDraftMenuItem,
)
from wagtail.admin.models import FormState
from wagtail.admin.ui.tables.pages import PageStatusColumn
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.preview import PreviewOnEdit
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.preview import PreviewOnCreateView, ViewDraftView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page
from wagtail.snippets.action_menu import LockedMenuItem
from wagtail.snippets.views import snippets

from home.editing.viewsets import BLOCK_DEEDS, PAGE_DEEDS
from home.models import LayoutBlock

WAGTAIL = Path(wagtail.__file__).parent


def parameters(function) -> list[str]:
    return list(inspect.signature(function).parameters)


def in_order(source, *parts) -> bool:
    """Whether the parts stand in the source, in this order."""
    text, place = inspect.getsource(source), 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
    return True


# Names and signatures

PAGE_FORM = {
    "action_name_and_method": None,
    "expects_json_response": None,
    "form_invalid": ["self", "form"],
    "form_valid": ["self", "form"],
    "get_context_data": ["self", "kwargs"],
    "get_edit_url": ["self"],
    "get_page_subtitle": ["self"],
    "get_preview_url": ["self"],
    "get_side_panels": ["self"],
    "header_more_buttons": None,
    "json_error_response": ["self", "error_code", "error_message"],
    "redirect_and_remain": ["self"],
    "render_to_response": ["self", "context", "response_kwargs"],
    "save_action": ["self"],
}
PAGE_EDITOR = PAGE_FORM | {
    "add_save_confirmation_message": ["self"],
    "dispatch": ["self", "request", "page_id", "kwargs"],
    "get_editing_sessions": ["self"],
    "get_history_url": ["self"],
    "get_object": ["self"],
    "get_template_names": ["self"],
    "is_cancelling_workflow": None,
    "is_out_of_date": None,
    "render_partials": ["self"],
}
PAGE_MAKER = PAGE_FORM | {
    "dispatch": [
        "self",
        "request",
        "content_type_app_name",
        "content_type_model_name",
        "parent_page_id",
    ],
    "get": ["self", "request"],
    "post": ["self", "request"],
}
BLOCK_FORM = {
    "form_valid": ["self", "form"],
    "get_available_actions": ["self"],
    "get_context_data": ["self", "kwargs"],
    "get_editing_sessions": ["self"],
    "get_edit_url": ["self"],
    "get_form_class": ["self"],
    "get_page_subtitle": ["self"],
    "get_panel": ["self"],
    "get_preview_url": ["self"],
    "get_side_panels": ["self"],
    "get_success_buttons": ["self"],
    "get_success_json": ["self"],
    "get_success_message": ["self", "instance"],
    "get_template_names": ["self"],
    "header_more_buttons": None,
    "is_out_of_date": None,
    "latest_revision": None,
    "latest_revision_created_at": None,
    "run_after_hook": ["self"],
    "save_instance": ["self"],
}
BLOCK_EDITOR = BLOCK_FORM | {
    "get_object": ["self", "queryset"],
    "object_pk": None,
    "render_partials": ["self"],
}
PREVIEW = {
    "get_extra_request_attrs": ["self"],
    "get_object": ["self"],
    "parent_object_id": None,
    "setup": ["self", "request", "args", "kwargs"],
}


@pytest.mark.parametrize(
    ("view", "names"),
    [
        (EditView, PAGE_EDITOR),
        (CreateView, PAGE_MAKER),
        (snippets.EditView, BLOCK_EDITOR),
        (snippets.CreateView, BLOCK_FORM),
        (PreviewOnEdit, PREVIEW),
        (PreviewOnCreateView, PREVIEW),
        (ViewDraftView, {"dispatch": ["self", "request", "page_id", "args", "kwargs"]}),
        (ExplorableIndexView, {"explorable_columns": None, "template_name": None}),
        (Page, {"from_serializable_data": ["data", "check_fks", "strict_fks"]}),
        (
            Page,
            {
                "make_preview_request": [
                    "self",
                    "original_request",
                    "preview_mode",
                    "extra_request_attrs",
                ]
            },
        ),
        (
            PageStatusColumn,
            {"get_cell_context_data": ["self", "instance", "parent_context"]},
        ),
        (ActionMenuItem, {"get_url": ["self", "parent_context"]}),
    ],
)
def test_names_and_signatures_are_where_they_were(view, names):
    missing = [name for name in names if not hasattr(view, name)]
    assert missing == []
    changed = {
        name: parameters(getattr(view, name))
        for name, expected in names.items()
        if expected is not None and parameters(getattr(view, name)) != expected
    }
    assert changed == {}


# The order of things


def test_the_page_editor_loads_its_page_before_its_panels():
    assert in_order(
        EditView.dispatch,
        "self.real_page_record =",
        "self.page = self.get_object()",
        "self.parent =",
        "can_edit()",
        "before_edit_page",
        "self.edit_handler =",
        "self.form_class = self.edit_handler.get_form_class()",
        "super().dispatch",
    )


def test_the_page_editor_saves_through_its_action():
    assert in_order(EditView.post, "self.is_out_of_date", "self.form_valid(self.form)")
    assert in_order(EditView.form_valid, "self.action_method()")
    assert in_order(EditView.action_method.fget, "self.action_name_and_method[1]")
    assert in_order(CreateView.form_valid, "self.action_method()")


def test_the_page_maker_makes_its_page_before_its_panels():
    assert in_order(
        CreateView.dispatch,
        "can_add_subpage()",
        "can_create_at",
        "before_create_page",
        "self.page = self.page_class(",
        "self.edit_handler =",
        "self.form_class = self.edit_handler.get_form_class()",
    )


def test_the_block_editor_loads_its_block_first_and_saves_in_one_place():
    from wagtail.admin.views.generic import mixins, models

    optional = mixins.CreateEditViewOptionalFeaturesMixin
    assert in_order(
        optional.setup,
        "self.object = self.get_object()",
        "self.lock =",
        "super().setup",
    )
    assert in_order(
        optional.form_valid,
        "transaction.atomic()",
        "self.object = self.save_instance()",
        "self.save_action()",
        "self.run_after_hook()",
    )
    assert in_order(mixins.PanelMixin.setup, "self.panel = self.get_panel()")
    assert in_order(models.EditView.get_success_json, "field_updates")


def test_a_preview_knows_its_object_and_its_place_before_anything_else():
    assert in_order(PreviewOnEdit.setup, "super().setup", "self.get_object()")
    assert in_order(
        PreviewOnEdit.get, "get_extra_request_attrs()", "make_preview_request"
    )
    assert in_order(PreviewOnCreateView.get_object, "id=self.parent_object_id")
    assert {"user", "parent_object_id", "object_id"} <= {
        field.name for field in FormState._meta.fields
    }


def test_a_snippets_revert_view_is_made_of_its_editor():
    made = snippets.SnippetViewSet.revisions_revert_view_class.fget
    assert in_order(made, "RevisionsRevertMixin, self.edit_view_class")


def test_menus_and_bulk_actions_ask_the_hooks():
    assert in_order(PageActionMenu.__init__, ".sort(", "construct_page_action_menu")
    menu = snippets.SnippetActionMenu.__init__
    assert in_order(menu, ".sort(", "construct_snippet_action_menu")
    assert in_order(BulkAction, "before_bulk_action", "before_hook_result is not None")
    assert (PageLockedMenuItem.name, LockedMenuItem.name) == (
        "action-page-locked",
        "action-locked",
    )


# Every view is accounted for: a new deed must not act on the live site from inside

PAGE_OURS = set(
    "add edit index preview_on_add preview_on_edit unpublish view_draft".split()
)
PAGE_LOOKING = set(
    "add_subpage choose_parent content_type_use content_type_use_results history"
    " history_results index_results revisions_compare revisions_view search"
    " search_results usage workflow_history workflow_history_detail"
    " workflow_preview".split()
)
BLOCK_OURS = set("add delete edit preview_on_add preview_on_edit".split())
BLOCK_LOOKING = set(
    "history history_results inspect list list_results revisions_compare"
    " revisions_view usage workflow_history workflow_history_detail"
    " workflow_preview".split()
)


def test_every_view_of_pages_is_ours_refused_or_harmless():
    assert set(PageViewSet().views) == PAGE_OURS | PAGE_LOOKING | set(PAGE_DEEDS)


def test_every_view_of_snippets_is_ours_refused_or_harmless():
    class Everything(snippets.SnippetViewSet):
        model = LayoutBlock
        copy_view_enabled = inspect_view_enabled = True
        inspect_view_class = snippets.InspectView

    names = {pattern.name for pattern in Everything().get_urlpatterns()}

    known = BLOCK_OURS | BLOCK_LOOKING | set(BLOCK_DEEDS) | {"revisions_revert"}
    assert names == known


# Templates


@pytest.mark.parametrize(
    ("template", "parts"),
    [
        (
            "pages/edit.html",
            [
                'id="page-edit-form"',
                "{% block bodyclass %}",
                "{% block content %}",
                "{% block partials %}",
                "data-edit-form",
            ],
        ),
        (
            "pages/create.html",
            ['id="page-edit-form"', "{% block content %}", "{% block partials %}"],
        ),
        (
            "generic/form.html",
            [
                'id="w-editor-form"',
                "{% block bodyclass %}",
                "{% block partials %}",
                "insert_editor_js",
            ],
        ),
        ("generic/base.html", ["{% block content %}"]),
        (
            "base.html",
            ["{% block furniture %}", 'class="content-wrapper'],
        ),
        ("admin_base.html", ["insert_global_admin_css"]),
        ("skeleton.html", ['class="wrapper"']),
        ("pages/explorable_index.html", ["wagtailadmin/pages/index.html"]),
        ("shared/page_status_tag.html", ["page"]),
        ("shared/header.html", ["title", "subtitle"]),
        ("generic/confirm_delete.html", ["serious"]),
    ],
)
def test_templates_have_the_parts_that_ours_build_on(template, parts):
    source = (WAGTAIL / "admin/templates/wagtailadmin" / template).read_text()

    assert [part for part in parts if part not in source] == []


def test_the_save_button_has_the_hooks_of_wagtails_own():
    theirs = get_template(SaveDraftMenuItem.template_name).template.source
    ours = get_template("home/editing/save_item.html").template.source
    hooks = [
        'data-controller="w-progress w-kbd"',
        'data-action="w-progress#activate"',
        'data-w-kbd-key-value="mod+s"',
        'data-w-kbd-scope-value="global"',
        'data-w-progress-target="label"',
        "button-longrunning__icon",
    ]

    assert [h for h in hooks if h not in theirs or h not in ours] == []


# Scripts and styles


def test_autosave_speaks_as_it_did():
    script = (WAGTAIL / "admin/static/wagtailadmin/js/core.js").read_text()
    words = [
        "invalid_revision",
        "field_updates",
        "hydrate_url",
        "overwrite_revision_id",
        "error_message",
        # It may be called off.
        'dispatch("save",{cancelable:!0',
        'dispatch("success"',
        'dispatch("error"',
        # It stops, and says so in our words.
        'dispatch("deactivated"',
        # The address changes to the one in the answer.
        "replaceState(null",
    ]

    assert [word for word in words if word not in script] == []


def test_the_frame_of_the_admin_has_the_classes_that_the_bar_moves():
    styles = (WAGTAIL / "admin/static/wagtailadmin/css/core.css").read_text()
    classes = [
        ".wrapper{",
        ".content-wrapper{",
        ".form-side{",
        ".sidebar,",
        ".w-field__comment-button{",
    ]

    assert [name for name in classes if name not in styles] == []
