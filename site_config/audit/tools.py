"""What the audit needs that Python does not bring: Node, Java, Chromium, and two
packages of npm in exact versions, which it fetches itself into a folder of its own."""

import json
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from site_config.browser import find_browser
from site_config.servers.server import die_with_parent

PACKAGES = {"lighthouse": "13.5.0", "vnu-jar": "26.9.27"}
# Quiet, and nothing written outside the folder: no lock file, no list, no script run.
INSTALL = [
    *("install", "--no-save", "--no-package-lock", "--ignore-scripts"),
    *("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"),
]


class ToolError(Exception):
    """What is missing or does not work: sentences for the user."""


@dataclass(frozen=True)
class Tools:
    """Programs by path, and the folder that holds `node_modules`."""

    node: str
    java: str
    browser: str
    folder: Path

    @property
    def lighthouse(self) -> list[str]:
        return [self.node, str(self._in("lighthouse", "cli/index.js"))]

    @property
    def vnu(self) -> list[str]:
        return [self.java, "-jar", str(self._in("vnu-jar", "build/dist/vnu.jar"))]

    def _in(self, package: str, path: str) -> Path:
        return self.folder / "node_modules" / package / path

    def told(self, command: Sequence[str], *, within_s: float) -> dict:
        """What a program says in JSON; home and working files are inside the folder.
        It has ended then, and so has all that it started.

        Raises:
            ToolError: it took longer, or said something else.
        """
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=os.environ
            | {
                "CHROME_PATH": self.browser,
                "HOME": str(self.folder),
                "TMPDIR": str(self.folder / "tmp"),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        try:
            said, complained = process.communicate(timeout=within_s)
            return json.loads(said)
        except subprocess.TimeoutExpired:
            raise ToolError(
                f"No answer in {within_s} s: {shlex.join(command)}"
            ) from None
        except ValueError:
            why = _last_lines(complained)
            raise ToolError(f"No result: {shlex.join(command)}\n{why}") from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


# {program: (how it is found, the sentence when it is not)}
NEEDED: dict[str, tuple[Callable[[], str | None], str]] = {
    "node": (
        partial(shutil.which, "node"),
        "Node is missing: Lighthouse runs in it (version 22 or newer is best).",
    ),
    "npm": (
        partial(shutil.which, "npm"),
        "npm is missing: it fetches Lighthouse and the HTML checker.",
    ),
    "java": (
        partial(shutil.which, "java"),
        "Java is missing: the HTML checker runs in it (version 11 or newer).",
    ),
    "browser": (
        find_browser,
        "Chromium is missing: Lighthouse looks at pages with it.",
    ),
}


def ready(folder: Path) -> Tools:
    """Everything the audit needs, its packages fetched if they are not there yet.

    Raises:
        ToolError: one sentence for each program that is missing, or npm's own words.
    """
    found = {name: find() for name, (find, _) in NEEDED.items()}
    missing = [sentence for name, (_, sentence) in NEEDED.items() if not found[name]]
    if missing:
        raise ToolError("\n".join(missing))
    paths = {name: path or "" for name, path in found.items()}
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    if any(version(folder, name) != wanted for name, wanted in PACKAGES.items()):
        _fetch(paths["npm"], folder)
    return Tools(paths["node"], paths["java"], paths["browser"], folder)


def version(folder: Path, package: str) -> str:
    """Which version of a package is in the folder; empty: none."""
    try:
        told = (folder / "node_modules" / package / "package.json").read_text()
        return json.loads(told)["version"]
    except (OSError, ValueError, KeyError):
        return ""


def _fetch(npm: str, folder: Path) -> None:
    wanted = [f"{name}@{number}" for name, number in PACKAGES.items()]
    fetched = subprocess.run(
        [npm, *INSTALL, f"--prefix={folder}", f"--cache={folder / 'cache'}", *wanted],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder / "tmp")},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    if fetched.returncode:
        why = _last_lines(fetched.stderr)
        raise ToolError(f"npm could not fetch {' and '.join(wanted)}:\n{why}")


def _last_lines(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-5:])
