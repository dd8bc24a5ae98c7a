"""What is built by fewer statements is what the product would have saved."""

import pytest

from shop.models import Category, Product
from shop.relist import drift
from tests.builders import a_brand, a_category, a_product, a_value, a_variant

pytestmark = pytest.mark.django_db


def test_what_is_built_is_listed_as_the_shop_lists_it():
    a_variant()
    a_variant(price="0.50", stock=0)
    a_variant(stock={"lisbon": 3, "porto": 4}, options=[a_value()])
    a_variant(is_active=False)
    a_variant(a_product(price=None), compare_at_price="99.00")
    a_product(brand=a_brand(), caption="Stoneware, oat", values=[a_value("Sand")])
    a_product(brand=a_brand(), caption="Stoneware", stock={"lisbon": 1, "porto": 1})
    a_variant(a_product("Rug", live=False), sku="KL-RUG")

    assert Product.objects.count() == 8
    assert drift() == []


def test_a_category_that_is_built_says_where_it_is():
    bowls = a_category("Bowls", a_category("Tableware"))
    built = list(Category.objects.values())

    for category in (bowls.parent, bowls):
        category.save()

    assert list(Category.objects.values()) == built
    assert bowls.url_path == "tableware/bowls"
