"""The start is refused when a setting cannot be right."""

import os
import re
import runpy
import subprocess
import sys
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured

from site_config.embedded import PROJECT

RIGHT = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgresql://shop:pw@db.example:5432/shop",
    "REDIS_URL": "redis://cache.example:6379/0",
}


def settings_with(**changes) -> dict:
    """All settings, read anew where nothing else is in the environment."""
    with patch.dict(os.environ, environment(changes), clear=True):
        return runpy.run_path(str(PROJECT / "site_config" / "settings.py"))


def start(ask="import site_config.settings", **changes) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", ask],
        env={"PATH": os.environ["PATH"]} | environment(changes),
        capture_output=True,
        text=True,
    )


def environment(changes: dict) -> dict[str, str]:
    given = RIGHT | changes
    return {name: value for name, value in given.items() if value is not None}


def test_a_wrong_setting_stops_the_process():
    refused = start(SECRET_KEY=None)

    assert refused.returncode != 0
    assert "SECRET_KEY" in refused.stderr


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
        ({"DATABASE_REPLICA_URLS": "postgresql://a/b,c"}, "DATABASE_REPLICA_URLS"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"DATABASE_POOL_SIZE": "many"}, "whole number"),
        ({"DATABASE_WAIT_S": "0"}, "whole number"),
        ({"DATABASE_STATEMENT_S": "5s"}, "whole number"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"PAYMENT_PROVIDERS": "cash"}, "no such provider"),
        ({"PAYMENT_PROVIDERS": "fake"}, "in the demo only"),
        ({"PAYMENT_PROVIDERS": "stripe"}, "Stripe needs"),
        ({"PAYMENT_CAPTURE": "later"}, "PAYMENT_CAPTURE"),
    ],
)
def test_a_setting_that_cannot_be_right_stops_the_start(changes, words):
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)):
        settings_with(**changes)


def test_replicas_are_read_and_never_written_and_only_if_there_are_some():
    two = "postgresql://a/shop, postgresql://b/shop"

    without, of_two = settings_with(), settings_with(DATABASE_REPLICA_URLS=two)

    assert (list(without["DATABASES"]), without["DATABASE_ROUTERS"]) == (
        ["default"],
        [],
    )
    assert list(of_two["DATABASES"]) == ["default", "replica_1", "replica_2"]
    assert of_two["DATABASE_ROUTERS"] == ["home.reading.Router"]
    read_only = {
        entry["HOST"]
        for entry in of_two["DATABASES"].values()
        if "read_only" in entry["OPTIONS"]["options"]
    }
    assert read_only == {"a", "b"}


def form_may_lead_to(**changes) -> list[str]:
    policy = settings_with(**changes)["CONTENT_SECURITY_POLICY"]
    return policy["DIRECTIVES"]["form-action"]


def test_with_stripe_a_form_may_lead_to_its_page_and_nowhere_else():
    pytest.importorskip("stripe", reason="the extra `stripe` is not installed")
    keys = {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x"}

    with_stripe = form_may_lead_to(PAYMENT_PROVIDERS="stripe", **keys)
    assert with_stripe == ["'self'", "https://checkout.stripe.com"]
    assert form_may_lead_to() == ["'self'"]


def test_right_settings_start_without_the_sdk_and_stripe_is_refused(monkeypatch):
    ask = (
        "import sys; sys.modules['stripe'] = None;"
        "import django; django.setup(); import checkout.tasks, checkout.urls"
    )
    assert start(ask, DJANGO_SETTINGS_MODULE="site_config.settings").returncode == 0

    monkeypatch.setitem(sys.modules, "stripe", None)
    with pytest.raises(ImproperlyConfigured, match="Stripe needs its SDK"):
        settings_with(PAYMENT_PROVIDERS="stripe")
