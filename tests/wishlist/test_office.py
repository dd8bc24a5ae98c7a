"""The report for the shop: numbers against stock, and nobody's name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.roles import Role
from tests.builders import NOON, a_colleague, a_product, a_value, a_variant
from tests.home.accounts.coming_in import a_shopper
from tests.wishlist.test_price_drops import a_watch
from tests.wishlist.wishing import merged, off, put
from wishlist.office import wished_for

pytestmark = pytest.mark.django_db
PATH = "/admin/reports/wished-for/"


def test_what_is_wished_for_stands_beside_what_there_is(client):
    bowl, lamp, other = a_product("Bowl", stock=0), a_product("Lamp"), a_product()
    a_variant(bowl, stock=2, sku="BOWL-MOSS", options=[a_value("Moss")])
    marta, jonas = a_shopper(), a_shopper("jonas@example.org")
    merged(marta, put(bowl), put(lamp))
    merged(jonas, put(bowl), put(other))
    merged(jonas, off(other), operation="operation-2")
    a_watch(bowl, wants_stock=True)
    a_watch(bowl, "unsure@example.org", wants_stock=True, confirmed_at=None)

    rows = [(v.product.title, v.wishes, v.waiting, v.pieces) for v in wished_for()]
    assert rows == [("Bowl", 2, 1, 0), ("Bowl", 2, 1, 2), ("Lamp", 1, 0, 10)]

    client.force_login(a_colleague(Role.SHOP_STAFF))
    page = client.get(PATH).content.decode()
    assert "BOWL-MOSS" in page and "Moss" in page and "marta" not in page
    export = b"".join(client.get(f"{PATH}?export=csv").streaming_content).decode()
    assert "Bowl,BOWL-MOSS,Moss,2,1,2" in export


@pytest.mark.parametrize("role", [Role.EDITORS, Role.PUBLISHERS])
def test_the_report_is_the_shop_staffs(client, role):
    client.force_login(a_colleague(role))

    assert client.get(PATH).status_code == 302
    assert "Wished for" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("n", [1, 50])
def test_a_long_report_asks_as_much_as_a_short_one(n):
    marta = a_shopper()
    product = a_product()
    for _ in range(n - 1):
        a_variant(product, stock={}, now=NOON)
    merged(marta, put(product))

    with CaptureQueriesContext(connection) as queries:
        assert len([(v.product.title, v.pieces) for v in wished_for()]) == n

    assert len(queries) == 1
