"""Letters to the owners of workspaces. A letter is a job, deferred in the transaction
that it tells of."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from home.models import DraftWorkspace

# 2 s, 4 s, 8 s … together about nine hours, should the mail server be down.
PATIENCE = RetryStrategy(max_attempts=13, exponential_wait=2)


@app.task(name="home.send_refusal", retry=PATIENCE)
def send_refusal(workspace_id: int, at: str) -> None:
    """Tell the owner why a scheduled workspace was not published. ``at`` tells this
    letter from others of its kind."""
    _send("email/workspace_refused", workspace_id, at)


@app.task(name="home.send_expiry_warning", retry=PATIENCE)
def send_expiry_warning(workspace_id: int, at: str) -> None:
    """Tell the owner that an unused workspace will be thrown away."""
    _send("email/workspace_expires", workspace_id, at)


def _send(template: str, workspace_id: int, at: str) -> None:
    """Nothing for a workspace, or an owner, that is gone by now."""
    workspaces = DraftWorkspace.objects.select_related("owner")
    workspace = workspaces.filter(pk=workspace_id, owner__is_active=True).first()
    if workspace is None or workspace.owner is None or not workspace.owner.email:
        return
    context = {
        "workspace": workspace,
        "admin_url": settings.PUBLIC_URL + reverse("wagtailadmin_home"),
    }
    subject = render_to_string(f"{template}.subject.txt", context)
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    stamp = f"{datetime.fromisoformat(at):%Y%m%d%H%M%S}"
    EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{template}.txt", context),
        to=[workspace.owner.email],
        # The same for the same letter, should a worker die before it is noted.
        headers={"Message-ID": f"<workspace.{workspace.uuid}.{stamp}@{host}>"},
    ).send()
