"""A dressed shop behind a real server, and windows that notice every complaint."""

import pytest
from django.test import TransactionTestCase, override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect

from tests.browser.dressing import dress

# For what takes a moment, on a machine whose two cores do a hundred other things.
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker):
    """The address of a small shop with a home page, a menu and six pieces a page.

    One for all tests of a module, dressed once: what they order stays ordered.
    """
    small = override_settings(SHOP_PAGE_SIZE=6, ALLOWED_HOSTS=["127.0.0.1"])
    with django_db_blocker.unblock(), small:
        dress()
        server = _serve()
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()
        # Back to the migrated state, as after any test that commits.
        TransactionTestCase._fixture_teardown(None)


def _serve() -> LiveServerThread:
    # WhiteNoise serves what collectstatic made, as it does for shoppers.
    server = LiveServerThread("127.0.0.1", static_handler=lambda app: app)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    return server


@pytest.fixture
def window(browser, shop):
    """Opens windows on the shop: ``window(width, scheme=…, script=…)``;
    ``is_heard=False`` where a test itself gives cause to complain.

    Whatever a page complains about in its console, a policy it violates, a file that is
    missing: all of it fails the test at its end.
    """
    complaints, contexts = [], []

    def open_window(width=1280, *, scheme="light", script=True, is_heard=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            base_url=shop,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        if is_heard:
            page.on("console", lambda message: _note(complaints, message))
            page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints


def _note(complaints: list[str], message) -> None:
    # A refused form is answered with 422 or 409, and the console reports the status.
    is_answer = "status of 422" in message.text or "status of 409" in message.text
    if message.type in {"error", "warning"} and not is_answer:
        complaints.append(message.text)
