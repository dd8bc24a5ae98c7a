"""What thousands of tests would do again and again, with the same answer, done once or
not at all."""

import gc

import pytest
from django.conf import settings as configured
from django.db import Error, connections
from django.test import override_settings

JOBS = "django_tasks.backends"


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
                with one.cursor() as cursor:
                    cursor.execute("DISCARD ALL")
                one.init_connection_state()
    except Error:
        return True
    return False


def keep_what_is_imported() -> None:
    """All that is imported and collected stays: the garbage collector need not look at
    it again and again, a tenth of what every test cost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def once():
    with pytest.MonkeyPatch.context() as patch:
        _look_at_static_files_once(patch)
        _describe_blocks_once(patch)
        yield


def _look_at_static_files_once(patch: pytest.MonkeyPatch) -> None:
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

    patch.setattr(WhiteNoise, "update_files_dictionary", look_once)


def _describe_blocks_once(patch: pytest.MonkeyPatch) -> None:
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

    patch.setattr(BlockWidget, "_build_block_json", describe_once)
