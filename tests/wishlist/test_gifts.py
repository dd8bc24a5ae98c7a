"""What others are getting from a shared list: marked by link, seen by nobody who should
be surprised, and by whom is known to no one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.models import Product
from tests.builders import NOON, a_product
from tests.home.accounts.coming_in import a_shopper, log_in
from tests.wishlist.wishing import HOUR, many_products, merged, off, put
from wishlist import gifts, own_data, sharing, tasks
from wishlist.models import Gift, Wishlist

pytestmark = pytest.mark.django_db
MINE, TAKEN = "You are getting this", "Somebody is getting this"


@pytest.fixture
def bowl():
    return a_product("Vid serving bowl", now=NOON - 48 * HOUR)


@pytest.fixture
def marta(bowl):
    user = a_shopper()
    merged(user, put(bowl), put(a_product("Lag plate", now=NOON - 48 * HOUR)))
    sharing.share(user.pk, now=NOON)
    return user


def path() -> str:
    return f"/wishlist/shared/{Wishlist.objects.get().share_token}/"


def press(client, product, **more):
    return client.post(f"{path()}gift/", {"product": product.pk} | more)


def text(client, at: str = "") -> str:
    return client.get(at or path()).content.decode()


def test_marked_by_one_it_is_taken_for_others_until_they_take_it_back(marta, bowl):
    ada, ben = Client(), Client()
    assert "I am getting this: Vid serving bowl" in text(ada)

    answer = press(ada, bowl)
    assert answer.status_code == 303
    assert answer.url == f"{path()}#piece-{bowl.pk}"
    assert f'id="piece-{bowl.pk}"' in text(ada)
    cookie = answer.cookies[gifts.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["path"] == path()

    assert MINE in text(ada) and "Take it back: Vid serving bowl" in text(ada)
    assert TAKEN in text(ben) and MINE not in text(ben)
    assert "getting this: Vid serving bowl" not in text(ben)
    assert "I am getting this: Lag plate" in text(ben)
    assert press(ada, bowl).status_code == 303  # Said twice, it is once.

    refused = press(ben, bowl)
    assert refused.status_code == 409
    assert "Somebody was quicker" in refused.content.decode()
    press(ben, bowl, back="1")
    press(Client(), bowl, back="1")
    assert TAKEN in text(ben)  # What is another's cannot be taken back.

    press(ada, bowl, back="1")
    assert MINE not in text(ada) and TAKEN not in text(ben)
    assert press(ben, bowl).status_code == 303 and MINE in text(ben)


def test_whoever_made_the_list_is_surprised_unless_they_ask(client, marta, bowl):
    client.force_login(marta)
    press(Client(), bowl)

    for at in ("/wishlist/", path()):
        page = text(client, at)
        assert TAKEN not in page and MINE not in page and "I am getting" not in page
    assert press(client, bowl).status_code == 404

    client.post("/wishlist/share/", {"gifts": "show"})
    for at in ("/wishlist/", path()):
        assert text(client, at).count(TAKEN) == 1
    assert "sees what is marked, and not by whom" in text(Client())

    client.post("/wishlist/share/", {"gifts": "hide"})
    assert TAKEN not in text(client, "/wishlist/")
    assert "Whoever made the list does not see it" in text(Client())


def test_nobody_is_named_and_one_browser_is_another_on_every_list(marta, bowl):
    jonas, ada = a_shopper("jonas@example.org"), Client()
    merged(jonas, put(bowl), operation="operation-2")
    sharing.share(jonas.pk, now=NOON)
    log_in(ada, "jonas@example.org")
    for owner in (marta, jonas):
        wishlist = Wishlist.objects.get(owner=owner)
        gifts.mark(wishlist, bowl.pk, "one-browser", visitor="v", now=NOON)

    givers = set(Gift.objects.values_list("giver", flat=True))
    assert len(givers) == 2 and "one-browser" not in givers
    kept = [field.name for field in Gift._meta.get_fields()]
    assert kept == ["id", "item", "giver", "marked_at", "visitor"]
    shared = Wishlist.objects.get(owner=marta).share_token
    answer = ada.get(f"/wishlist/shared/{shared}/")
    assert "jonas" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_mark_can_be_taken_back_after_the_secret_key_has_changed(
    marta, bowl, settings
):
    ada = Client()
    press(ada, bowl)

    settings.SECRET_KEY = "new" * 20

    assert MINE in text(ada)


def test_with_its_link_a_list_loses_its_marks(client, marta, bowl):
    client.force_login(marta)
    ada, old = Client(), path()
    press(ada, bowl)

    client.post("/wishlist/share/", {"withdraw": "1"})

    assert not Gift.objects.exists()
    assert ada.get(old).status_code == 404
    gone = ada.post(f"{old}gift/", {"product": bowl.pk})
    assert gone.status_code == 404
    client.post("/wishlist/share/")
    assert MINE not in text(ada) and TAKEN not in text(ada)


def test_a_link_withdrawn_meanwhile_marks_nothing(marta, bowl):
    seen = Wishlist.objects.get()
    sharing.share(marta.pk, now=NOON)

    with pytest.raises(gifts.Taken):
        gifts.mark(seen, bowl.pk, "a-browser", visitor="v", now=NOON)

    assert not Gift.objects.exists()


@pytest.mark.parametrize(
    ("product", "status"),
    [("", 400), ("x", 400), ("-1", 400), ("0", 404), ("9" * 18, 404)],
)
def test_nothing_is_marked_that_is_no_piece(marta, product, status):
    answer = Client().post(f"{path()}gift/", {"product": product})

    assert answer.status_code == status


def test_only_what_is_on_the_list_and_in_the_shop_is_marked(marta, bowl):
    elsewhere = a_product()
    assert press(Client(), elsewhere).status_code == 409
    Product.objects.filter(pk=bowl.pk).update(live=False)
    assert press(Client(), bowl).status_code == 404
    assert not Gift.objects.exists()

    forged = Client().post(
        f"{path()}gift/", {"product": bowl.pk}, HTTP_SEC_FETCH_SITE="cross-site"
    )
    assert forged.status_code == 403


def test_taken_off_and_put_back_it_is_still_marked_and_wished_for_anew_it_is_not(
    marta, bowl
):
    wishlist = Wishlist.objects.get()
    gifts.mark(wishlist, bowl.pk, "ada", visitor="v", now=NOON + HOUR)
    merged(marta, off(bowl, NOON + 2 * HOUR), operation="o-2", now=NOON + 2 * HOUR)
    merged(marta, put(bowl, NOON + 3 * HOUR), operation="o-3", now=NOON + 3 * HOUR)
    merged(marta, put(bowl), operation="o-4", now=NOON + 3 * HOUR)
    assert gifts.marks(wishlist, "ada") == {bowl.pk: gifts.Mark.MINE}

    merged(marta, off(bowl, NOON + 4 * HOUR), operation="o-5", now=NOON + 4 * HOUR)
    with pytest.raises(gifts.Taken):
        gifts.mark(wishlist, bowl.pk, "ben", visitor="v", now=NOON + 4 * HOUR)
    merged(marta, put(bowl, NOON + 5 * HOUR), operation="o-6", now=NOON + 5 * HOUR)

    assert gifts.marks(wishlist, "ada") == {}
    gifts.mark(wishlist, bowl.pk, "ben", visitor="v", now=NOON + 6 * HOUR)
    assert gifts.marks(wishlist, "ada") == {bowl.pk: gifts.Mark.TAKEN}


def test_nobody_marks_all_there_is_and_frees_it_to_go_on(marta, bowl, monkeypatch):
    monkeypatch.setattr(gifts, "MOST_PER_HOUR", 1)
    ada = Client()
    press(ada, bowl)
    press(ada, bowl, back="1")
    plate = Product.objects.get(title="Lag plate")

    answer = press(ada, plate)

    assert answer.status_code == 429
    assert "Please try again in an hour" in answer.content.decode()
    Gift.objects.update(marked_at=NOON - timedelta(days=2))
    assert press(ada, plate).status_code == 303


def test_from_where_it_was_marked_is_forgotten_after_a_day(marta, bowl):
    gifts.mark(Wishlist.objects.get(), bowl.pk, "ada", visitor="v", now=NOON)

    gifts.sweep(now=NOON + 12 * HOUR)
    assert Gift.objects.get().visitor == "v"
    tasks.sweep(timestamp=0)
    assert Gift.objects.get().visitor == "" and Gift.objects.get().giver


def test_a_list_that_is_forgotten_takes_its_marks_along(marta, bowl):
    press(Client(), bowl)
    assert Gift.objects.exists()

    own_data.erase(marta)

    assert not Gift.objects.exists()


@pytest.mark.parametrize("n", [1, 50])
def test_a_shared_list_asks_as_much_for_fifty_marks_as_for_one(n):
    marta, products = a_shopper(), many_products(n)
    merged(marta, *map(put, products))
    sharing.share(marta.pk, now=NOON)
    wishlist = Wishlist.objects.get()
    Gift.objects.bulk_create(
        Gift(item=item, giver="g", marked_at=NOON) for item in wishlist.items.all()
    )
    text(Client())

    with CaptureQueriesContext(connection) as queries:
        page = text(Client())

    assert page.count(TAKEN) == n and len(queries) <= 8, list(queries)
