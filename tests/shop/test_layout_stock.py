"""Layout blocks that wait for a piece follow its stock, and cost a sale nothing."""

import threading

import pytest
from django.db import connection, transaction

from home import published
from shop import relist as listing
from shop.models import Product, Stock
from shop.relist import relist
from tests.builders import (
    a_layout_block,
    a_product,
    a_workspace,
    stage_block,
    stage_new_block,
)
from tests.waiting import is_waited_for, until

pytestmark = pytest.mark.django_db


def leave(product, pieces: int) -> None:
    Stock.objects.filter(variant__product=product).update(on_hand=pieces)
    relist([product.pk])


@pytest.fixture
def changes(monkeypatch):
    """How often pages would have been made anew."""
    found = []
    monkeypatch.setattr(published, "changed", lambda: found.append("changed"))
    return found


@pytest.fixture
def bowl():
    return a_product(slug="bowl", stock=10)


@pytest.fixture
def waits_for_bowl(bowl):
    return a_layout_block(title="Last bowls", only_in_stock=True, stock_product=bowl)


def test_the_last_piece_and_the_first_one_back_are_told(bowl, waits_for_bowl, changes):
    leave(bowl, 0)
    assert len(changes) == 1

    leave(bowl, 3)
    assert len(changes) == 2


def test_a_sale_that_leaves_something_is_not(bowl, waits_for_bowl, changes):
    leave(bowl, 1)
    relist([bowl.pk])

    assert changes == []


def test_a_piece_that_no_block_waits_for_is_not(bowl, waits_for_bowl, changes):
    other = a_product()
    a_layout_block(only_in_stock=False, stock_product=other)
    changes.clear()

    leave(other, 0)

    assert changes == []


def test_a_piece_that_only_a_draft_waits_for_is_told(bowl, changes):
    workspace, block = a_workspace(), a_layout_block()
    stage_block(workspace, block, only_in_stock=True, stock_product=bowl)
    stage_new_block(workspace, only_in_stock=True, stock_product=bowl)
    changes.clear()

    leave(bowl, 0)

    assert len(changes) == 1


def test_a_piece_that_is_taken_off_the_shop_or_deleted_is_told(changes):
    bowl = a_product(price=None)
    a_layout_block(only_in_stock=True, stock_product=bowl)
    changes.clear()

    bowl.live = False
    bowl.save()
    assert len(changes) == 1

    bowl.delete()
    assert len(changes) == 2


def test_a_piece_without_a_price_is_not_for_sale(bowl, waits_for_bowl, changes):
    bowl.variants.update(is_active=False)
    relist([bowl.pk])

    assert len(changes) == 1


def test_all_are_told_of_together(bowl, waits_for_bowl, changes):
    a_layout_block(only_in_stock=True, stock_product=a_product(stock=3))
    changes.clear()
    Stock.objects.update(on_hand=0)

    assert relist() == 2
    assert len(changes) == 1


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_follows_at_the_commit(client, bowl, waits_for_bowl):
    def home() -> str:
        return client.get("/").content.decode()

    assert "Last bowls" in home()
    with transaction.atomic():
        leave(bowl, 0)
        assert "Last bowls" in _elsewhere(home)

    assert "Last bowls" not in home()
    leave(bowl, 1)
    assert "Last bowls" in home()


def _elsewhere(look) -> str:
    """What another process sees meanwhile."""
    seen = []

    def run():
        seen.append(look())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return seen[0]


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_relistings_the_later_one_sees_what_the_first_has_written():
    bowl = a_product(stock=10)

    _relist_while_the_last_is_sold(bowl)

    assert Product.objects.get(pk=bowl.pk).stock_quantity == 0


@pytest.mark.django_db(transaction=True)
def test_and_would_write_it_over_if_it_looked_before_it_waited(monkeypatch):
    """The control: one statement that locks and reads has read before it waits."""
    monkeypatch.setattr(
        listing, "LOCK", "SELECT count(*) FROM shop_product WHERE {which}"
    )
    bowl = a_product(stock=10)

    _relist_while_the_last_is_sold(bowl)

    assert Product.objects.get(pk=bowl.pk).stock_quantity == 5


def _relist_while_the_last_is_sold(bowl) -> None:
    def run():
        relist([bowl.pk])
        connection.close()

    thread = threading.Thread(target=run)
    Stock.objects.update(on_hand=5)
    with transaction.atomic():
        leave(bowl, 0)
        # The job that the sale before has asked for, a little late.
        thread.start()
        assert until(is_waited_for)
    thread.join()
