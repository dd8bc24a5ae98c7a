"""Blocks come and go by the clock that a page is shown by."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from home.blocks import next_change
from home.models import DynamicPage
from tests.composing import a_layout_block, block

pytestmark = pytest.mark.django_db


def at(**hours):
    return timezone.now() + timedelta(**hours)


def stream(*blocks: dict):
    return DynamicPage(body=json.dumps(blocks)).body


def test_a_stream_is_shown_as_of_the_moment_in_its_context():
    tomorrow = at(days=1)
    value = stream(block("banner", title="Seconds", shown_from=tomorrow.isoformat()))

    assert "Seconds" not in value.render_as_block()
    later = tomorrow + timedelta(hours=1)
    assert "Seconds" in value.render_as_block({"now": later})
    assert "Seconds" not in value.render_as_block(
        {"now": tomorrow - timedelta(hours=1)}
    )


def test_a_block_is_there_from_its_first_moment_until_its_last():
    begin, end = at(days=1), at(days=2)
    dates = {"shown_from": begin.isoformat(), "shown_until": end.isoformat()}
    value = stream(block("banner", title="Seconds", **dates))

    assert "Seconds" in value.render_as_block({"now": begin})
    assert "Seconds" not in value.render_as_block({"now": end})


def test_a_time_without_a_zone_is_the_shops_own(settings):
    settings.TIME_ZONE = "Europe/Lisbon"
    value = stream(block("banner", title="Seconds", shown_from="2026-07-01T12:00"))

    noon = timezone.make_aware(timezone.datetime(2026, 7, 1, 12))
    assert next_change(value, noon - timedelta(seconds=1)) == noon


def test_the_next_change_is_the_earliest_that_is_still_to_come(furnished):
    begin, end, until = at(days=3), at(hours=5), at(days=4)
    value = stream(
        block("banner", title="A", shown_from=begin.isoformat()),
        block("banner", title="B", shown_until=until.isoformat()),
        block("banner", title="C", shown_from=at(days=-1).isoformat()),
        block("flash_sale", **furnished["flash_sale"] | {"ends_at": end.isoformat()}),
    )
    now = timezone.now()

    assert next_change(value, now) == end
    assert next_change(value, end) == begin
    assert next_change(value, begin) == until
    assert next_change(value, until) is None


def test_the_next_change_may_lie_in_a_shared_block():
    begin = at(days=1)
    shared = a_layout_block(
        block("banner", title="Seconds", shown_from=begin.isoformat())
    )

    assert next_change(stream(block("shared", block=shared.pk)), at()) == begin
