"""axe over pages that few see: those that letters lead to, a second factor's set-up, a
return, and every answer that says no."""

import re

import pytest
from django.core import signing
from django.db import OperationalError
from django.utils import timezone
from playwright.sync_api import expect

from checkout import invoices
from checkout.fulfilment import fulfil
from checkout.models import Cart, DeliveryMethod
from checkout.orders import settle_order
from home.models import NewsletterSubscriber
from home.newsletter import links
from shop.models import Product, Variant
from tests.browser.test_accessibility import look
from tests.browser.test_accounts import check_both
from tests.browser.walking import come_in, fill_address, fill_basket
from tests.builders import a_cart
from tests.checkout.ordering import place
from tests.home.accounts.coming_in import PASSWORD, a_shopper
from tests.home.accounts.test_second_factor import code_of
from wishlist import letters, watching
from wishlist.models import Watch

pytestmark = pytest.mark.browser


@pytest.fixture
def page(window):
    """One that may be refused things: a browser complains of each answer over 399."""
    return window(is_heard=False)


def see(page, address: str, status: int = 200) -> None:
    assert page.goto(re.sub(r"^https?://[^/]+", "", address)).status == status
    check_both(page)


def test_what_letters_lead_to_has_no_fault(page):
    now = timezone.now()
    product = Product.objects.get(slug="vid")
    reader = NewsletterSubscriber.objects.create(
        email="a@example.org", audience="all", created_at=now, asked_at=now
    )
    watching.ask_as_guest("a@example.org", product, visitor="v", now=now)
    watch = Watch.objects.get()

    see(page, links.confirm_url(reader))
    see(page, links.leave_url(reader))
    see(page, f"/wishlist/watch/{product.slug}/")
    see(
        page, f"/wishlist/mail/confirm/{signing.dumps(watch.pk, salt=letters.CONFIRM)}/"
    )
    see(page, letters.page_url("a@example.org", "mail"))


def test_a_second_factor_is_set_up_without_a_fault(page):
    come_in(page, a_shopper("factor@example.org"))
    page.goto("/account/2fa/totp/activate/")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/totp/activate/")
    secret = page.input_value("#authenticator_secret")
    page.fill("[name=code]", "000000")
    page.press("[name=code]", "Enter")
    expect(page.locator("main .error").first).to_be_visible()
    check_both(page)
    page.fill("[name=code]", code_of(secret))
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/2fa/recovery-codes/")
    check_both(page)
    see(page, "/account/2fa/webauthn/add/")

    page.context.clear_cookies()
    page.goto("/account/login/")
    page.fill("#login", "factor@example.org")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/2fa/authenticate/")
    check_both(page)


def test_orders_and_a_return_that_is_asked_for_have_no_fault(page):
    """The invoice, the form and its errors are looked at in `test_order_steps`."""
    shopper = a_shopper("sent@example.org")
    come_in(page, shopper)
    cart = a_cart((Variant.objects.get(sku="VID-MOSS"), 1))
    Cart.objects.filter(pk=cart.pk).update(customer=shopper)
    bought = settle_order(place(cart).pk, now=timezone.now())
    fulfil(bought.pk, key="send", now=timezone.now())
    invoices.write(bought.pk, now=timezone.now())

    see(page, "/account/orders/")
    page.goto(f"{bought.get_absolute_url()}return/")
    page.fill("main form [inputmode=numeric]", "1")
    page.select_option("#reason", index=1)
    page.click("main form [type=submit]")
    page.wait_for_url("**#return")
    check_both(page)


def test_twice_the_text_still_fits(page):
    fill_basket(page)
    for path in ("/", "/shop/", "/product/vid/", "/cart/", "/checkout/", "/wishlist/"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        for width in (320, 1280):
            assert look(page, width, "light") == width, (path, width)


def test_every_refusal_has_no_fault(page, monkeypatch, settings):
    see(page, "/no-such-page/", 404)
    page.goto("/wishlist/watch/vid/")
    page.fill("main [name=email]", "marta")
    page.click("main [type=submit]")
    expect(page.locator("main .error").first).to_be_visible()
    check_both(page)

    fill_basket(page)
    page.goto("/checkout/")
    fill_address(page)
    post = DeliveryMethod.objects.filter(code="post")
    post.update(price="5.90")
    page.click("#pay [type=submit]")
    expect(page.locator("#errors")).to_be_visible()
    post.update(price="4.90")
    check_both(page)

    settings.AXES_FAILURE_LIMIT = 1
    page.goto("/account/login/")
    page.fill("#login", "nobody@example.org")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    expect(page.locator("h1")).to_have_text("Too many tries")
    check_both(page)

    monkeypatch.setattr(links, "left_by", _away)
    see(page, "/newsletter/leave/any/", 503)


def _away(*_given, **_more):
    raise OperationalError("The database went away.")
