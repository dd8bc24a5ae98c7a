"""The list as a script asks for it: whose it is, the session says, and nothing else."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.builders import a_product
from tests.home.accounts.coming_in import a_shopper, log_in
from tests.wishlist.wishing import kept, many_products
from wishlist import merge

pytestmark = pytest.mark.django_db
PATH = "/api/wishlist/merge"


def post(client, *items, operation="operation-1", **more):
    body = {"operationId": operation, "items": list(items)} | more
    return client.post(PATH, json.dumps(body), content_type="application/json")


@pytest.fixture
def marta(client):
    user = a_shopper()
    client.force_login(user)
    return user


def test_a_list_is_merged_and_every_item_answered_for(client, marta):
    product, draft = a_product("Known bowl"), a_product("Secret lamp", live=False)

    answer = post(client, {"productId": product.pk}, {"productId": draft.pk})

    assert answer.json() == {
        "items": [
            {"productId": product.pk, "result": "saved"},
            {"productId": draft.pk, "result": "unknown"},
        ],
        "saved": [product.pk],
    }
    assert "Secret" not in answer.content.decode()
    assert client.get("/api/wishlist/").json()["saved"] == [product.pk]


def test_whose_it_is_and_what_it_cost_is_not_the_browsers_to_say(client, marta):
    jonas, product = a_shopper("jonas@example.org"), a_product(price="50.00")
    said = {"productId": product.pk, "priceSnapshot": "999.00", "userId": jonas.pk}

    answer = post(client, said, userId=jonas.pk, wishlistId=1)

    assert answer.status_code == 200 and kept(jonas) == {}
    assert kept(marta)[product.pk][1] == 50


def test_strangers_and_other_sites_change_nothing():
    product = a_product()
    assert post(Client(), {"productId": product.pk}).status_code == 401
    assert Client().get("/api/wishlist/").status_code == 401

    user = a_shopper()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert post(strict, {"productId": product.pk}).status_code == 403
    token = strict.get("/api/wishlist/").json()["token"]
    strict.defaults["HTTP_X_CSRFTOKEN"] = token
    assert post(strict, {"productId": product.pk}).status_code == 200
    assert set(kept(user)) == {product.pk}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"items": []}',
        '{"operationId": "x", "items": []}',
        '{"operationId": "operation-1", "items": [{"productId": 1e400}]}',
        '{"operationId": "operation-1", "items": [{"productId": -1}]}',
        '{"operationId": "operation-1", "items": [{"productId": 9223372036854775808}]}',
        '{"operationId": "operation-1", "items":'
        ' [{"productId": 1, "addedAt": "9999-12-31T23:59:59-12:00"}]}',
        '{"operationId": "operation-1", "items":'
        ' [{"productId": 1, "addedAt": "soon"}]}',
        json.dumps(
            {"operationId": "operation-1", "items": [{"productId": 1}] * 201},
        ),
    ],
)
def test_what_cannot_be_read_is_refused(client, marta, body):
    answer = client.post(PATH, body, content_type="application/json")

    assert answer.status_code in (400, 422) and "detail" in answer.json()


def test_odd_moments_and_the_same_product_twice_are_no_error(client, marta):
    product = a_product()
    odd = ["0001-01-01T00:00:00+12:00", "9999-12-31T00:00:00", 0, -5, "2026-01-01"]
    for n, moment in enumerate(odd):
        item = {"productId": product.pk, "addedAt": moment}
        twice = item | {"addedAt": None, "removedAt": None}
        answer = post(client, item, twice, operation=f"operation-{n}")
        assert answer.status_code in (200, 422), moment
        assert answer.status_code == 200 or n == 0
    assert len(kept(marta)) == 1


def test_too_many_at_once_are_told_to_wait(client, marta, monkeypatch):
    monkeypatch.setattr(merge, "MOST_PER_MINUTE", 1)
    assert post(client).status_code == 200

    answer = post(client, operation="operation-2")

    assert answer.status_code == 429 and answer["Retry-After"] == "60"


def test_a_merge_of_two_hundred_is_one_transaction_and_eight_queries(client, marta):
    items = [{"productId": product.pk} for product in many_products(200)]
    post(client, operation="operation-0")

    with CaptureQueriesContext(connection) as queries:
        answer = post(client, *items)

    asked = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    begun = [q["sql"] for q in queries if q["sql"].startswith("SAVEPOINT")]
    assert len(answer.json()["saved"]) == 200
    assert len(asked) <= 8 and len(begun) == 1, list(queries)


def test_what_was_kept_before_a_log_out_here_is_offered_to_who_comes_next(client):
    """A shared computer: a visitor's hearts, then two people."""
    a_shopper()
    jonas, product = a_shopper("jonas@example.org"), a_product()
    before = (timezone.now() - timedelta(hours=1)).isoformat()
    log_in(client)
    client.post("/account/logout/")
    log_in(client, "jonas@example.org")
    old = {"productId": product.pk, "addedAt": before}

    offered = post(client, old)
    assert offered.json()["items"][0]["result"] == "offered" and kept(jonas) == {}

    mine = post(client, old, operation="operation-2", takeOffered=True)
    assert mine.json()["saved"] == [product.pk]


def test_cookies_tell_a_script_who_is_in_and_that_somebody_left(client):
    a_shopper()
    known = log_in(client).cookies["known"]
    assert known.value and not known["httponly"]
    assert not client.get("/account/").cookies.get("known")

    left = client.post("/account/logout/").cookies
    assert left["known"]["max-age"] == 0 and left["left"].value
    client.cookies["left"] = "forged"
    assert post(client).status_code == 401
