"""Hearts and the list, with nothing but forms; and pages that stay the same for all."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.models import Product
from shop.prices import change_price
from tests.builders import a_product, a_variant
from tests.home.accounts.coming_in import (
    a_shopper,
    link_in,
    log_in,
    post_letters,
    sign_up,
)
from tests.wishlist.wishing import kept, many_products, merged, put
from wishlist.models import Wishlist, WishlistItem

pytestmark = pytest.mark.django_db


def press(client, product, **more):
    return client.post("/wishlist/press/", {"product": product.pk} | more)


def text(client, path="/wishlist/") -> str:
    return client.get(path).content.decode()


def test_a_heart_stands_on_every_card_and_says_nothing_of_anybody(client):
    product = a_product("Vid serving bowl")
    log_in_later = Client()
    log_in_later.force_login(a_shopper())
    press(log_in_later, product)
    press(client, product)

    for path in ("/shop/", product.url):
        page = Client().get(path)
        assert not page.cookies and "Cookie" not in page.get("Vary", "")
        assert 'aria-label="Save Vid serving bowl to wishlist"' in page.content.decode()
        pressed = r'name="product"[^>]* aria-pressed="true"'
        assert not re.search(pressed, page.content.decode())
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        assert len(queries) == 0, path


def test_hearts_and_list_are_small():
    folder = settings.BASE_DIR / "wishlist" / "static" / "wishlist"
    sizes = {
        path.stem: len(gzip.compress(path.read_bytes())) for path in folder.glob("*.js")
    }

    assert sizes["storage"] + sizes["hearts"] + sizes["list"] <= 3 * 1024
    assert sizes["storage"] + sizes["hearts"] + sizes["offered"] <= 3 * 1024


@pytest.mark.parametrize("is_known", [False, True], ids=["visitor", "customer"])
def test_kept_seen_taken_off_and_put_back_without_a_script(client, is_known):
    product = a_product("Vid serving bowl", price="36.50")
    if is_known:
        client.force_login(a_shopper())

    assert press(client, product).url == "/wishlist/"
    page = text(client)
    assert "Vid serving bowl" in page and ">1 piece<" in page
    assert "In stock" in page and "at €36.50" in page

    gone = press(client, product, off="1")
    page = text(client, gone.url)
    assert "Vid serving bowl is off the list." in page and ">1 piece<" not in page

    since = re.search(r'name="since" value="(\d+)"', page)[1]
    press(client, product, since=since)
    assert ">1 piece<" in text(client)


def test_what_a_visitor_kept_is_theirs_once_they_log_in(client):
    """Through the session, which log-in keeps and renews."""
    user, product = a_shopper(), a_product()
    press(client, product)
    other = a_product()
    inside = Client()
    log_in(inside)
    press(inside, other)

    log_in(client)

    assert set(kept(user)) == {product.pk, other.pk}
    client.post("/account/logout/")
    assert ">1 piece<" not in text(client) and ">2 pieces<" not in text(client)


def test_confirmed_on_another_device_both_lists_are_joined(client):
    """Signed up here, the letter opened there: whoever logs in brings their list."""
    here, there = a_product(), a_product()
    phone = Client()
    press(client, here)
    press(phone, there)
    sign_up(client)
    letter, *_ = post_letters()
    confirm = link_in(letter, "confirm-email/")
    phone.get(confirm)
    phone.post(confirm)
    marta = get_user_model().objects.get()

    log_in(phone)
    assert set(kept(marta)) == {there.pk}
    log_in(client)

    assert set(kept(marta)) == {here.pk, there.pk}
    assert ">2 pieces<" in text(phone) and ">2 pieces<" in text(client)


def test_a_list_says_what_has_become_cheaper_and_what_is_gone(client):
    then = timezone.now() - timedelta(days=5)
    cheaper = a_product("Cheaper bowl", price="50.00", now=then)
    press(client, cheaper)
    change_price(cheaper.variants.get().pk, Decimal("40.00"), now=timezone.now())
    Product.objects.filter(pk=cheaper.pk).update(current_price=Decimal("40.00"))
    press(client, a_product("Gone bowl", stock=0))
    hidden = a_product("Hidden bowl")
    press(client, hidden)
    Product.objects.filter(pk=hidden.pk).update(live=False)

    page = text(client)

    assert "€10.00 less" in page and "Sold out" in page and "Hidden" not in page


def test_moved_into_the_basket_it_leaves_the_list_and_not_before(client):
    here, gone = a_product(stock=3), a_product(stock=0)
    press(client, here)
    press(client, gone)

    def move(product):
        sku = product.variants.get().sku
        return client.post("/wishlist/move/", {"product": product.pk, "sku": sku})

    assert move(here).url == "/cart/"
    assert move(gone).status_code == 422
    page = text(client)
    assert ">1 piece<" in page and gone.url in page


def test_what_comes_in_several_ways_is_chosen_first(client):
    product = a_product()
    a_variant(product)
    press(client, product)

    page = text(client)

    assert ">Choose<" in page and "Move to basket" not in page


@pytest.mark.parametrize("product", ["", "0", "-1", "9" * 30, "x", "1;drop"])
def test_a_heart_of_nothing_is_refused_and_no_error(client, product):
    answer = client.post("/wishlist/press/", {"product": product})

    assert answer.status_code in (400, 404)


def test_other_sites_press_no_hearts(client):
    product = a_product()
    answer = client.post(
        "/wishlist/press/", {"product": product.pk}, HTTP_SEC_FETCH_SITE="cross-site"
    )

    assert answer.status_code == 403 and ">1 piece<" not in text(client)


def test_a_full_list_says_so(client, monkeypatch):
    monkeypatch.setattr("wishlist.session_list.MOST_ITEMS", 1)
    press(client, a_product())

    answer = press(client, a_product())

    assert answer.status_code == 409 and "The list is full" in answer.content.decode()


def test_a_list_in_the_browser_gets_its_cards_and_leaves_no_trace(client):
    product = a_product("Vid serving bowl")
    since = round(datetime(2026, 11, 25, tzinfo=UTC).timestamp() * 1000)
    damaged = f"{product.pk}.{since},x.1,{10**15}.5,9.,,{'9' * 40}.1"

    answer = client.post("/wishlist/local/", {"items": damaged})

    page = answer.content.decode()
    assert "Vid serving bowl" in page and ">1 piece<" in page and "<html" not in page
    assert not answer.cookies and not WishlistItem.objects.exists()


@pytest.mark.parametrize("n", [1, 50, 200])
def test_a_long_list_asks_as_much_as_a_short_one(client, n):
    marta = a_shopper()
    merged(marta, *map(put, many_products(n)))
    client.force_login(marta)
    client.get("/wishlist/")

    with CaptureQueriesContext(connection) as queries:
        page = text(client)

    assert page.count('<article class="card') == n and len(queries) <= 8, list(queries)


# Sharing


def test_a_shared_list_is_seen_by_link_until_it_is_taken_back(client):
    product = a_product("Vid serving bowl")
    client.force_login(a_shopper("marta@example.org"))
    press(client, product)
    client.post("/wishlist/share/")
    path = "/wishlist/shared/" + Wishlist.objects.get().share_token + "/"
    assert path in text(client) and len(path) >= len("/wishlist/shared//") + 22

    seen = Client().get(path)
    page = seen.content.decode()
    assert "Vid serving bowl" in page and "marta" not in page
    assert 'form="off"' not in page and "Move to basket" not in page
    assert "noindex" in seen["X-Robots-Tag"] and "no-store" in seen["Cache-Control"]
    assert seen["Referrer-Policy"] == "no-referrer"

    client.post("/wishlist/share/", {"withdraw": "1"})
    assert Client().get(path).status_code == 404
    assert Client().get("/wishlist/shared/None/").status_code == 404
    assert Client().post("/wishlist/share/").url.startswith("/account/login/")
