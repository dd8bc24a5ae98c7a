"""What thousands of tests would do again and again, with the same answer, done once or
not at all."""

import gc
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.conf import settings as configured
from django.db import Error, connections
from django.test import override_settings
from psycopg.pq import TransactionStatus

JOBS = "django_tasks.backends"
IDLE = TransactionStatus.IDLE
# What DISCARD ALL does, but for plans and what was prepared.
FORGET = (
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *;"
    " SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"
)


def settings() -> override_settings:
    """For all tests. Real hashing takes a tenth of a second for every user made. And
    Wagtail would index and trace every page and block at once when it is saved, half
    of what such a test costs: tests of what it finds are marked ``indexed``."""
    return override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        TASKS={"default": {"BACKEND": f"{JOBS}.dummy.DummyBackend"}},
        WAGTAILSEARCH_BACKENDS={"default": _search(AUTO_UPDATE=False)},
    )


def _search(**more) -> dict:
    return configured.WAGTAILSEARCH_BACKENDS["default"] | more


class Sidebar:
    """Wagtail's menu and search, at the side of every page of the admin: a fifth of
    what it takes to render one. Drawn for those who look."""

    is_drawn = False


@pytest.fixture(autouse=True)
def sidebar(request):
    looks = map(request.node.get_closest_marker, ("browser", "sidebar"))
    Sidebar.is_drawn = any(looks)


@pytest.fixture(autouse=True)
def indexed(request):
    if request.node.get_closest_marker("indexed"):
        with override_settings(
            TASKS={"default": {"BACKEND": f"{JOBS}.immediate.ImmediateBackend"}},
            WAGTAILSEARCH_BACKENDS={"default": _search(AUTO_UPDATE=True)},
        ):
            yield
    else:
        yield


def made_as_new(test_case) -> bool:
    """Instead of closing connections after a test that commits, which the next test
    would open again: what was set on them is forgotten, and what they have learnt about
    the tables is not. Whether that failed, and they are to be closed."""
    try:
        for one in connections.all(initialized_only=True):
            if one.connection is not None:
                if one.connection.pgconn.transaction_status != IDLE:
                    return True
                with one.cursor() as cursor:
                    cursor.execute(FORGET)
                one.init_connection_state()
    except Error:
        return True
    return False


@contextmanager
def unquestioned():
    """For builders. Of each page it is asked, key by key, whether what it names is
    there, which the database will not let pass anyway; of each entry of Wagtail's log
    whether it is valid; and of each block whether it can be indexed, when nothing is.
    """
    from django.db.models import Field, ForeignKey
    from modelsearch import index
    from wagtail.models.audit_log import BaseLogEntry

    if configured.WAGTAILSEARCH_BACKENDS["default"]["AUTO_UPDATE"]:
        yield
        return

    def validate(field, value, instance):
        if not field.remote_field.parent_link:
            Field.validate(field, value, instance)

    with (
        patch.object(ForeignKey, "validate", validate),
        patch.object(BaseLogEntry, "full_clean", lambda entry: None),
        patch.object(index, "get_indexed_instance", lambda *args, **more: None),
    ):
        yield


def keep_what_is_imported() -> None:
    """All that is imported and collected stays: the garbage collector need not look at
    it again and again, a tenth of what every test cost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(150_000, 10, 10)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def once():
    with pytest.MonkeyPatch.context() as for_all:
        _look_at_static_files_once(for_all)
        _describe_blocks_once(for_all)
        _draw_the_sidebar_for_those_who_look()
        _log_in_by_one_row(for_all)
        yield


def _look_at_static_files_once(for_all: pytest.MonkeyPatch) -> None:
    """Every client builds the middleware anew, and WhiteNoise looks at each of the
    collected files then: a fifth of a second for a thousand tests, of one same answer.
    """
    from whitenoise.base import WhiteNoise

    look = WhiteNoise.update_files_dictionary
    seen: dict[tuple[str, str], dict] = {}

    def look_once(self, root, prefix):
        if (root, prefix) not in seen:
            look(self, root, prefix)
            seen[root, prefix] = dict(self.files)
        self.files.update(seen[root, prefix])

    for_all.setattr(WhiteNoise, "update_files_dictionary", look_once)


def _describe_blocks_once(for_all: pytest.MonkeyPatch) -> None:
    """Every form of an editor describes all kinds of blocks to its script, half of what
    it takes to render it, and says the same each time in the same language."""
    from django.utils.translation import get_language
    from wagtail.blocks.base import BlockWidget

    describe = BlockWidget._build_block_json
    described: dict[tuple, tuple] = {}

    def describe_once(self):
        key = (id(self.block_def), get_language())
        if key not in described:
            describe(self)
            # With the definition, so that no other takes its place and its id.
            described[key] = (self._js_context, self._block_json, self.block_def)
        self._js_context, self._block_json, _ = described[key]

    for_all.setattr(BlockWidget, "_build_block_json", describe_once)


def _draw_the_sidebar_for_those_who_look() -> None:
    from wagtail.admin.templatetags import wagtailadmin_tags as tags

    draw = tags.sidebar_props

    def sidebar_props(context):
        return draw(context) if Sidebar.is_drawn else ""

    tags.register.simple_tag(sidebar_props, takes_context=True)


def _log_in_by_one_row(for_all: pytest.MonkeyPatch) -> None:
    """A browser that brings nothing along has no basket to be merged, no key to be
    changed and no attempts to be forgotten: a dozen statements for every colleague."""
    from importlib import import_module

    from django.contrib import auth
    from django.test import Client

    log_in = Client.force_login

    def force_login(client, user, backend=None):
        if client.cookies:
            return log_in(client, user, backend)
        session = import_module(configured.SESSION_ENGINE).SessionStore()
        session[auth.SESSION_KEY] = str(user.pk)
        session[auth.BACKEND_SESSION_KEY] = backend or client._get_backend()
        session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        client.cookies[configured.SESSION_COOKIE_NAME] = session.session_key

    for_all.setattr(Client, "force_login", force_login)
