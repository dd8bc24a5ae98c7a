"""What reviewers say of a workspace: comments and verdicts. Under its lock, so that
what is counted and compared is what is written to."""

from datetime import datetime

from django.db import transaction

from home.drafts.errors import NotWhatWasConfirmed, TooMany, WorkspaceClosed
from home.drafts.items import items, set_digest
from home.models import DraftWorkspace, ReviewComment, ReviewVerdict, ShareLink

MOST_COMMENTS = 500
MOST_VERDICTS = 500


class NoSuchItem(LookupError):
    """The workspace has no such change, or has it no more."""


def _lock(link: ShareLink) -> DraftWorkspace:
    workspace = DraftWorkspace.objects.lock(link.workspace_id)
    if not workspace.is_open:
        raise WorkspaceClosed
    return workspace


@transaction.atomic
def comment(
    link: ShareLink, *, item: str, name: str, text: str, path: str, now: datetime
) -> ReviewComment:
    """Keep a sentence about one change, named by its key, or about the whole.

    Raises:
        NoSuchItem
        TooMany
        WorkspaceClosed
    """
    workspace = _lock(link)
    if item and item not in {change.key for change in items(workspace)}:
        raise NoSuchItem
    if workspace.comments.count() >= MOST_COMMENTS:
        raise TooMany
    return workspace.comments.create(
        link=link, item=item, name=name, text=text, path=path, at=now
    )


@transaction.atomic
def decide(
    link: ShareLink, *, name: str, answer: str, digest: str, now: datetime
) -> ReviewVerdict:
    """Keep what a reviewer decides about exactly the state that they have seen. They
    have one verdict on each state: another answer takes the place of the first.

    Raises:
        NotWhatWasConfirmed: it has changed since.
        TooMany
        WorkspaceClosed
    """
    workspace = _lock(link)
    if set_digest(items(workspace)) != digest:
        raise NotWhatWasConfirmed
    theirs = workspace.verdicts.filter(link=link, digest=digest, name__iexact=name)
    found = theirs.first()
    if found is None and workspace.verdicts.count() >= MOST_VERDICTS:
        raise TooMany
    if found is None:
        found = ReviewVerdict(workspace=workspace, link=link, name=name, digest=digest)
    if found.answer != answer:
        found.answer, found.at = answer, now
        found.save()
    return found
