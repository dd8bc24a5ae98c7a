"""A type of page must not slip past workspaces."""

from django.core.checks import Error, register

HINT = "Let it inherit home.editing.viewsets.WorkspacePageViewSet."


@register
def page_viewsets_know_workspaces(app_configs, **kwargs):
    """Every viewset of pages inherits ours: another one's editor would save everybody's
    draft while its user believes to be inside a workspace."""
    from home.editing.viewsets import WorkspacePageViewSet

    return [
        Error(
            f"{type(viewset).__name__} edits {viewset.model.__name__} outside of draft"
            " workspaces.",
            hint=HINT,
            obj=viewset.model,
            id="home.E001",
        )
        for viewset in page_viewsets()
        if not isinstance(viewset, WorkspacePageViewSet)
    ]


def page_viewsets() -> set:
    """Those that answer for a type of page, as Wagtail finds them for a request."""
    # Importing its addresses makes Wagtail register every viewset.
    import wagtail.admin.urls  # noqa: F401
    from wagtail.admin.viewsets.pages import page_viewset_registry
    from wagtail.models import get_page_models

    return {page_viewset_registry.get_by_type(model) for model in get_page_models()}
