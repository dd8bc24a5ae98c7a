"""The admin's first look: workspaces that wait for somebody."""

from django.utils import timezone
from wagtail.admin.ui.components import Component

from home.drafts.problems import person
from home.models import DraftWorkspace

AT_MOST = 8


class WorkspacesPanel(Component):
    """To publishers what was handed over to them; to owners what was refused."""

    name = "workspaces"
    order = 30
    template_name = "home/drafts/office/workspaces_panel.html"

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context):
        workspaces = DraftWorkspace.objects.select_related("owner")
        waiting = workspaces.none()
        if self.user.has_perm("home.publish_draftworkspace"):
            waiting = workspaces.filter(
                state=DraftWorkspace.State.OPEN, handed_over_at__isnull=False
            ).order_by("handed_over_at", "pk")
        refused = workspaces.open().of(self.user).exclude(refusal=[])
        return {
            "waiting": [(found, person(found.owner)) for found in waiting[:AT_MOST]],
            "refused": list(refused[:AT_MOST]),
            "now": timezone.now(),
        }
