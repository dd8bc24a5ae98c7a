"""A database for one measurement: made, migrated and dropped by who measures."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def own_database() -> Iterator[None]:
    """Django's connection leads to a new, migrated database of the same server; what
    was there before is neither read nor written. Dropped whatever happens."""
    shops = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"vitrine_bench_{os.getpid()}"
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(shops, verbosity=0)
