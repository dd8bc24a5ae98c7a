"""What an editor can put right. The words are in templates and views."""


class DraftError(Exception):
    """Something about a workspace that its owner has to know."""


class WorkspaceClosed(DraftError):
    """The workspace was published, scheduled or thrown away in the meantime."""


class Stale(DraftError):
    """The copy has been saved by another window since this one read it.

    Attributes:
        version: the version that is kept now
    """

    def __init__(self, version: int):
        super().__init__(f"version {version} is kept now")
        self.version = version


class Locked(DraftError):
    """Somebody has locked the block, or it waits for something else.

    Attributes:
        block: the published one
        who: whoever has locked it; empty when nobody in particular has
    """

    def __init__(self, block, who: str):
        super().__init__(str(block))
        self.block = block
        self.who = who


class NotWhatWasConfirmed(DraftError):
    """The workspace has changed since somebody agreed to publish it."""


class Refused(DraftError):
    """Publishing would be wrong at present.

    Attributes:
        problems: everything that was found (``home.drafts.checks.Problem``)
    """

    def __init__(self, problems: list):
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class TooMany(DraftError):
    """There are as many of them as are kept."""


class Busy(DraftError):
    """Somebody else holds the same pages or blocks; nothing has been changed."""


class TooLate(DraftError):
    """The hour that was chosen has passed already."""
