"""The wire between the shop and its database, to be cut."""

import os
from urllib.parse import urlsplit

import pytest

from tests.faults.proxy import Proxy


@pytest.fixture
def wire():
    given = urlsplit(os.environ["DATABASE_URL"])
    proxy = Proxy(given.hostname, given.port or 5432)
    yield proxy
    proxy.stop()
