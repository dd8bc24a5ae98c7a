"""axe over pages that few see: those that letters lead to, a shared wishlist, a second
factor's set-up, a return, papers, and every answer that says no."""

import re

import pytest
from django.core import signing
from django.db import OperationalError
from django.utils import timezone
from playwright.sync_api import expect

from checkout import invoices
from checkout.fulfilment import fulfil
from checkout.models import DeliveryMethod, Order
from home.models import NewsletterSubscriber
from home.newsletter import links
from shop.models import Product
from tests.browser.test_accessibility import look
from tests.browser.test_accounts import check_both, log_in
from tests.browser.walking import fill_address, order, put_into_basket
from tests.home.accounts.coming_in import PASSWORD, a_shopper
from tests.home.accounts.test_second_factor import code_of
from tests.wishlist.wishing import merged, put
from wishlist import letters, sharing, watching
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


def test_a_shared_wishlist_has_no_fault(page):
    now = timezone.now()
    owner = a_shopper("sharing@example.org")
    token = sharing.share(owner.pk, now=now)
    merged(
        owner, *(put(product, now) for product in Product.objects.all()[:3]), now=now
    )

    see(page, f"/wishlist/shared/{token}/")
    log_in(page, "sharing@example.org")
    see(page, "/wishlist/")


def test_a_second_factor_is_set_up_without_a_fault(page):
    a_shopper("factor@example.org")
    log_in(page, "factor@example.org")
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


def test_orders_a_return_and_an_invoice_have_no_fault(page):
    a_shopper("sent@example.org")
    log_in(page, "sent@example.org")
    put_into_basket(page)
    page.goto("/checkout/")
    fill_address(page)
    order(page)
    bought = Order.objects.latest("pk")
    fulfil(bought.pk, key="send", now=timezone.now())
    invoices.write(bought.pk, now=timezone.now())
    address = bought.get_absolute_url()

    see(page, "/account/orders/")
    see(page, f"{address}invoice/")
    see(page, f"{address}return/")
    page.click("main form [type=submit]")
    expect(page.locator("#errors")).to_be_visible()
    check_both(page)
    page.fill("main form [inputmode=numeric]", "1")
    page.select_option("#reason", index=1)
    page.click("main form [type=submit]")
    page.wait_for_url("**#return")
    check_both(page)


def test_twice_the_text_still_fits(page):
    put_into_basket(page)
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

    put_into_basket(page)
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
