"""The benchmark measures what it says: pgbench orders by finalize's own words."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from checkout import reconciling
from checkout.bench import million, replay, stocking
from checkout.models import Cart, Order, OrderLine
from shop.models import Stock, StockMovement
from site_config.servers.binaries import find_program
from tests.checkout.ordering import assert_invariants


@pytest.mark.django_db(transaction=True)
def test_pgbench_places_an_order_for_every_cart(monkeypatch):
    pgbench = find_program("pgbench")
    if not shutil.which(pgbench):
        pytest.skip("no pgbench")
    monkeypatch.setattr(stocking, "PRODUCTS", 60)
    stocking.stock_shop()
    [number] = stocking.fill_carts(0, 1, 3)

    sent, order = replay.capture(number, 3)
    assert_invariants()
    carts = stocking.fill_carts(1, 6, 3)
    script = replay.script(sent, order, number, 3)
    pace = replay.run(pgbench, script, first=carts[0], runs=3, clients=2)

    assert pace > 0
    assert len(sent) <= 20
    assert Order.objects.count() == 7 and OrderLine.objects.count() == 21
    assert not Cart.objects.filter(converted_at=None).exists()
    assert Stock.objects.filter(reserved=0).count() == 60 - 7 * 3
    assert StockMovement.objects.filter(kind="reserved").count() == 7 * 3


@pytest.mark.django_db(transaction=True)
def test_what_pgbench_refuses_is_told_and_no_figure(monkeypatch):
    pgbench = find_program("pgbench")
    if not shutil.which(pgbench):
        pytest.skip("no pgbench")

    with pytest.raises(replay.NoFigure, match="no_such_table"):
        replay.run(pgbench, "SELECT * FROM no_such_table;", first=1, runs=1, clients=1)


def test_without_pgbench_it_says_where_it_comes_from():
    with pytest.raises(CommandError, match="comes with PostgreSQL's server"):
        call_command("bench_finalize", "--pgbench", "/nowhere/pgbench")


@pytest.mark.django_db
def test_everything_adds_up_in_the_shop_that_has_sold_a_million(monkeypatch):
    monkeypatch.setattr(stocking, "PRODUCTS", 60)

    million.sell(500)

    assert OrderLine.objects.count() == 500
    assert reconciling.drift() == []
    assert_invariants()
