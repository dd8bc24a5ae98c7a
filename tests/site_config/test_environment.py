"""What `make` does before there is an environment; pip itself is not run here."""

import hashlib
import sys

import pytest

from site_config import environment
from site_config.environment import NotInstalled


@pytest.fixture
def project(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.lock"
    lock.write_text("django==5.2.14 \\\n    --hash=sha256:00\npsycopg[binary]==3.3.9\n")
    monkeypatch.setattr(environment, "LOCK", lock)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "VENV_PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv/installed.sha256")
    return tmp_path


@pytest.fixture
def installations(project, monkeypatch):
    """Every time the packages were installed, as far as this module knows."""
    done = []

    def install():
        done.append(1)
        (project / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        (project / ".venv" / "bin" / "python").touch()

    monkeypatch.setattr(environment, "_install", install)
    return done


def test_packages_are_installed_once(installations):
    environment.build()
    environment.build()

    assert len(installations) == 1


def test_a_changed_lock_is_installed(project, installations):
    environment.build()
    (project / "requirements.lock").write_text("django==5.2.15\n")

    environment.build()

    assert len(installations) == 2
    lock = (project / "requirements.lock").read_bytes()
    stamp = (project / ".venv" / "installed.sha256").read_text()
    assert stamp == hashlib.sha256(lock).hexdigest()


def test_an_interrupted_installation_is_begun_again(
    project, installations, monkeypatch
):
    def interrupted():
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(environment, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.build()
    environment.build()

    assert len(installations) == 1


def test_a_python_without_venv_says_what_to_install(project, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(NotInstalled, match="apt install python3-venv"):
        environment._make_venv()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "No disk space is left"),
        ("error: command 'gcc' failed\nFailed building wheel for x", "compile"),
        ("ERROR: Could not find a version", "could not be installed"),
    ],
)
def test_a_failure_of_pip_ends_in_one_sentence(output, sentence):
    said = environment._why(output.splitlines())

    assert sentence in said
    assert "\n" not in said


def test_the_lock_is_read_as_pip_reads_it(project):
    assert environment._names_in_lock() == {"django", "psycopg"}


def test_pip_works_inside_var_dir_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("PIP_CACHE_DIR", raising=False)
    assert environment._environment()["PIP_CACHE_DIR"].startswith(str(tmp_path))

    monkeypatch.setenv("PIP_CACHE_DIR", "their own")
    assert environment._environment()["PIP_CACHE_DIR"] == "their own"
