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


def start(ask="import site_config.settings", **changes) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"]} | RIGHT | changes
    return subprocess.run(
        [sys.executable, "-c", ask],
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
    refused = start(**changes)

    assert refused.returncode != 0
    assert words in refused.stderr


def test_replicas_are_read_and_never_written_and_only_if_there_are_some():
    ask = (
        "from site_config import settings as s; d = s.DATABASES;"
        " print(list(d), s.DATABASE_ROUTERS,"
        " [d[n]['HOST'] for n in d if 'read_only' in d[n]['OPTIONS']['options']])"
    )
    two = "postgresql://a/shop, postgresql://b/shop"

    assert start(ask).stdout.strip() == "['default'] [] []"
    assert start(ask, DATABASE_REPLICA_URLS=two).stdout.strip() == (
        "['default', 'replica_1', 'replica_2'] ['home.reading.Router'] ['a', 'b']"
    )


def test_with_stripe_a_form_may_lead_to_its_page_and_nowhere_else():
    pytest.importorskip("stripe", reason="the extra `stripe` is not installed")
    keys = {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x"}
    ask = (
        "from site_config import settings as s;"
        "print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    )

    with_stripe = start(ask, PAYMENT_PROVIDERS="stripe", **keys).stdout
    assert with_stripe.strip() == "[\"'self'\", 'https://checkout.stripe.com']"
    assert start(ask).stdout.strip() == "[\"'self'\"]"


def test_without_the_sdk_the_shop_starts_and_stripe_is_refused():
    ask = (
        "import sys; sys.modules['stripe'] = None;"
        "import django; django.setup(); import checkout.tasks, checkout.urls"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "site_config.settings"}

    assert start(ask, **environment).returncode == 0
    refused = start(ask, PAYMENT_PROVIDERS="stripe", **environment)
    assert "Stripe needs its SDK" in refused.stderr
