"""Where a thing has moved, old links lead there, in one step."""

import pytest
from wagtail.contrib.redirects.models import Redirect

from home.roles import Role
from shop.models import Product
from tests.builders import a_category, a_colleague, a_product

pytestmark = pytest.mark.django_db


def led_to(client, address: str) -> list[tuple[str, int]]:
    return client.get(address, follow=True).redirect_chain


@pytest.fixture
def renamed(django_capture_on_commit_callbacks):
    """Gives a thing another slug; its new address."""

    def rename(thing, slug: str) -> str:
        thing.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            thing.slug = slug
            thing.save()
        return thing.url

    return rename


def test_a_product_is_found_at_every_address_it_had(client, renamed):
    product = a_product("Vid", slug="vid")
    client.get("/product/vid/")

    first = renamed(product, "vid-bowl")
    assert led_to(client, "/product/vid/") == [(first, 301)]
    second = renamed(product, "serving-bowl")
    assert led_to(client, "/product/vid/") == [(second, 301)]
    assert led_to(client, first) == [(second, 301)]

    assert renamed(product, "vid") == "/product/vid/"
    assert led_to(client, "/product/vid/") == []
    assert led_to(client, second) == [("/product/vid/", 301)]


def test_an_address_that_is_used_again_is_the_new_things(client, renamed):
    old = a_product("Vid", slug="vid")
    renamed(old, "vid-bowl")
    a_product("Another", slug="vid")

    page = client.get("/product/vid/")

    assert (page.status_code, "Another" in page.content.decode()) == (200, True)


def test_a_category_and_all_beneath_it_are_found_where_they_were(client, renamed):
    tableware = a_category("Tableware", slug="tableware")
    bowls = a_category("Bowls", slug="bowls", parent=tableware)
    deep = a_category("Deep", slug="deep", parent=bowls)
    a_product(category=deep)

    renamed(tableware, "table")

    moved = "/shop/table/bowls/deep/"
    assert led_to(client, "/shop/tableware/bowls/deep/") == [(moved, 301)]
    renamed(bowls, "dishes")
    moved = "/shop/table/dishes/deep/"
    for address in ("tableware/bowls/deep", "table/bowls/deep"):
        assert led_to(client, f"/shop/{address}/") == [(moved, 301)]


def test_what_nobody_has_seen_leaves_no_trace(renamed):
    product = a_product(live=False, slug="draft")
    renamed(product, "better")
    Product.objects.get(pk=product.pk).save(update_fields=["popularity"])

    assert not Redirect.objects.exists()


def test_staff_rename_a_product_and_its_links_still_work(
    client, django_capture_on_commit_callbacks
):
    client.force_login(a_colleague(Role.SHOP_STAFF))
    category = a_category("Bowls", slug="bowls")
    a_product(category=category)
    form = {"name": "Dishes", "slug": "dishes", "parent": "", "position": "0"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/snippets/shop/category/edit/{category.pk}/", form)

    assert led_to(client, "/shop/bowls/") == [("/shop/dishes/", 301)]
