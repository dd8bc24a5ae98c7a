"""An import killed with -9, and gone on with."""

from itertools import count

import pytest
from django.db import transaction

from shop import inventory
from shop.models import ImportRun, PriceChange, Product, Stock, StockMovement
from shop.relist import drift
from shop.sheets import running
from tests.builders import a_product
from tests.checkout.ordering import assert_invariants
from tests.faults.dying import die_after, killed
from tests.faults.repeats import times
from tests.shop.sheets import LATER, a_sheet, begun, go_on

pytestmark = pytest.mark.django_db(transaction=True)
ROWS, BATCH = 6, 2
# Where a process may die in the middle of the second batch, and behind it.
POINTS = {"it is written, and not committed": "_note", "it is committed": "_tried"}


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr("shop.sheets.batches.BATCH", BATCH)
    yield
    assert_invariants()


def a_run() -> ImportRun:
    """Of a sheet that says another price and another count of every variant."""
    skus = [a_product(stock=10).variants.get().sku for _ in range(ROWS)]
    rows = ({"sku": sku, "price": "9", "stock:lisbon": "12"} for sku in skus)
    return begun(a_sheet(*rows))


def die_on_the_way(run: ImportRun, point: str) -> None:
    def work():
        calls = count(1)
        die_after(running, POINTS[point], lambda *_, **__: next(calls) == 2)
        go_on(run)

    assert killed(work)


def sell_one_of_the_first() -> Stock:
    """A piece of a variant whose row is done already."""
    first, scrapped = Stock.objects.earliest("pk"), StockMovement.Kind.SCRAPPED
    with transaction.atomic():
        return inventory.receive(first.pk, -1, now=LATER, kind=scrapped)


@pytest.mark.parametrize("point", POINTS)
def test_an_import_goes_on_where_it_was_killed(point):
    for _ in range(times(1, 10)):
        run = a_run()
        die_on_the_way(run, point)
        run.refresh_from_db()
        done = BATCH if point == "it is written, and not committed" else 2 * BATCH
        assert (run.state, run.position) == (ImportRun.State.RUNNING, done)

        run = go_on(run)

        assert (run.state, run.report["counts"]["prices"]) == ("done", ROWS)
        assert run.report["counts"]["unchanged"] == 0
    counted = StockMovement.objects.filter(kind="counted", on_hand=2)
    priced = PriceChange.objects.filter(price=9)
    assert counted.count() == priced.count() == Product.objects.count()
    assert drift() == []


def left_of_the_first(*, after_death=lambda run: None) -> int:
    """Pieces of the first row's variant, of which one was sold between the death of an
    import and its end."""
    run = a_run()
    die_on_the_way(run, "it is committed")
    stock = sell_one_of_the_first()
    after_death(run)
    go_on(run)
    stock.refresh_from_db()
    return stock.on_hand


def test_a_row_that_is_done_is_not_counted_again():
    assert left_of_the_first() == 11


def test_control_who_does_not_know_its_place_brings_sold_pieces_back():
    def forget(run: ImportRun) -> None:
        ImportRun.objects.filter(pk=run.pk).update(position=0)

    assert left_of_the_first(after_death=forget) == 12
