"""Tell Wagtail where the views, menus and files are."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from home.editing import menus, refusals
from home.editing.viewsets import WorkspacePageViewSet
from home.editing.workspace import open_workspace
from home.models import LayoutBlock

# After everybody else's items, which are left out.
LAST = 10_000


def mount() -> None:
    page_views = WorkspacePageViewSet()
    hooks.register("register_admin_viewset", lambda: page_views)
    hooks.register("construct_page_action_menu", menus.page_menu, order=LAST)
    hooks.register("construct_snippet_action_menu", menus.block_menu, order=LAST)
    hooks.register("register_page_header_buttons", menus.page_header_buttons)
    hooks.register("register_snippet_listing_buttons", menus.block_listing_buttons)
    hooks.register("before_bulk_action", refuse_in_bulk)
    hooks.register("insert_global_admin_css", styles)
    hooks.register("insert_editor_js", scripts)


def refuse_in_bulk(request, action_type, objects, action):
    """Bulk actions have addresses of their own, and all of them act at once."""
    if issubclass(action.model, Page | LayoutBlock) and open_workspace(request):
        advice = _(
            "Bulk actions change the live site at once. Close the workspace first, or "
            "stage the change page by page."
        )
        return refusals.live_only(request, advice)
    return None


def styles():
    return format_html('<link rel="stylesheet" href="{}">', static("home/editing.css"))


def scripts():
    address = static("home/editing.js")
    return format_html('<script type="module" src="{}"></script>', address)
