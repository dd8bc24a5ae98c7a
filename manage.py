#!/usr/bin/env python
"""Django's command line, with PostgreSQL and Redis of our own where none are given."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from site_config import embedded, env


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")
    # Neither given: a developer's machine. One of them given: a deployment, where a
    # missing setting must stop the start and not be replaced by a private server.
    if not (os.environ.get("SECRET_KEY") or os.environ.get("DATABASE_URL")):
        os.environ.setdefault("DEMO", "1")
    try:
        if env.flag("DEMO"):
            embedded.ensure()
    except (embedded.EmbeddedError, ImproperlyConfigured) as error:
        sys.exit(str(error))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
