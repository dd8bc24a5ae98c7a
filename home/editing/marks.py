"""What a form inside a workspace carries besides its content, and how it is answered
when the copy it was filled from is no longer the one that is kept.

``ws_token``    the workspace; checked before any view runs (see switching)
``ws_version``  the version of the copy; 0: there was none
``ws_base``     names what was published when the form was opened
``ws_entry``    the entry of a page that exists in the workspace only
``ws_overwrite``  the version that may be replaced, after somebody has seen that there
                is one; never from autosave
"""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from home.drafts import open as opening
from home.drafts.errors import Stale, WorkspaceClosed
from home.editing import refusals
from home.editing.panels import for_workspace
from home.editing.workspace import entered

DIGEST = re.compile(r"[0-9a-f]{64}")
TEMPLATE = "home/editing/editor.html"
# No version of anything: what came was no number.
UNKNOWN = -1


class InWorkspace:
    """What the editors of pages and of blocks share.

    ``kept_version`` is that of the copy as this request has read it, ``base`` the
    digest of what is published, ``see_url`` where the content shows.
    """

    base = ""
    conflict: Stale | None = None
    # Wagtail's template, and the id of the form in it.
    extends = ""
    form_id = ""

    # Of Wagtail's views, beside which this stands.
    request: HttpRequest
    expects_json_response: bool
    form: Any
    render_to_response: Callable

    @cached_property
    def workspace(self):
        return entered(self.request)

    @property
    def kept_version(self) -> int:
        return 0

    # Wagtail asks these of every editor

    def get_editing_sessions(self):
        """None: nobody else is told that the owner is here, nor asked to be careful."""

    def get_history_url(self):
        """None: the history is the published one's."""

    @property
    def header_more_buttons(self):
        return []

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.conflict:
            # It could only be refused again.
            context["autosave_enabled"] = False
        return context | {
            "ws_extends": self.extends,
            "ws_form_id": self.form_id,
            "ws_marks": self.marks(),
            "ws_notices": self.notices(),
            "ws_conflict": self.conflict,
            "ws_see_url": self.see_url,
            "ws_latest_url": self.latest_url,
        }

    # Marks

    def marks(self) -> dict[str, str]:
        """The hidden fields. A form that comes back keeps what it came with: with the
        newest version in it, its next autosave would overwrite the other window."""
        given = self.request.POST
        return {
            "ws_token": str(self.workspace.pk),
            "ws_version": given.get("ws_version", str(self.kept_version)),
            "ws_base": given.get("ws_base", self.base),
        }

    def notices(self) -> list[dict]:
        return []

    @property
    def see_url(self) -> str:
        return "/"

    @property
    def latest_url(self) -> str:
        """The editor with what is kept now, for another tab."""
        return self.request.get_full_path()

    @property
    def replaced_version(self) -> int:
        """The version that this save may replace."""
        given = self.request.POST.get("ws_version", "")
        if not self.expects_json_response:
            given = self.request.POST.get("ws_overwrite", given)
        return int(given) if given.isdecimal() else UNKNOWN

    @property
    def seen_base(self) -> str:
        given = self.request.POST.get("ws_base", "")
        return given if DIGEST.fullmatch(given) else ""

    # Answers

    def refuse(self, error: Stale | WorkspaceClosed):
        """The form again with the text in it, or the reason alone for autosave."""
        if isinstance(error, WorkspaceClosed):
            return refusals.closed(self.request)
        text = _("Another window has saved this since you opened it here.")
        if self.expects_json_response:
            return refusals.json_refusal(
                f"{text} {_('Press Save to see what you can do.')}"
            )
        self.conflict = error
        self.has_unsaved_changes = True
        response = self.render_to_response(self.get_context_data())
        response.status_code = 409
        return response

    def was_saved(self, now) -> None:
        opening.keep(self.workspace, now=now)


class PanelsForWorkspace:
    """An editor whose core assigns ``edit_handler``: the copy takes its place."""

    @property
    def edit_handler(self):
        return self._edit_handler

    @edit_handler.setter
    def edit_handler(self, panel):
        self._edit_handler = for_workspace(panel)


def same_or_raise(kept, digest: str):
    """The kept copy, when it says what was to be saved: autosave was quicker than the
    press on Save. To be called while ``Stale`` is handled, which is raised again."""
    if kept and kept.digest == digest:
        return kept
    raise
