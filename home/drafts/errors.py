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
