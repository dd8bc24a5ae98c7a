"""Which changes of what is for sale make pages anew, and how often."""

from decimal import Decimal

import pytest

from home import goods
from shop import inventory, tree
from shop.models import Product, Stock
from shop.prices import change_price
from shop.relist import relist
from tests.builders import (
    NOON,
    a_brand,
    a_category,
    a_product,
    a_value,
    a_variant,
)
from tests.many import many_products

pytestmark = pytest.mark.django_db


@pytest.fixture
def bumps(monkeypatch, django_capture_on_commit_callbacks):
    """How often something has been said to have changed, up to the commit, since this
    was last asked."""
    said = []
    monkeypatch.setattr(goods, "changed", lambda: said.append(1))

    def count(deed) -> int:
        said.clear()
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        return len(said)

    return count


def reserve(variant, pieces) -> None:
    stock = inventory.lock_stock([variant.pk])
    inventory.reserve(stock, [inventory.Demand(variant.pk, pieces, 1)], now=NOON)


# Price


def test_a_price_that_lists_show_is_new_on_pages_and_again_on_lists(bumps):
    variant = a_variant(price="40")

    assert bumps(lambda: change_price(variant.pk, Decimal(30), now=NOON)) == 2
    assert bumps(lambda: change_price(variant.pk, Decimal(30), now=NOON)) == 0


def test_a_price_that_no_list_shows_is_new_on_its_page(bumps):
    product = a_product(price="20")
    dear = a_variant(product, price="40")

    assert bumps(lambda: change_price(dear.pk, Decimal(45), now=NOON)) == 1


# Stock


@pytest.mark.parametrize(
    ("stock", "taken", "is_told"),
    [(100, 3, False), (7, 1, False), (6, 1, True), (5, 1, True), (3, 3, True)],
)
def test_pieces_count_only_when_shoppers_are_told_of_them(bumps, stock, taken, is_told):
    variant = a_variant(stock=stock)

    assert bumps(lambda: reserve(variant, taken)) == is_told
    assert bumps(relist) == is_told


def test_a_sold_out_variant_is_told_though_its_product_has_plenty(bumps):
    product = a_product(stock=100)
    last = a_variant(product, stock=1)

    assert bumps(lambda: reserve(last, 1)) == 1


def test_what_arrives_or_is_given_back_is_told(bumps):
    variant = a_variant(stock=3)
    row = Stock.objects.get(variant=variant)
    reserve(variant, 1)

    assert bumps(lambda: inventory.release([1], now=NOON)) == 1
    assert bumps(lambda: inventory.release([1], now=NOON)) == 0
    assert bumps(lambda: inventory.receive(row.pk, 5, now=NOON)) == 1


def test_a_sale_changes_nothing_that_its_reservation_had_not(bumps):
    variant = a_variant(stock=3)
    reserve(variant, 1)

    assert bumps(lambda: inventory.sell([1], now=NOON)) == 0


# Lists


def test_relisting_many_makes_pages_anew_once(bumps):
    many_products(20, stock=50)
    Stock.objects.update(on_hand=0)

    assert bumps(relist) == 1
    assert bumps(relist) == 0


def test_a_colour_more_is_seen_on_the_card(bumps):
    product = a_product()
    product.variants.get().options.add(a_value("Moss"))

    assert bumps(lambda: relist([product.pk])) == 1


# Stories, categories, workshops


def test_a_story_counts_when_it_is_published(bumps):
    product = a_product()
    product.title = "Vid, the bowl"

    revision = product.save_revision()
    assert bumps(lambda: product.save_revision()) == 0
    assert bumps(lambda: revision.publish()) == 1
    assert bumps(lambda: Product.objects.get().unpublish()) == 1


def test_a_story_that_nobody_has_seen_does_not_count(bumps):
    product = a_product(live=False)

    assert bumps(lambda: product.save()) == 0


def test_a_product_that_goes_counts_one_by_one_or_many_together(bumps):
    one, _ = a_product(price=None), a_product(price=None)

    assert bumps(lambda: one.delete()) == 1
    assert bumps(lambda: Product.objects.all().delete()) == 1


def test_categories_attributes_and_workshops_count(bumps):
    category, brand, value = a_category(), a_brand(), a_value()

    assert bumps(lambda: category.save()) == 1
    assert bumps(lambda: category.delete()) == 1
    assert bumps(lambda: brand.save()) == 1
    assert bumps(lambda: value.attribute.save()) == 1
    assert bumps(tree.changed) == 1


# The number


@pytest.mark.django_db(transaction=True)
def test_every_change_is_another_number_for_everyone():
    from django.core.cache import cache

    begun = goods.begin()
    assert goods.begin() == begun

    goods.changed()

    assert cache.get(goods.POINTER) > begun
