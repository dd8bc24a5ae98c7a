"""`make check`: no file of ours names a package index or a place on someone's disk."""

import re
import subprocess
import sys
from pathlib import Path

from site_config.terminal import say

FORBIDDEN = {
    "a package registry": re.compile(
        r"(https?://|//)[\w.-]*(pypi|pythonhosted|npmjs|yarnpkg|artifactory|nexus)[\w.-]*/"
        r"|--(extra-)?index-url|--find[-]links|--trusted[-]host"
    ),
    "a path on one machine": re.compile(
        r"(?<![\w.])/(home|root|Users|work|opt/wheels|private/tmp)/[\w.-]+/"
    ),
}
# The one file that has to spell out what it looks for.
EXEMPT = {"tests/tracked_files.py"}


def complaints(root: Path) -> list[str]:
    """`file:line: what it names` for every line that must not be there."""
    found = []
    for name in sorted(_files(root) - EXEMPT):
        try:
            lines = (root / name).read_text().splitlines()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for number, line in enumerate(lines, start=1):
            for what, pattern in FORBIDDEN.items():
                if pattern.search(line):
                    found.append(f"{name}:{number}: names {what}")
    return found


def _files(root: Path) -> set[str]:
    """Tracked, and about to be: everything that .gitignore does not exclude."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(filter(None, listing.stdout.split("\0")))


if __name__ == "__main__":
    found = complaints(Path(__file__).resolve().parent.parent)
    say("\n".join(found or ["No file names a registry or a machine's path."]))
    sys.exit(bool(found))
