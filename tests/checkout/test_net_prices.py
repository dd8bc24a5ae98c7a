"""A shop whose prices have no tax in them: one quote, the same to the cent wherever it
is shown."""

import json
import re
from decimal import Decimal

import pytest
from django.test import Client

from checkout.cancelling import cancel
from checkout.emails import confirmation
from checkout.invoices import write
from checkout.models import Order, TaxRate
from checkout.orders import settle_order
from checkout.worth import called_off
from tests.builders import (
    NOON,
    a_cart,
    a_delivery_method,
    a_promotion,
    a_tax_rate,
    a_variant,
)
from tests.checkout.ordering import MARTA, assert_invariants, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def cart(settings):
    """Three at 9.99 (23 %) and one at 5.00 (6 %), ten per cent off, 4.90 delivery."""
    settings.PRICES_INCLUDE_TAX = False
    a_delivery_method("post", "4.90")
    a_tax_rate("23")
    a_tax_rate("6", tax_class="reduced")
    a_promotion()
    bowl, book = a_variant(price="9.99"), a_variant(price="5.00", tax_class="reduced")
    return a_cart((bowl, 3), (book, 1), code="GLAZE10")


def rows(response) -> list[str]:
    """The first column of amounts on the page, as text: term and amount."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", response.content.decode())
    return [f"{term}: {amount}" for term, amount in found]


@pytest.mark.django_db(transaction=True)
def test_the_total_is_the_same_from_basket_to_invoice_to_the_cent(cart):
    client = Client()
    client.cookies["cart"] = cart.token
    basket = client.get("/cart/")
    checkout = client.get("/checkout/")
    order = place(cart, expected_total=Decimal(checkout.context["expected_total"]))
    settle_order(order.pk, now=NOON)
    write(order.pk, now=NOON)
    letter = confirmation(Order.objects.get())
    page = client.get(order.get_absolute_url())
    invoice = client.get(f"{order.get_absolute_url()}invoice/")

    assert (order.lines_total, order.discount_total) == (
        Decimal("34.97"),
        Decimal("3.50"),
    )
    assert (order.tax_total, order.total) == (Decimal("7.60"), Decimal("43.97"))
    assert order.taxes == [["23.00", "7.33"], ["6.00", "0.27"]]
    for shown in (basket, checkout):
        assert {"plus VAT 23%: €7.33", "plus VAT 6%: €0.27"} <= set(rows(shown))
        assert "of which VAT" not in shown.content.decode()
    for shown in (page, invoice):
        assert "plus VAT: €7.60" in rows(shown)
    for shown in (basket, checkout, page, invoice):
        assert "Total: €43.97" in rows(shown)
    assert "Without VAT: €36.37" in rows(invoice)
    assert "plus VAT: €7.60\nTotal: €43.97" in letter.body
    html = letter.alternatives[0].content
    assert "€43.97" in html and "plus VAT" in html and "VAT €" not in html
    assert_invariants()


def test_all_pieces_called_off_are_worth_the_whole_total_tax_counted_in(cart):
    order = place(cart)
    settle_order(order.pk, now=NOON)

    cancel(order.pk, key="all-of-it", now=NOON)

    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert (
        called_off(order, order.lines.all()).amount == order.total == Decimal("43.97")
    )


def test_a_tax_rate_that_changes_is_asked_about_before_it_is_charged(cart):
    TaxRate.objects.filter(percent=23).update(percent=24)
    client = Client()
    client.cookies["cart"] = cart.token

    form = vars(MARTA) | {"delivery": "post", "payment": "invoice"}
    answer = client.post("/checkout/", form | {"expected_total": "43.97"})

    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Delivery, tax, quantities or promotions make €0.32 more." in words
    assert "The total is €44.29 instead of €43.97." in words
    assert not Order.objects.exists()


def test_product_page_and_structured_data_say_that_tax_comes_on_top(cart, client):
    product = cart.items.first().variant.product

    words = client.get(product.url).content.decode()

    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', words)
    about = next(one for one in map(json.loads, found) if one["@type"] == "Product")
    offer = about["offers"]
    assert "€9.99" in words and "Plus VAT." in words
    assert "Prices are without VAT." in words
    assert offer["price"] == offer["priceSpecification"]["price"] == "9.99"
    assert offer["priceSpecification"]["valueAddedTaxIncluded"] is False
