import os
import random
import signal
import socket
import time
from email.message import EmailMessage
from unittest.mock import patch

import pytest

from site_config import embedded
from site_config.demo import children, memory, preparation
from site_config.demo import port as demo_port
from site_config.demo.children import Child, Children
from site_config.demo.failure import DemoError
from site_config.demo.mail_reader import show_mail
from site_config.demo.memory import SetupMemory
from site_config.demo.port import free_port
from site_config.servers import locks
from site_config.servers.server import is_free
from tests.builders import a_product
from tests.site_config.processes import LONG_S, Run, alive, nothing_is_left

A_STUBBORN_CHILD = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
A_PARENT = """
import signal, sys, time
from site_config import embedded
from site_config.demo.children import Child
embedded.usable_var_dir()
child = Child.started("web", "-c", "import time; time.sleep(60)")
print(child.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def var_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return embedded.usable_var_dir()


def a_free_port() -> int:
    """One that neither a connection on its way out nor a server of ours may take
    before it is used."""
    return next(filter(is_free, random.sample(range(10_000, 20_000), 50)))


# Refused before anything is started


def refusal(folder, **environment) -> str:
    demo = Run(folder, "-m", "site_config.demo", **environment)
    _, sentence = demo.communicate(timeout=LONG_S)
    assert demo.returncode == 1
    assert not (folder / "embedded" / "postgres").exists()
    return sentence.strip()


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        sentence = refusal(tmp_path / "var", PORT=str(port))

    assert sentence.startswith(f"Port {port} is in use")
    assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize("name", ["PORT", "PRODUCTS"])
def test_a_number_that_is_none_is_refused(tmp_path, name):
    given = {"PORT": str(a_free_port())} | {name: "abc"}

    assert refusal(tmp_path / "var", **given).startswith(f"{name}=abc is not")


@pytest.mark.parametrize("value", ["abc", "-1", "1.5", "99999999999"])
def test_a_number_is_a_whole_one_within_its_bounds(monkeypatch, value):
    monkeypatch.setenv("PRODUCTS", value)

    with pytest.raises(DemoError, match=f"PRODUCTS={value} is not"):
        preparation.whole_number("PRODUCTS", "10000", range(1, 10_000_000))


def test_a_var_dir_that_is_a_file_is_refused(tmp_path):
    file = tmp_path / "var"
    file.write_text("")

    sentence = refusal(file, PORT=str(a_free_port()))

    assert sentence.startswith(f"VAR_DIR={file} cannot be used")


A_SERVER_THAT_SAYS_FAREWELL = """
import signal, socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), sys.exit()))
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def orphan(var_dir, monkeypatch):
    """The web server of a demo, without the demo, and its port."""
    port = a_free_port()
    monkeypatch.setenv("PORT", str(port))
    child = Child.started("web", "-c", A_SERVER_THAT_SAYS_FAREWELL, str(port))
    assert child.process.stdout.readline() == b"open\n"
    yield child
    child.stop_now()


def test_a_port_that_an_earlier_demo_is_letting_go_is_waited_for(orphan):
    orphan.ask_to_stop()

    assert free_port() == int(os.environ["PORT"])


def test_a_port_of_a_demo_that_lives_is_refused_at_once(orphan):
    with locks.shared(embedded.lock_folder(), "demo"), pytest.raises(DemoError):
        free_port()

    assert orphan.process.poll() is None


def test_an_earlier_demo_that_does_not_let_go_is_not_waited_for_for_ever(
    orphan, monkeypatch
):
    monkeypatch.setattr(demo_port, "LET_GO_WITHIN_S", 0.2)

    with pytest.raises(DemoError, match="is in use"):
        free_port()


# Its processes


def test_a_child_that_ends_is_named_with_its_last_words(var_dir):
    child = Child.started("web", "-c", "raise SystemExit('out of clay')")
    child.process.wait(LONG_S)

    with pytest.raises(DemoError, match=r"(?s)web process ended.*out of clay"):
        Children([child]).watch()


def test_a_child_that_does_not_listen_is_stopped_all_the_same(var_dir, monkeypatch):
    monkeypatch.setattr(children, "STOPPED_WITHIN_S", 0.2)
    child = Child.started("web", "-c", A_STUBBORN_CHILD)
    assert child.process.stdout.readline() == b"deaf\n"

    Children([child]).stop()

    assert child.process.returncode == -signal.SIGKILL


def test_children_end_when_the_demo_is_killed(tmp_path):
    parent = Run(tmp_path / "var", "-c", A_PARENT)
    child = int(parent.stdout.readline())
    assert any(line.startswith(f"{child} ") for line in alive(tmp_path / "var"))

    parent.kill()
    parent.communicate()

    assert nothing_is_left(tmp_path / "var")


def test_a_mail_is_shown_as_a_person_reads_it(capsys):
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "ada@example.org", "Your order — thank you"
    mail.set_content("Two bowls, 36,50 €")
    mail.add_alternative("<p>Two bowls</p>", subtype="html")

    show_mail(mail.as_bytes())

    shown = capsys.readouterr().out
    assert "Mail to ada@example.org: Your order — thank you" in shown
    assert "Two bowls, 36,50 €" in shown
    assert "<p>" not in shown


# What it need not do twice


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one static file, collected into VAR_DIR/static."""
    monkeypatch.setattr(embedded, "PROJECT", tmp_path)
    monkeypatch.delenv("STATIC_ROOT", raising=False)
    (tmp_path / "shop" / "static").mkdir(parents=True)
    (tmp_path / "shop" / "static" / "shop.css").write_text("a {}")
    (tmp_path / "var" / "static").mkdir(parents=True)
    (tmp_path / "var" / "static" / "staticfiles.json").write_text("{}")
    return tmp_path


def has_to_run(project, *settings) -> bool:
    with SetupMemory(project / "var").when_changed("static", *settings) as is_needed:
        return is_needed


def test_a_step_runs_once_until_a_source_changes(project):
    assert [has_to_run(project), has_to_run(project)] == [True, False]

    (project / "shop" / "static" / "shop.css").write_text("b {}")

    assert [has_to_run(project), has_to_run(project)] == [True, False]


def test_a_step_runs_again_when_its_result_was_deleted(project):
    has_to_run(project)

    (project / "var" / "static" / "staticfiles.json").unlink()

    assert has_to_run(project)


def test_a_step_that_failed_runs_again(project):
    with pytest.raises(DemoError), SetupMemory(project / "var").when_changed("static"):
        raise DemoError("the disk is full")

    assert has_to_run(project)


@pytest.mark.django_db
def test_another_database_is_migrated_although_the_files_are_the_same(
    tmp_path, monkeypatch
):
    """The number of its migrations is asked of the database, not remembered."""
    with SetupMemory(tmp_path).when_changed("tables") as is_needed:
        assert is_needed
    with SetupMemory(tmp_path).when_changed("tables") as is_needed:
        assert not is_needed

    monkeypatch.setattr(memory, "_applied_migrations", lambda: ("home.0001_initial",))

    with SetupMemory(tmp_path).when_changed("tables") as is_needed:
        assert is_needed


@pytest.mark.django_db
def test_what_is_missing_is_made_in_this_order(var_dir, monkeypatch):
    commands = []
    monkeypatch.setattr(preparation, "_manage", lambda *c, **_: commands.append(c))

    with patch.dict(os.environ, PRODUCTS="30"):
        preparation.prepare(8000)

    assert commands == [
        ("migrate", "--no-input"),
        ("collectstatic", "--no-input", "--verbosity=0"),
        ("seed_demo", "--products=30"),
    ]


# All of it


@pytest.mark.django_db(transaction=True)
def test_the_demo_opens_and_after_ctrl_c_nothing_is_left(
    tmp_path, request, monkeypatch
):
    """On this worker's own database, which is migrated and filled already: filling
    takes a minute."""
    var_dir, port = tmp_path / "var", a_free_port()
    monkeypatch.setenv("STATIC_ROOT", str(embedded.var_dir() / "static"))
    product = a_product()
    (var_dir / "media").mkdir(parents=True)
    for step, *settings in (["tables"], ["static"], ["shop", "30"]):
        with SetupMemory(var_dir).when_changed(step, *settings):
            pass
    demo = Run(
        var_dir,
        *("-m", "site_config.demo"),
        **{name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")},
        **{"PORT": str(port), "PRODUCTS": "30", "WEB_CONCURRENCY": "1"},
    )
    request.addfinalizer(demo.kill)

    told = read_until(demo, "Ctrl-C stops everything")
    address = f"http://127.0.0.1:{port}/"
    assert address in told
    for page in ("readyz", "shop/", f"product/{product.slug}/"):
        assert children.status_of(address + page, timeout_s=LONG_S) == 200
    assert len(alive(var_dir)) >= 4, "the demo, gunicorn, its worker, and a job worker"

    demo.send_signal(signal.SIGINT)
    rest, complaints = demo.communicate(timeout=LONG_S)

    assert (demo.returncode, rest.split()[-1]) == (0, "Stopped."), complaints
    assert nothing_is_left(var_dir, within_s=10)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def read_until(demo: Run, words: str, within_s: float = LONG_S) -> str:
    told = ""
    deadline = time.monotonic() + within_s
    while words not in told and time.monotonic() < deadline:
        line = demo.stdout.readline()
        if not line:
            pytest.fail(f"The demo ended: {told}\n{demo.stderr.read()}")
        told += line
    return told
