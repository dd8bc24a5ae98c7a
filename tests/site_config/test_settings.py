"""The start is refused when a setting cannot be right."""

import os
import subprocess
import sys

import pytest

RIGHT = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgresql://shop:pw@db.example:5432/shop",
    "REDIS_URL": "redis://cache.example:6379/0",
}


def start(**changes) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"]} | RIGHT | changes
    return subprocess.run(
        [sys.executable, "-c", "import site_config.settings"],
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
    )


def test_right_settings_start():
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "demo-" * 12}, "SECRET_KEY your own"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"DEBUG": "ture"}, "neither yes nor no"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://x/y"}, "postgresql://"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"DATABASE_POOL_SIZE": "many"}, "whole number"),
        ({"DATABASE_WAIT_S": "0"}, "whole number"),
        ({"DATABASE_STATEMENT_S": "5s"}, "whole number"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ],
)
def test_a_setting_that_cannot_be_right_stops_the_start(changes, words):
    refused = start(**changes)

    assert refused.returncode != 0
    assert words in refused.stderr
