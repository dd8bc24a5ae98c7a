"""The API does what it says of itself, whatever it is sent and whoever sends it."""

import os

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.home.accounts.coming_in import a_shopper, log_in
from wishlist import merge

pytestmark = pytest.mark.django_db
# The full run tries more of them.
EXAMPLES = int(os.environ.get("EXAMPLES", "10"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# What a stranger is answered, and a customer's browser sent by another site; and what
# the shop's own page is answered among others.
OPERATIONS = {
    "GET /api/wishlist/": (401, 200, {200}),
    "POST /api/wishlist/merge": (403, 403, {200, 422}),
}


@pytest.fixture
def described():
    """The API as a server serves it, but within the test's transaction."""
    serve = WSGIHandler()
    signals = request_started, request_finished

    def app(environ, start_response) -> list[bytes]:
        for signal in signals:
            signal.disconnect(close_old_connections)
        try:
            # schemathesis asks for compressed answers, and does not unpack them.
            plain = environ | {"HTTP_ACCEPT_ENCODING": "identity"}
            answer = serve(plain, start_response)
            body = list(answer)
            answer.close()
        finally:
            for signal in signals:
                signal.connect(close_old_connections)
        return body

    with connection.cursor() as cursor:
        # Making up examples takes longer than a request may think.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def operations(described) -> dict:
    found = [result.ok() for result in described.get_all_operations()]
    return {operation.label: operation for operation in found}


def test_whatever_is_sent_every_operation_answers_what_was_promised(
    described, client, monkeypatch
):
    """Examples that keep to the description and as many that break it; each from a
    stranger, from a customer whom another site sends, and from the shop's own page.
    One test, for to read the description takes as long as to try an operation."""
    monkeypatch.setattr(merge, "MOST_PER_MINUTE", 10_000)
    a_shopper()
    log_in(client)
    token = client.get("/api/wishlist/").json()["token"]
    inside = {name: morsel.value for name, morsel in client.cookies.items()}
    found = operations(described)

    assert found.keys() == OPERATIONS.keys()
    for label, (stranger, forged, own) in OPERATIONS.items():
        seen = answers_of(found[label], inside, token)
        assert seen["stranger"] == {stranger} and seen["forged"] == {forged}, label
        assert own <= seen["own"], label


def answers_of(operation, inside: dict[str, str], token: str) -> dict[str, set[int]]:
    """{who sent it: statuses}, of examples of all kinds."""
    seen: dict[str, set[int]] = {"stranger": set(), "forged": set(), "own": set()}

    def try_it(case):
        for sender, more in (
            ("stranger", {}),
            ("forged", {"cookies": inside}),
            ("own", {"cookies": inside, "headers": {"X-CSRFToken": token}}),
        ):
            answer = case.call_and_validate(checks=CHECKS, **more)
            seen[sender].add(answer.status_code)

    repeated = settings(
        max_examples=EXAMPLES // 2,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    for mode in GenerationMode:
        repeated(given(operation.as_strategy(generation_mode=mode))(try_it))()
    return seen
