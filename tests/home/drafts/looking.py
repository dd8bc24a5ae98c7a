"""How tests look at a page."""

import re

from django.test import Client

from home.drafts.viewing import AS_OF_KEY, OPEN_COOKIE, SESSION_KEY


def enter(client, workspace, as_of=None) -> None:
    """Let a logged-in test client look through a workspace, a moment, or both."""
    session = client.session
    session[SESSION_KEY] = str(workspace.uuid) if workspace else None
    session[AS_OF_KEY] = as_of.isoformat() if as_of else None
    session.save()
    client.cookies[OPEN_COOKIE] = "1"


def browser_with(cookies) -> Client:
    client = Client()
    client.cookies = cookies
    return client


BAR = re.compile(r'<section class="draft-bar".*?</section>', re.DOTALL)


def html(client, path="/") -> str:
    """The page without the bar, which names what the page must not show."""
    return BAR.sub("", whole(client, path))


def whole(client, path="/") -> str:
    return client.get(path).content.decode()
