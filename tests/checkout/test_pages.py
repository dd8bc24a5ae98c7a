"""The doors: what a plain client sees, with no script at all."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout import rush
from checkout.cart import MOST_LINES
from checkout.errors import CartBusy
from checkout.models import Cart, CartItem, DeliveryMethod, Order
from shop.models import Product, Stock
from shop.prices import change_price
from tests.builders import (
    NOON,
    a_cart,
    a_delivery_method,
    a_product,
    a_promotion,
    a_variant,
)
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    start_jobs_now,
    work_off_jobs,
)
from tests.many import many_carts, many_variants

pytestmark = pytest.mark.django_db
# What workers and threads have to see, and where each statement is counted.
commits = pytest.mark.django_db(transaction=True)
FORM = {
    "email": "marta@Example.ORG",
    "name": "Marta Kowalska",
    "street": "Rua do Forno 14",
    "postcode": "1200-109",
    "city": "Lisboa",
    "country": "PT",
    "flat": "3.º Esq.",
    "delivery": "post",
    "payment": "invoice",
}
ODD_QUANTITIES = ["-1", "1e9", "2.5", "", "４", "+3", "0x1", "٣", "1000", "two"]


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def with_cart(*items, **more) -> Client:
    client = Client()
    client.cookies["cart"] = a_cart(*items, **more).token
    return client


def put(client: Client, variant, quantity="1", **more):
    return client.post("/cart/add/", {"sku": variant.sku, "quantity": quantity}, **more)


def submit(client: Client, **changes):
    """Fetch the checkout page and send its form, as a browser without script would."""
    page = client.get("/checkout/").content.decode()
    total = re.search(r'name="expected_total" value="([^"]*)"', page)[1]
    return client.post("/checkout/", FORM | {"expected_total": total} | changes)


def text_of(response) -> str:
    return response.content.decode()


@commits
def test_from_product_to_letter_with_a_plain_client():
    variant = a_product(price="36.50").variants.get()
    client = Client(enforce_csrf_checks=True)
    page = client.get(variant.product.url)
    assert f'value="{variant.sku}"' in text_of(page)
    assert not page.cookies

    added = put(client, variant, "2")
    assert (added.status_code, added.url) == (303, "/cart/")
    assert client.cookies["basket"].value == "2"
    assert "€77.90" in text_of(client.get("/cart/"))
    checkout = text_of(client.get("/checkout/"))
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', checkout))
    ordered = client.post(
        "/checkout/",
        FORM
        | {name: hidden[name] for name in ("csrfmiddlewaretoken", "expected_total")},
    )

    order = Order.objects.get()
    assert (ordered.status_code, ordered.url) == (303, f"/order/{order.token}/")
    assert (order.status, order.total) == (Order.Status.CONFIRMED, Decimal("77.90"))
    assert order.email == "marta@example.org"
    assert client.cookies["basket"].value == ""
    seen = text_of(client.get(ordered.url))
    assert order.number in seen and "2 pieces" in seen
    start_jobs_now()
    work_off_jobs()
    assert order.number in mail.outbox[0].subject
    assert Product.objects.get().stock_quantity == 8
    assert_invariants()


def test_a_form_sent_twice_is_one_order_and_the_same_page():
    client = with_cart((a_variant(price="5.00"), 1))
    said = {"key": "key-of-this-form", "expected_total": "9.90"}

    first, again = (client.post("/checkout/", FORM | said) for _ in range(2))

    assert first.status_code == again.status_code == 303
    assert first.url == again.url
    assert Order.objects.count() == 1
    assert_invariants()


def test_a_form_sent_again_with_other_words_is_refused_and_keeps_them():
    client = with_cart((a_variant(price="5.00"), 1))
    said = {"key": "key-of-this-form", "expected_total": "9.90"}
    first = client.post("/checkout/", FORM | said)

    again = client.post("/checkout/", FORM | said | {"city": "Porto"})

    assert again.status_code == 422
    assert first.url in text_of(again)
    assert 'value="Porto"' in text_of(again)
    assert Order.objects.get().city == "Lisboa"
    assert_invariants()


def test_a_strange_key_orders_once_all_the_same():
    variant = a_variant(price="5.00")
    keys = ["", "short", "é" * 20, "x" * 65, "a\0bcdefgh"]

    for key in keys:
        client = with_cart((variant, 1))
        said = FORM | {"key": key, "expected_total": "9.90"}
        answers = [client.post("/checkout/", said).status_code for _ in range(2)]
        assert answers == [303, 303], key

    assert Order.objects.count() == len(keys)


@commits
def test_20_buyers_at_once_for_one_piece_are_one_order_and_no_error():
    variant = a_variant(price="5.00", stock=1)
    clients = [with_cart((variant, 1)) for _ in range(20)]

    answers = all_at_once(
        lambda client: client.post("/checkout/", FORM | {"expected_total": "9.90"}),
        clients,
        places=10,
    )

    assert {answer.status_code for answer in answers} <= {303, 409}
    rush.serve(variant.product_id, now=timezone.now())
    order = Order.objects.get()
    for client, answer in zip(clients, answers, strict=True):
        # Who found the row busy was given a place in line, and has an answer by now.
        is_in_line = "/waiting/" in answer.headers.get("Location", "")
        end = client.get(answer.url) if is_in_line else answer
        assert end.status_code == 409 or end.url == order.get_absolute_url()
    refused = [answer for answer in answers if answer.status_code == 409]
    assert all("sold out" in text_of(answer) for answer in refused)
    assert all('value="Marta Kowalska"' in text_of(answer) for answer in refused)
    assert_invariants()


def test_private_pages_are_stored_nowhere_and_listed_nowhere():
    client = with_cart((a_variant(), 1))

    for path in ["/cart/", "/checkout/"]:
        page = client.get(path)

        assert page.status_code == 200
        assert set(page["Cache-Control"].split(", ")) == {"private", "no-store"}
        assert page["X-Robots-Tag"] == "noindex"


@commits
@pytest.mark.parametrize("n", [1, MOST_LINES])
def test_a_cart_of_any_length_with_any_promotion_takes_6_queries(
    n, django_assert_num_queries
):
    a_promotion(most_uses=9, once_per_customer=True)
    a_promotion(None, name="Spring", value="1")
    pairs = ((variant, 1) for variant in many_variants(n))
    [cart] = many_carts(1, *pairs, code="GLAZE10")
    client = Client()
    client.cookies["cart"] = cart.token
    Client().get("/cart/")

    with django_assert_num_queries(6):
        page = client.get("/cart/")

    assert len(page.context["summary"].discounts) == 2


def test_an_empty_cart_opens_and_cannot_be_checked_out():
    client = Client()

    assert client.get("/cart/").status_code == 200
    assert client.get("/checkout/").url == "/cart/"
    assert client.post("/checkout/", FORM).url == "/cart/"


def test_a_strange_cart_cookie_is_an_empty_cart():
    variant = a_variant()

    for token in ["", "x" * 32, "é", "a\0b", '"\\000"']:
        client = Client()
        client.cookies["cart"] = token
        page = client.get("/cart/")
        assert (page.status_code, page.context["lines"]) == (200, []), token
        assert put(client, variant).status_code == 303, token


def test_the_cart_cookie_is_for_the_server_and_the_count_for_the_page(settings):
    settings.DEMO = False

    cookies = put(Client(), a_variant(), "3").cookies

    cart, basket = cookies["cart"], cookies["basket"]
    assert cart["httponly"] and cart["secure"] and cart["samesite"] == "Lax"
    assert basket.value == "3" and not basket["httponly"]
    assert cart["max-age"] == 90 * 24 * 3600


def test_an_odd_quantity_is_refused_on_the_product_page_with_what_was_typed():
    variant = a_product().variants.get()

    for text in ODD_QUANTITIES:
        page = put(Client(), variant, text)

        assert page.status_code == 422, text
        field = re.search(r'<input[^>]* name="quantity"[^>]*>', text_of(page))[0]
        assert f'value="{text}"' in field
        assert 'aria-describedby="quantity-error"' in field
        assert not Cart.objects.exists(), text


def test_an_odd_quantity_is_refused_in_the_cart_with_what_was_typed():
    client = with_cart((a_variant(), 2))
    item = CartItem.objects.get()

    for text in ODD_QUANTITIES:
        page = client.post("/cart/change/", {f"item-{item.pk}": text})

        assert page.status_code == 422, text
        assert f'value="{text}"' in text_of(page)
        assert f'id="item-{item.pk}-error"' in text_of(page)
        assert CartItem.objects.get().quantity == 2, text


def test_more_than_is_left_is_refused_with_what_is_left():
    variant = a_product(stock=3).variants.get()

    page = put(Client(), variant, "4")

    assert page.status_code == 422
    assert "Only 3 are left" in text_of(page)


def test_an_unknown_sku_is_a_page_that_is_not_there():
    for sku in ["NO-SUCH", "", "a\0b", "x" * 900]:
        for quantity in ["1", "two"]:
            page = Client().post("/cart/add/", {"sku": sku, "quantity": quantity})

            assert page.status_code == 404, (sku, quantity)


def test_another_site_cannot_fill_the_basket():
    page = put(Client(), a_variant(), headers={"Sec-Fetch-Site": "cross-site"})

    assert page.status_code == 403
    assert not Cart.objects.exists()


@pytest.mark.parametrize(
    ("button", "left"),
    [
        ({"remove": "{0}"}, [1]),
        ({"step": "{0}:+1"}, [3, 1]),
        ({"step": "{0}:-1"}, [1, 1]),
    ],
)
def test_a_button_on_a_line_concerns_that_line_alone(button, left):
    client = with_cart((a_variant(), 2), (a_variant(), 1))
    first, second = CartItem.objects.order_by("pk")
    typed = {f"item-{first.pk}": "2", f"item-{second.pk}": "odd"}
    button = {name: value.format(first.pk) for name, value in button.items()}

    answer = client.post("/cart/change/", typed | button)

    assert answer.status_code == 303
    assert [item.quantity for item in CartItem.objects.order_by("pk")] == left


def test_a_mangled_cart_form_changes_nothing():
    client = with_cart((a_variant(), 2))
    mangled = [{}, {"item-": "1"}, {"item-x": "1"}, {"item-" + "9" * 40: "1"}]
    mangled += [{"remove": "x"}, {"remove": "9" * 18}, {"step": "1:+9"}]

    for posted in [*mangled, {"step": "1:+1"}]:
        answer = client.post("/cart/change/", posted)

        assert answer.status_code in {303, 422}, posted
        assert CartItem.objects.get().quantity == 2, posted


def test_a_cart_whose_variant_has_vanished_still_opens():
    client = with_cart((a_variant(), 1), (a_variant(price="5.00"), 1))
    CartItem.objects.filter(pk=CartItem.objects.earliest("pk").pk).update(variant=None)

    page = text_of(client.get("/cart/"))

    assert "No longer for sale" in page
    assert "€9.90" in page


def test_every_change_is_told_with_old_and_new_and_why():
    dearer, scarce, gone = a_variant(price="5.00"), a_variant(stock=2), a_variant()
    withdrawn = a_variant()
    a_promotion(ends_at=NOON)
    client = with_cart(
        (dearer, 1), (scarce, 4), (gone, 1), (withdrawn, 1), code="GLAZE10"
    )
    change_price(dearer.pk, Decimal("7.50"), now=NOON)
    Stock.objects.filter(variant=gone).update(on_hand=0)
    Product.objects.filter(pk=withdrawn.product_id).update(live=False)

    changes = client.get("/cart/").context["changes"]

    assert changes == [
        "Vid serving bowl now costs €7.50 instead of €5.00, that is €2.50 more.",
        "Vid serving bowl: only 2 are left, and your basket has 4.",
        "Vid serving bowl is sold out.",
        "Vid serving bowl is no longer for sale.",
        "GLAZE10 ended on 20 November.",
    ]


def test_a_change_is_told_once_more_at_checkout_and_then_taken_as_seen():
    variant = a_variant(price="5.00")
    client = with_cart((variant, 1))
    change_price(variant.pk, Decimal("7.50"), now=NOON)

    assert "now costs" in text_of(client.get("/checkout/"))
    assert "now costs" not in text_of(client.get("/checkout/"))
    assert client.get("/cart/").context["changes"] == []


class FieldsInSight(HTMLParser):
    """Names of the fields of a page that are neither hidden nor folded away."""

    def __init__(self, page: str):
        super().__init__()
        self.names: list[str] = []
        self.folds = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        self.folds += tag == "details"
        is_field = tag in {"input", "select", "textarea"}
        is_in_sight = said.get("type") != "hidden" and not self.folds
        if is_field and is_in_sight and said["name"] not in self.names:
            self.names.append(said["name"])

    def handle_endtag(self, tag):
        self.folds -= tag == "details"


def test_there_are_at_most_eight_fields_before_payment():
    a_delivery_method("express", "9.90", position=5)
    names = FieldsInSight(text_of(with_cart((a_variant(), 1)).get("/checkout/"))).names

    before = names[: names.index("payment")]
    assert len(before) <= 8
    assert {"email", "name", "street", "postcode", "city", "country"} < set(before)


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost():
    wrong = {"email": "marta.example.org", "postcode": "1200-10", "city": " "}

    page = submit(with_cart((a_variant(), 1)), **wrong)

    assert page.status_code == 422
    assert [name for name, _ in page.context["error_list"]] == [
        "email",
        "city",
        "postcode",
    ]
    body = text_of(page)
    assert 'value="marta.example.org"' in body and 'value="3.º Esq."' in body
    assert 'aria-describedby="email-hint email-error"' in body
    assert 'id="email-error"' in body and 'aria-invalid="true"' in body


def test_a_total_that_changed_meanwhile_is_asked_again():
    variant = a_variant(price="5.00")
    client = with_cart((variant, 2))
    client.get("/checkout/")
    change_price(variant.pk, Decimal("7.00"), now=NOON)

    asked = client.post("/checkout/", FORM | {"expected_total": "14.90"})

    assert asked.status_code == 409
    body = text_of(asked)
    assert "now costs €7.00 instead of €5.00, that is €2.00 more" in body
    assert "The total is €18.90 instead of €14.90." in body
    assert 'name="expected_total" value="18.90"' in body
    agreed = client.post("/checkout/", FORM | {"expected_total": "18.90"})
    assert agreed.status_code == 303
    assert_invariants()


def test_a_price_that_changes_while_the_address_is_put_right_is_told():
    variant = a_variant(price="5.00")
    client = with_cart((variant, 1))
    client.get("/checkout/")
    change_price(variant.pk, Decimal("7.00"), now=NOON)
    wrong = FORM | {"expected_total": "9.90", "city": ""}

    page = client.post("/checkout/", wrong)

    assert page.status_code == 422
    assert "The total is €11.90 instead of €9.90." in page.context["problem"].lines


def test_a_basket_of_which_nothing_is_left_costs_nothing():
    client = with_cart((a_variant(stock=0), 1))

    assert client.get("/cart/").context["summary"].total == 0
    assert client.post("/checkout/", FORM | {"expected_total": "0"}).status_code == 409


def test_a_total_that_cannot_be_read_orders_nothing():
    client = with_cart((a_variant(), 1))

    for total in ["", "x", "-1", "NaN", "1e3", "９.９０", "9" * 40]:
        page = client.post("/checkout/", FORM | {"expected_total": total})

        assert page.status_code == 409, total
        assert not Order.objects.exists()


def test_another_way_of_delivery_is_reckoned_before_it_is_agreed_to():
    a_delivery_method("express", "9.90", position=5)
    client = with_cart((a_variant(price="5.00"), 1))

    page = client.post("/checkout/", FORM | {"delivery": "express", "update": "1"})

    assert page.status_code == 200
    assert 'name="expected_total" value="14.90"' in text_of(page)
    assert 'value="Marta Kowalska"' in text_of(page)
    assert not page.context["error_list"]
    assert client.post("/checkout/", FORM | {
        "delivery": "express", "expected_total": "14.90",
    }).status_code == 303  # fmt: skip
    assert_invariants()


def test_a_method_that_does_not_reach_the_country_is_an_error_at_the_field():
    DeliveryMethod.objects.update(countries=["PT"])
    a_delivery_method("abroad", "12.00", countries=["ES"], position=5)

    page = submit(with_cart((a_variant(), 1)), country="ES", postcode="28001")

    assert page.status_code == 422
    assert [name for name, _ in page.context["error_list"]] == ["delivery"]
    assert [option.code for option in page.context["delivery_options"]] == ["abroad"]


def test_the_form_sent_again_leads_to_the_same_order():
    client = with_cart((a_variant(), 1))
    first = submit(client)

    again = client.post("/checkout/", FORM | {"expected_total": "1.00"})

    assert again.status_code == 303
    assert again.url == first.url
    assert Order.objects.count() == 1
    assert_invariants()


def test_after_the_order_the_basket_is_empty_and_shopping_goes_on():
    client = with_cart((a_variant(), 1))
    submit(client)

    assert client.get("/cart/").context["lines"] == []
    assert client.get("/checkout/").url == "/cart/"
    put(client, a_variant())
    assert len(client.get("/cart/").context["lines"]) == 1
    assert_invariants()


@commits
def test_a_web_process_that_cannot_settle_leaves_it_to_the_job(monkeypatch):
    def busy(*args, **kwargs):
        raise CartBusy

    monkeypatch.setattr("checkout.views.settle_order", busy)
    assert submit(with_cart((a_variant(), 1))).status_code == 303
    assert Order.objects.get().status == Order.Status.PREPARED

    start_jobs_now()
    work_off_jobs()

    assert Order.objects.get().status == Order.Status.CONFIRMED
    assert len(mail.outbox) == 1
    assert_invariants()


def test_an_unknown_order_is_not_found():
    for token in ["nope", "x" * 300, "%00", "é"]:
        assert Client().get(f"/order/{token}/").status_code == 404, token


def test_an_order_page_says_nothing_to_where_its_links_lead():
    client = with_cart((a_variant(), 1))
    url = submit(client).url

    page = Client().get(url)

    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert [step.is_current for step in page.context["steps"]] == [False, True, False]


def test_forms_of_private_pages_carry_a_token():
    client = Client(enforce_csrf_checks=True)
    client.cookies["cart"] = a_cart((a_variant(), 1)).token

    assert client.post("/cart/change/", {}).status_code == 403
    assert client.post("/checkout/", FORM).status_code == 403


@pytest.mark.parametrize("name", ["add", "change"])
def test_a_forms_own_address_without_the_form_leads_to_the_cart(name):
    response = Client().get(reverse(f"checkout:{name}"))

    assert (response.status_code, response.url) == (303, "/cart/")


def test_the_cart_page_takes_no_form():
    assert Client().post(reverse("checkout:cart")).status_code == 405
