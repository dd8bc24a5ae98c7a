"""`make` runs this with any Python >= 3.11: `.venv` as `requirements.lock` says.

Only the standard library is here to help. pip reads the user's own configuration;
no index is named anywhere.
"""

import fcntl
import hashlib
import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from site_config.terminal import complain, say

PROJECT = Path(__file__).resolve().parent.parent
LOCK = PROJECT / "requirements.lock"
VENV = PROJECT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
# Which lock is installed. Written last: an interrupted installation has none.
STAMP = VENV / "installed.sha256"
TOOLS = {"pip", "setuptools", "wheel"}
QUIET_S = 3


class NotInstalled(Exception):
    """Why there is no environment: one sentence a user can act on."""


def build() -> None:
    """Make `.venv` match the lock; at once back when it already does.

    Raises:
        NotInstalled: one sentence for the user.
    """
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if _is_installed(wanted):
        return
    with LOCK.open() as lock:
        # Two `make` at once on a fresh clone: the second waits for the first.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_installed(wanted):
            _install()
            STAMP.write_text(wanted)


def _is_installed(wanted: str) -> bool:
    try:
        return STAMP.read_text() == wanted and VENV_PYTHON.exists()
    except OSError:
        return False


def _install() -> None:
    began = time.monotonic()
    say(f"Making .venv with Python {sys.version.split()[0]}")
    STAMP.unlink(missing_ok=True)
    if not _answers("-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"):
        _make_venv()
    _install_packages()
    _remove_what_the_lock_does_not_name()
    say(f"Packages installed in {time.monotonic() - began:.0f} s")


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401 - Debian packs it apart from Python
        import venv
    except ImportError as error:
        raise NotInstalled(
            f"{sys.executable} lacks the {error.name} module: install it "
            f"(Debian, Ubuntu: apt install python3-venv), then run make again."
        ) from error
    try:
        venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotInstalled(f".venv cannot be made: {error}.") from error


def _install_packages() -> None:
    """pip, with a sign of life at least every few seconds."""
    total = len(_names_in_lock())
    options = ["--require-hashes", "--no-deps", "--prefer-binary"]
    options += ["--progress-bar", "off", "--requirement", str(LOCK)]
    output_fd, pip_end = os.pipe()
    pip = subprocess.Popen(
        [VENV_PYTHON, "-m", "pip", "install", *options],
        cwd=PROJECT,
        env=_environment(),
        stdout=pip_end,
        stderr=subprocess.STDOUT,
    )
    os.close(pip_end)
    kept: list[str] = []
    found = 0
    for line in _lines(output_fd):
        if line is None:
            say(".", end="")
            continue
        kept.append(line)
        if re.match(r"(Collecting|Processing|Requirement already|Ignoring) ", line):
            found += 1
            if found % 10 == 0 or found == total:
                say(f"  {found} of {total} packages found")
        elif line.startswith("Installing collected"):
            say("  installing them", end="")
        elif line.startswith("Successfully"):
            say()
    if pip.wait():
        complain("\n".join(["", *kept[-25:]]))
        raise NotInstalled(_why(kept))


def _lines(output_fd: int) -> Iterator[str | None]:
    """Each line of output, and None for every few seconds without one."""
    pending = b""
    while True:
        readable, _, _ = select.select([output_fd], [], [], QUIET_S)
        if not readable:
            yield None
            continue
        chunk = os.read(output_fd, 65536)
        if not chunk:
            return
        *lines, pending = (pending + chunk).split(b"\n")
        yield from (line.decode(errors="replace").rstrip() for line in lines)


def _why(output: list[str]) -> str:
    said = "\n".join(output)
    if "No space left" in said:
        return f"No disk space is left for the packages in {VENV}."
    if "Failed building" in said or "error: command" in said:
        compiler = "a C compiler is missing" if not shutil.which("cc") else "it failed"
        return (
            f"A package had to be compiled and {compiler}: use Python 3.11 or 3.12, "
            "for which every package comes ready-made (make PYTHON=python3.11 demo), "
            "or install a compiler (Debian: apt install build-essential python3-dev)."
        )
    return (
        "The packages of requirements.lock could not be installed: pip says why above "
        "(it uses your own pip configuration and network)."
    )


def _remove_what_the_lock_does_not_name() -> None:
    listing = subprocess.run(
        [VENV_PYTHON, "-m", "pip", "list", "--format=freeze"],
        env=_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    installed = {_plain(line.split("==")[0]) for line in listing.stdout.splitlines()}
    if extra := sorted(installed - _names_in_lock() - TOOLS):
        subprocess.run(
            [VENV_PYTHON, "-m", "pip", "uninstall", "--yes", "--quiet", *extra],
            env=_environment(),
            check=True,
        )


def _names_in_lock() -> set[str]:
    return {
        _plain(name)
        for name in re.findall(r"(?m)^([\w.-]+)(?:\[.*\])?==", LOCK.read_text())
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _answers(*arguments: str) -> bool:
    try:
        return (
            subprocess.run([VENV_PYTHON, *arguments], capture_output=True).returncode
            == 0
        )
    except OSError:
        return False


def _environment() -> dict[str, str]:
    """Ours, with pip's cache and its working files inside VAR_DIR unless given."""
    var_dir = Path(os.environ.get("VAR_DIR") or PROJECT / "var").resolve()
    try:
        (var_dir / "tmp").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotInstalled(
            f"VAR_DIR={var_dir} cannot be used: {error.strerror}."
        ) from error
    own = {
        "PIP_CACHE_DIR": str(var_dir / "cache" / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "TMPDIR": str(var_dir / "tmp"),
    }
    return own | os.environ


if __name__ == "__main__":
    try:
        build()
    except NotInstalled as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f".venv cannot be made: {error}.")
    except KeyboardInterrupt:
        sys.exit(130)
