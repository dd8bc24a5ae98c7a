"""An account in a real browser: its pages without a fault, and a passkey in place of a
password, under the shop's own policy."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests.browser.test_accessibility import check_looks, faults, look
from tests.browser.walking import come_in, tab_to
from tests.home.accounts.coming_in import PASSWORD, a_shopper
from tests.home.accounts.test_second_factor import code_of

pytestmark = pytest.mark.browser
OUTSIDE = ["login/", "signup/", "password/reset/"]
PAGES = ["", "orders/", "addresses/", "email/", "2fa/", "sessions/", "data/"]


def log_in(page, email: str, here: str = "") -> None:
    page.goto(f"{here}/account/login/")
    page.fill("#login", email)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/account/")


def check_both(page) -> None:
    """Small and light, large and dark: no fault; and no sideways scroll at 320 px.

    What stands around `main` is large and dark on every page of the shop. It stays
    dark: the next page is looked at without another change.
    """
    assert look(page, 320, "light") == 320
    for width, scheme, part in ((390, "light", None), (1280, "dark", "main")):
        look(page, width, scheme)
        assert faults(page, part) == [], page.url


def test_the_door_has_no_fault(window):
    page = window()
    page.goto("/account/login/")
    page.click("main [type=submit]")
    expect(page.locator("main .error").first).to_be_visible()
    check_looks(page)


def test_pages_of_an_account_have_no_fault(window):
    shopper = a_shopper("axe@example.org")
    page = window()
    for path in [*OUTSIDE, *PAGES]:
        if path == PAGES[0]:
            come_in(page, shopper)
        page.goto(f"/account/{path}")
        check_both(page)


def test_a_passkey_in_place_of_a_password(window, shop, settings):
    """A passkey belongs to a name, never to a number."""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    here = shop.replace("127.0.0.1", "localhost")
    a_shopper("key@example.org")
    page = window()
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    log_in(page, "key@example.org", here)

    page.goto(f"{here}/account/2fa/webauthn/add/")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda address: not address.endswith("/add/"))

    page.goto(f"{here}/account/logout/")
    page.click("main form[method=post] [type=submit]")
    page.wait_for_url(f"{here}/")
    page.goto(f"{here}/account/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/account/")
    expect(page.locator("main")).to_contain_text("key@example.org")


def test_a_second_factor_is_set_up_by_keyboard(window):
    page = window()
    come_in(page, a_shopper("factor@example.org"))
    page.goto("/account/2fa/")
    tab_to(page, "main a[href='/account/2fa/totp/activate/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/reauthenticate/**")
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/totp/activate/")
    secret = page.input_value("#authenticator_secret")
    tab_to(page, "main [name=code]")
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")

    page.wait_for_url("**/2fa/recovery-codes/**")
    assert Authenticator.objects.filter(type="totp").count() == 1
