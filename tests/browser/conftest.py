"""A dressed shop behind a real server, and windows that notice every complaint."""

import os
from contextlib import contextmanager
from functools import cache

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase, override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect, sync_playwright

from site_config import embedded
from site_config.browser import BROWSER_FLAGS, find_browser
from tests.browser.dressing import dress
from tests.databases import MigratedState, keep_rows

# For what takes a moment, on a machine whose two cores do a hundred other things.
PATIENCE_MS = 120_000
# All pages of a context in one process, which keeps what it has compiled (axe and
# Wagtail's editor above all), and none in reserve.
SHARED = ["--process-per-site", "--renderer-process-limit=1"]
# Scripts as machine code at once, and no better: no page of a test runs for long enough
# to earn what compiling it again and again costs.
SCRIPTS = "--js-flags=--always-sparkplug --no-maglev --no-opt"
WIDTH = 1280
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def browser():
    """Chromium, for all browser tests of a worker, which run one after the other.

    Not for the whole session: while Playwright runs, its event loop does too, and
    Django and procrastinate would not work in the tests that follow.
    """
    home = embedded.var_dir() / "tmp" / "browser-home"
    home.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(
            executable_path=find_browser(),
            args=[*BROWSER_FLAGS, *SHARED, SCRIPTS],
            env=os.environ | {"HOME": str(home)},
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def server(django_db_setup, django_db_blocker):
    """A small shop with a home page, a menu and six pieces a page behind a real server,
    dressed and started once: its address, and what takes back all that was committed.
    """
    url = os.environ["DATABASE_URL"]
    small = override_settings(SHOP_PAGE_SIZE=6, ALLOWED_HOSTS=["127.0.0.1"])
    with (
        django_db_blocker.unblock(),
        psycopg.connect(url, autocommit=True) as connection,
        small,
        _pooled(),
    ):
        dress()
        keep_rows(connection, "dressed")
        state = MigratedState(connection, "dressed")
        thread = _serve()
        yield f"http://127.0.0.1:{thread.port}", lambda: state.restore(connection)
        thread.terminate()
        connection.execute("DROP SCHEMA dressed CASCADE")
        # Back to the migrated state, as after any test that commits.
        TransactionTestCase._fixture_teardown(None)


@pytest.fixture(scope="module")
def shop(server):
    """The address of the shop, for all tests of a module: what they order stays
    ordered."""
    address, undo = server
    yield address
    undo()


@contextmanager
def _pooled():
    """As in production: connections stay open from one request to the next, and know
    the tables. A new one for every request is more work than most pages."""
    connections.close_all()
    options = connections["default"].settings_dict["OPTIONS"]
    options["pool"] = {"min_size": 1, "max_size": 8}
    yield
    connections.close_all()
    connections["default"].close_pool()
    del options["pool"]


def _serve() -> LiveServerThread:
    # WhiteNoise serves what collectstatic made, as it does for shoppers.
    server = LiveServerThread("127.0.0.1", static_handler=lambda app: app)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    return server


@pytest.fixture(scope="package")
def _kept(browser, server):
    """Browsers for one test after the other, which keep scripts, styles and fonts: to
    read Wagtail's anew takes longer than most tests do. ``kept(n, script)`` is the
    n-th of those with or without script; it is there once it was asked for. Its first
    page stays, and with it the process that all others share."""

    @cache
    def kept(n: int, script: bool):
        context = _fresh(browser, server[0], script=script)
        context.new_page().goto("/robots.txt")
        return context

    yield kept
    for context in browser.contexts:
        context.close()


@pytest.fixture
def window(browser, shop, _kept):
    """Opens windows on the shop, each in a browser of its own that has seen nothing
    yet: ``window(width, script=…)``; ``is_heard=False`` where a test itself gives cause
    to complain. What moves is still, but for ``moves=True``: sixty pictures a second,
    drawn while a test waits, cost more than the test.

    The browsers are those of tests before, and have forgotten: what a test does to the
    whole browser (its clock, its rights) wants ``is_new=True``.

    Whatever a page complains about in its console, a policy it violates, a file that is
    missing: all of it fails the test at its end.
    """
    complaints, contexts, used = [], [], {True: [], False: []}

    def open_window(
        width=WIDTH, *, script=True, is_new=False, is_heard=True, moves=False
    ):
        if is_new:
            context = _fresh(browser, shop)
            contexts.append(context)
        else:
            context = _kept(len(used[script]), script)
            used[script].append(context)
        page = context.new_page()
        if width != WIDTH:
            page.set_viewport_size({"width": width, "height": 900})
        if moves:
            page.emulate_media(reduced_motion="no-preference")
        if is_heard:
            page.on("console", lambda message: _note(complaints, message))
            page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    for context in used[True] + used[False]:
        _forget(context, shop)
    assert not complaints


def _forget(context, address: str) -> None:
    """All but what answers said may be kept."""
    first, *pages = context.pages
    for page in pages:
        page.close()
    everything = {"origin": address, "storageTypes": "all"}
    session = context.new_cdp_session(first)
    session.send("Storage.clearDataForOrigin", everything)
    session.detach()
    context.clear_cookies()


def _fresh(browser, address: str, *, script=True):
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 900},
        color_scheme="light",
        reduced_motion="reduce",
        java_script_enabled=script,
        base_url=address,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def _note(complaints: list[str], message) -> None:
    # A refused form is answered with 422 or 409, and the console reports the status.
    is_answer = "status of 422" in message.text or "status of 409" in message.text
    if message.type in {"error", "warning"} and not is_answer:
        complaints.append(message.text)
