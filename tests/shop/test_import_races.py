"""An import and a sale that want the same pieces at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from shop import inventory
from shop.models import Stock, StockMovement
from shop.sheets import running
from tests.builders import a_variant
from tests.shop.sheets import LATER, a_sheet, begun, go_on

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_waits() -> bool:
    """Whether another connection waits for the present transaction to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
            " AND transactionid = pg_current_xact_id()::xid"
        )
        return cursor.fetchone()[0] > 0


def left_after_a_sale_in_between(monkeypatch) -> int:
    """Pieces, of ten, when a sheet counts twelve and one is sold after the import has
    looked at the stock and before it has written it."""
    run = begun(a_sheet({"sku": a_variant(stock=10).sku, "stock:lisbon": "12"}))
    stock = Stock.objects.get()
    looked, sold = threading.Event(), threading.Event()
    find = running.facts.find

    def look_and_wait(*asked):
        found = find(*asked)
        looked.set()
        while not (somebody_waits() or sold.wait(0.01)):
            pass
        return found

    def sell() -> None:
        looked.wait(60)
        with transaction.atomic():
            kind = StockMovement.Kind.SOLD
            inventory.receive(stock.pk, -1, now=LATER, kind=kind)
        sold.set()
        connections.close_all()

    monkeypatch.setattr(running.facts, "find", look_and_wait)
    with ThreadPoolExecutor(1) as pool:
        selling = pool.submit(sell)
        assert go_on(run).state == "done"
        selling.result(60)
    stock.refresh_from_db()
    return stock.on_hand


def test_what_is_sold_during_an_import_is_sold_after_its_count(monkeypatch):
    assert left_after_a_sale_in_between(monkeypatch) == 11


def test_control_without_locks_the_count_is_older_than_the_sale(monkeypatch):
    monkeypatch.setattr(running, "_lock", lambda skus, handles: None)

    assert left_after_a_sale_in_between(monkeypatch) == 12
