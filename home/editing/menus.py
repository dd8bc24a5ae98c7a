"""What the editors offer inside a workspace beside typing, and where Wagtail's own
editors offer to go on in one."""

from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.widgets.button import Button

from home.editing.workspace import open_workspace
from home.models import LayoutBlock

LOCKED = {"action-page-locked", "action-locked"}
MAY_DRAFT = "home.change_draftworkspace"


class SaveItem(ActionMenuItem):
    name = "action-save-draft"
    label = _("Save in the workspace")
    template_name = "home/editing/save_item.html"


class ReviewItem(ActionMenuItem):
    name = "review-workspace"
    label = _("Review and publish workspace…")
    icon_name = "view"

    def get_url(self, parent_context):
        return open_workspace(parent_context["request"]).get_absolute_url()


class RemoveItem(ActionMenuItem):
    """Leads to the page that asks first."""

    name = "remove-in-workspace"
    icon_name = "bin"

    def __init__(self, label, url):
        super().__init__()
        self.label, self.url = label, url

    def get_url(self, parent_context):
        return self.url


class IntoWorkspaceItem(ActionMenuItem):
    name = "into-workspace"
    label = _("Edit in a draft workspace…")
    icon_name = "draft"

    def get_url(self, parent_context):
        return into_workspace("block", parent_context["instance"].pk)


def into_workspace(kind: str, pk: int) -> str:
    return reverse("home:drafts:into_workspace", args=[kind, pk])


def page_menu(items: list, request, context: dict) -> None:
    if not open_workspace(request):
        return
    page = context.get("page")
    items[:] = _inside(items)
    if page and page.live and not page.alias_of_id:
        url = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
        items.append(RemoveItem(_("Take off the site in this workspace…"), url))


def block_menu(items: list, request, context: dict) -> None:
    if not issubclass(context["model"], LayoutBlock):
        return
    block = context.get("instance")
    if not open_workspace(request):
        if block and request.user.has_perm(MAY_DRAFT):
            items.append(IntoWorkspaceItem())
        return
    items[:] = _inside(items)
    if block:
        url = reverse("wagtailsnippets_home_layoutblock:delete", args=[quote(block.pk)])
        items.append(RemoveItem(_("Remove in this workspace…"), url))


def _inside(items: list) -> list:
    """Saving first; nothing that publishes, submits or approves."""
    locked = [item for item in items if item.name in LOCKED]
    return [*(locked or [SaveItem()]), ReviewItem()]


def page_header_buttons(page, user, view_name, next_url=None):
    """In Wagtail's own editor and in the explorer: the way into a workspace."""
    may = user.has_perm(MAY_DRAFT) and page.permissions_for_user(user).can_edit()
    if may and not page.is_root() and not page.alias_of_id:
        yield _button("page", page.pk)


def block_listing_buttons(block, user, next_url=None):
    if isinstance(block, LayoutBlock) and user.has_perm(MAY_DRAFT):
        yield _button("block", block.pk)


def _button(kind: str, pk: int) -> Button:
    label, url = IntoWorkspaceItem.label, into_workspace(kind, pk)
    return Button(label, url=url, icon_name=IntoWorkspaceItem.icon_name, priority=12)
