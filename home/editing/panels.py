"""An editor's panels without what belongs to Wagtail's shared draft alone."""

from copy import copy
from functools import cache

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    MultiFieldPanel,
    Panel,
    PanelGroup,
    PublishingPanel,
)


@cache
def for_workspace(panel: Panel) -> Panel:
    """A copy of a bound panel, the shared one untouched: comments (kept with revisions,
    seen by everybody) left out, the schedule as plain fields, because the dialog it
    has otherwise belongs to the status panel."""
    if not isinstance(panel, PanelGroup):
        return panel
    copied = copy(panel)
    copied.__dict__.pop("child_identifiers", None)
    children = (_child(child) for child in panel.children)
    copied.children = [child for child in children if child is not None]
    return copied


def _child(panel: Panel) -> Panel | None:
    if isinstance(panel, CommentPanel):
        return None
    if isinstance(panel, PublishingPanel):
        return _schedule().bind_to_model(panel.model)
    child = for_workspace(panel)
    is_empty = isinstance(child, PanelGroup) and not child.children
    return None if is_empty else child


def _schedule() -> Panel:
    return MultiFieldPanel(
        [FieldPanel("go_live_at"), FieldPanel("expire_at")], heading=_("Schedule")
    )
