from decimal import Decimal

import pytest
from django.test import Client

from checkout import saved as saving
from checkout.models import SavedItem
from shop.models import Stock, Variant
from shop.prices import change_price
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import a_shop_that_delivers

pytestmark = pytest.mark.django_db


def browser_of(cart) -> Client:
    client = Client()
    client.cookies["cart"] = cart.token
    return client


def press(client: Client, button: str, line) -> object:
    return client.post("/cart/later/", {button: line.pk})


def in_basket(cart) -> list[tuple]:
    return list(cart.items.values_list("variant", "quantity"))


def laid_aside(cart) -> list[tuple]:
    return list(cart.saved.values_list("variant", "quantity"))


def test_a_line_is_laid_aside_and_put_back_without_any_script():
    a_shop_that_delivers()
    bowl, cup = a_variant(price="40"), a_variant(price="10")
    cart = a_cart((bowl, 2), (cup, 1))
    client = browser_of(cart)
    assert 'formaction="/cart/later/"' in client.get("/cart/").content.decode()

    answer = press(client, "save", cart.items.first())

    assert (answer.status_code, answer.url) == (303, "/cart/")
    assert client.cookies["basket"].value == "1"
    page = client.get("/cart/")
    assert page.context["summary"].lines_total == 10
    (line,) = page.context["saved"]
    assert (line.unit_price, line.quantity, line.is_available) == (40, 2, True)
    assert "Saved for later" in page.content.decode()

    press(client, "back", cart.saved.get())
    assert sorted(in_basket(cart)) == [(bowl.pk, 2), (cup.pk, 1)]
    assert not laid_aside(cart)
    cart.refresh_from_db()
    assert cart.version == 2


def test_what_comes_back_tells_its_new_price_and_what_is_left_of_it():
    a_shop_that_delivers()
    bowl = a_variant(price="40", stock=9)
    cart = a_cart((bowl, 4))
    client = browser_of(cart)
    press(client, "save", cart.items.get())
    change_price(bowl.pk, Decimal(30), now=NOON)
    Stock.objects.update(on_hand=3)
    page = client.get("/cart/")
    assert page.context["saved"][0].unit_price == 30
    assert "Only 3 are left" in page.content.decode()
    # What is laid aside is nobody's news before it is in the basket again.
    assert page.context["changes"] == []

    press(client, "back", cart.saved.get())

    assert client.get("/cart/").context["changes"] == [
        "Vid serving bowl now costs €30.00 instead of €40.00, that is €10.00 less.",
        "Vid serving bowl: only 3 are left, and your basket has 4.",
    ]


def test_what_is_sold_out_stays_laid_aside_and_says_so():
    bowl = a_variant()
    cart = a_cart((bowl, 2))
    client = browser_of(cart)
    press(client, "save", cart.items.get())
    Stock.objects.update(on_hand=0)

    page = client.get("/cart/").content.decode()
    answer = press(client, "back", cart.saved.get())

    assert "Sold out" in page and 'name="back"' not in page
    assert answer.status_code == 422 and "Sold out" in answer.content.decode()
    assert laid_aside(cart) == [(bowl.pk, 2)]
    Variant.objects.update(is_active=False)
    answer = press(client, "back", cart.saved.get())
    assert "No longer for sale" in answer.content.decode()
    press(client, "forget", cart.saved.get())
    assert not laid_aside(cart)


def test_of_one_piece_the_greater_number_is_laid_aside_and_comes_back_on_top():
    bowl = a_variant(stock=50)
    cart = a_cart((bowl, 5))
    SavedItem.objects.create(
        cart=cart,
        variant=bowl,
        quantity=3,
        title="Bowl",
        price_seen=1,
        saved_at=NOON,
    )
    saving.save(cart.token, cart.items.get().pk, now=NOON)
    assert laid_aside(cart) == [(bowl.pk, 5)]

    cart.items.create(
        variant=bowl, quantity=2, title="Bowl", price_seen=1, added_at=NOON
    )
    saving.put_back(cart.token, cart.saved.get().pk, now=NOON)
    assert in_basket(cart) == [(bowl.pk, 7)] and not laid_aside(cart)


def test_a_full_list_or_a_full_basket_loses_nothing(monkeypatch):
    monkeypatch.setattr("checkout.saved.MOST_SAVED", 1)
    monkeypatch.setattr("checkout.cart.MOST_LINES", 1)
    cart = a_cart((a_variant(), 1), (a_variant(), 1))
    client = browser_of(cart)
    first, second = cart.items.all()
    press(client, "save", first)

    full_list = press(client, "save", second)
    full_basket = press(client, "back", cart.saved.get())

    assert full_list.status_code == full_basket.status_code == 422
    assert "So much is saved already" in full_list.content.decode()
    assert "The basket is full" in full_basket.content.decode()
    assert (cart.items.count(), cart.saved.count()) == (1, 1)


def test_lines_of_others_are_out_of_reach_and_nonsense_changes_nothing():
    mine, theirs = a_cart((a_variant(), 1)), a_cart((a_variant(), 1))
    other = browser_of(theirs)
    press(other, "save", theirs.items.get())
    aside, client = theirs.saved.get(), browser_of(mine)

    for button in ("back", "forget", "save"):
        for value in (aside.pk, "", "-1", "9" * 30, "x\0"):
            answer = client.post("/cart/later/", {button: value})
            assert answer.status_code == 303
    client.post("/cart/later/", {"save": mine.items.get().pk + 1000})

    assert theirs.saved.get() == aside
    assert mine.items.count() == 1 and not mine.saved.exists()
    assert client.get("/cart/later/").url == "/cart/"
    assert Client().post("/cart/later/", {"save": "1"}).status_code == 303
