from django.contrib.auth.models import Permission
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet
from wagtail_modeladmin.options import modeladmin_register

from home import slugs
from home.blocks.faults import faults
from home.drafts import history
from home.drafts.panels import WorkspacesPanel
from home.editing import mounting
from home.editing.viewsets import BlocksInWorkspace
from home.models import LayoutBlock
from home.newsletter.office import NewsletterSubscriberAdmin
from home.office.order import LeadsToOrder, OrderedByPosition
from home.office.permissions import ByPosition, GuardedByPosition
from home.office.why import ExplainsBlocks, WhyColumn
from home.positions import PERMISSIONS, may_change_position
from home.rich_text import LoadedPageLinks, LoadedPictures

modeladmin_register(NewsletterSubscriberAdmin)

# Before the viewset asks for it.
register_permission_policy(LayoutBlock, ByPosition(LayoutBlock), exact_class=True)


class LayoutBlockIndexView(LeadsToOrder, ExplainsBlocks, IndexView):
    """The list says of each block whether it is shown, and leads to their order."""


@hooks.register("before_move_page")
def say_why_not_there(request, page, destination):
    """Wagtail would refuse as well, without a reason."""
    if complaint := slugs.complaint(page.slug, destination):
        messages.error(request, complaint)
        return redirect("wagtailadmin_pages:move", page.pk)
    return None


@hooks.register("register_permissions")
def offer_position_permissions():
    """On the page of a group, where Wagtail offers only what it knows itself."""
    codenames = [codename for codename, _name in PERMISSIONS]
    return Permission.objects.filter(
        content_type__app_label="home", codename__in=codenames
    )


@hooks.register("may_publish_position")
def may_publish_position(user, position):
    return may_change_position(user, position)


@hooks.register("register_log_actions")
def log_workspaces(actions):
    history.register(actions)


class WorkspacesMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("home.change_draftworkspace")


@hooks.register("register_admin_menu_item")
def list_workspaces():
    return WorkspacesMenuItem(
        _("Draft workspaces"),
        reverse("home:drafts:list"),
        name="draft-workspaces",
        icon_name="copy",
        order=140,
    )


@hooks.register("construct_homepage_panels")
def show_workspaces(request, panels):
    if request.user.has_perm("home.view_draftworkspace"):
        panels.append(WorkspacesPanel(request.user))


mounting.mount()


@register_snippet
class LayoutBlockViewSet(
    GuardedByPosition, OrderedByPosition, BlocksInWorkspace, SnippetViewSet
):
    """Announcement, menu, footer and their like, in the order of their places."""

    model = LayoutBlock
    icon = "grip"
    menu_label = _("Layout")
    menu_name = "layout"
    menu_order = 150
    add_to_admin_menu = True
    list_display = [
        "title",
        Column(
            "position",
            accessor="get_position_display",
            label=_("Place"),
            sort_key="position",
        ),
        "sort_order",
        WhyColumn(),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    index_view_class = LayoutBlockIndexView
    list_filter = ["position", "is_active", "live"]
    ordering = ["position", "sort_order", "pk"]
    copy_view_enabled = False


@hooks.register("register_rich_text_features", order=100)
def load_with_the_page(features):
    """In place of Wagtail's own handlers, which ask for the objects of each text."""
    features.register_link_type(LoadedPageLinks)
    features.register_embed_type(LoadedPictures)


@hooks.register("before_edit_page")
def tell_of_faults(request, page):
    """Say which blocks shoppers do not see, and why."""
    _tell_of_faults(request, page, "body")


@hooks.register("before_edit_snippet")
def tell_of_faults_in_layout(request, instance):
    if isinstance(instance, LayoutBlock):
        _tell_of_faults(request, instance, "content")


def _tell_of_faults(request, edited, field: str) -> None:
    if request.method != "GET" or not hasattr(edited, field):
        return
    latest = edited.get_latest_revision_as_object()
    if found := faults(getattr(latest, field)):
        told = gettext("Shoppers do not see everything: %(faults)s")
        messages.warning(request, told % {"faults": " ".join(found)})
