"""The bar that says into which workspace the admin's editors save."""

from django import template

from home.editing.workspace import open_workspace

register = template.Library()


@register.inclusion_tag("home/editing/bar.html", takes_context=True)
def workspace_bar(context):
    request = context.get("request")
    workspace = open_workspace(request) if request else None
    if workspace is None:
        return {"workspace": None}
    return {
        "workspace": workspace,
        "is_saved_there": "ws_notices" in context,
        "overview_url": workspace.get_absolute_url(),
        "see_url": context.get("ws_see_url") or "/",
        "here": request.get_full_path(),
    }
