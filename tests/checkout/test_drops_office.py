"""Drops in the admin: who may watch and steer them, and what they see."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout import rush, serving
from checkout.models import CheckoutAttempt, Drop
from checkout.office import drops
from home.roles import Role
from tests.builders import NOON, a_colleague, a_variant
from tests.checkout.ordering import a_shop_that_delivers
from tests.checkout.test_rush import a_drop, in_line, outcomes

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(seconds=75)


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def sign_in(client, role: Role) -> None:
    client.force_login(a_colleague(role, name=role.value))


def test_the_panel_counts_each_drop(django_assert_num_queries):
    a_drop()
    variant = a_drop(stock=2)
    in_line(variant, 3)
    rush.serve(variant.product_id, now=LATER - timedelta(seconds=20))
    in_line(variant, 2)

    with django_assert_num_queries(2):
        idle, line = drops.lines(now=LATER)

    assert (line.depth, line.ordered, line.rate) == (2, 2, 3)
    assert line.oldest_wait == timedelta(seconds=75)
    assert line.refused == [("sold out", 1)]
    assert (idle.depth, idle.oldest_wait, idle.refused) == (0, None, [])


def test_staff_watch_pause_resume_and_drain(client):
    variant = a_drop()
    attempts = in_line(variant, 2)
    drop = Drop.objects.get()
    sign_in(client, Role.SHOP_STAFF)

    assert "/admin/drops/live/" in client.get("/admin/drops/").content.decode()
    page = client.get("/admin/drops/live/")
    assert page["Refresh"] == str(drops.REFRESH_S)
    assert str(variant.product) in page.content.decode()
    client.post(f"/admin/drops/{drop.pk}/pause/now/")
    assert rush.serve(variant.product_id, now=LATER) == 0
    client.post(f"/admin/drops/{drop.pk}/resume/now/")
    assert ProcrastinateJob.objects.filter(task_name="checkout.serve_line").exists()
    client.post(f"/admin/drops/{drop.pk}/drain/now/")
    serving.drain_line(variant.product_id)

    assert outcomes(attempts) == ["closed", "closed"]
    assert attempts[0].said[0] == "The sale was closed before it was your turn"


def test_staff_see_whose_order_was_set_aside_and_where_it_failed(client):
    variant = a_drop()
    [attempt] = in_line(variant, 1)
    CheckoutAttempt.objects.update(fault="ValueError in agree")
    sign_in(client, Role.SHOP_STAFF)
    assert "ValueError" not in client.get("/admin/drops/live/").content.decode()

    rush.set_aside(variant.product_id, attempt.pk, now=LATER)

    page = client.get("/admin/drops/live/").content.decode()
    assert "ValueError in agree" in page and "buyer0@example.org" in page
    assert "set aside after a fault: 1" in page


def test_a_drop_that_was_resumed_is_not_drained():
    variant = a_drop()
    attempts = in_line(variant, 1)

    assert rush.drain(variant.product_id, now=LATER) == 0
    assert outcomes(attempts) == ["waiting"]


def test_others_may_not_even_watch(client):
    drop_id = Drop.objects.create(product=a_variant().product).pk
    sign_in(client, Role.EDITORS)

    # Wagtail leads those who may not enter back to the admin's first page.
    assert client.get("/admin/drops/live/").status_code == 302
    assert client.post(f"/admin/drops/{drop_id}/pause/now/").status_code == 302

    assert not Drop.objects.get().is_paused
    sign_in(client, Role.SHOP_STAFF)
    assert client.get(f"/admin/drops/{drop_id}/pause/now/").status_code == 405
    assert client.post(f"/admin/drops/{drop_id}/dance/now/").status_code == 404


def test_a_product_is_made_a_drop_and_its_buyers_stand_in_line(client):
    variant = a_variant()
    sign_in(client, Role.SHOP_STAFF)

    form = {"product": variant.product_id, "most_waiting": 10}
    response = client.post("/admin/drops/new/", form)

    assert response.status_code == 302
    assert Drop.objects.get().product_id == variant.product_id
    assert not CheckoutAttempt.objects.exists()
