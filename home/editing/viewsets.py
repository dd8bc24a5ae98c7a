"""Where the views stand: in the places that Wagtail's viewsets have for them."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from home.editing import blocks, new_pages, pages, previews, refusals, removals
from home.editing.listing import WorkspaceIndexView
from home.editing.switching import live_only, refused_inside, switched

# Deeds on the live site, by the names that viewsets have for their views.
PAGE_DEEDS = (
    "collect_workflow_action_data confirm_workflow_cancellation convert_alias copy"
    " delete lock move move_confirm revisions_revert revisions_unschedule"
    " set_page_position set_privacy unlock workflow_action".split()
)
BLOCK_DEEDS = (
    "collect_workflow_action_data confirm_workflow_cancellation copy lock"
    " revisions_unschedule unlock unpublish workflow_action".split()
)
ADVICE = {
    "delete": _(
        "A workspace does not delete pages. Take the page off the site in the "
        "workspace, or close the workspace and delete it for everybody."
    ),
    "unpublish": _(
        "Switch the block off in the workspace (“switched on”), or remove it there: "
        "then visitors lose it when the workspace is published."
    ),
    "revisions_revert": _(
        "An older version would become everybody’s draft. Close the workspace first; "
        "then take the draft into the workspace, if it belongs there."
    ),
}


def refusing(*names):
    """Let a viewset refuse these deeds on the live site inside a workspace."""

    def decorate(viewset: type) -> type:
        for name in names:
            attribute = f"{name}_view_class"
            view = live_only(getattr(viewset, attribute), ADVICE.get(name))
            setattr(viewset, attribute, view)
        return viewset

    return decorate


def _switched(viewset: type, name: str, ours: type, refuse=refusals.other_mode) -> type:
    return switched(getattr(viewset, f"{name}_view_class"), ours, refuse)


@refusing(*PAGE_DEEDS)
class WorkspacePageViewSet(PageViewSet):
    """For every type of page. One made for a single type has to inherit it, or its
    editor would know nothing of workspaces (see checks)."""

    edit_view_class = _switched(PageViewSet, "edit", pages.WorkspaceEditView)
    add_view_class = _switched(PageViewSet, "add", new_pages.WorkspaceCreateView)
    index_view_class = _switched(PageViewSet, "index", WorkspaceIndexView)
    preview_on_edit_view_class = _switched(
        PageViewSet,
        "preview_on_edit",
        previews.PreviewWorkspacePage,
        refusals.other_mode_preview,
    )
    preview_on_add_view_class = _switched(
        PageViewSet,
        "preview_on_add",
        previews.PreviewNewPage,
        refusals.other_mode_preview,
    )
    view_draft_view_class = _switched(
        PageViewSet, "view_draft", previews.ViewWorkspaceDraft
    )
    unpublish_view_class = _switched(
        PageViewSet, "unpublish", removals.TakeOffPage, refusals.other_mode_deed
    )


@refusing(*BLOCK_DEEDS)
class BlocksInWorkspace(SnippetViewSet):
    """For the viewset of layout blocks."""

    edit_view_class = _switched(SnippetViewSet, "edit", blocks.WorkspaceEditBlockView)
    add_view_class = _switched(SnippetViewSet, "add", blocks.WorkspaceCreateBlockView)
    preview_on_edit_view_class = _switched(
        SnippetViewSet,
        "preview_on_edit",
        blocks.PreviewWorkspaceBlock,
        refusals.other_mode_preview,
    )
    preview_on_add_view_class = _switched(
        SnippetViewSet,
        "preview_on_add",
        blocks.PreviewNewBlock,
        refusals.other_mode_preview,
    )
    delete_view_class = _switched(
        SnippetViewSet, "delete", removals.RemoveBlock, refusals.other_mode_deed
    )

    @property
    def revisions_revert_view(self):
        # Its class is made of the editor's, so it has no attribute to put ours into.
        return refused_inside(super().revisions_revert_view, ADVICE["revisions_revert"])
