"""Steps that several tests take."""

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

ADDRESS = {
    "email": "marta@example.org",
    "name": "Marta Kowalska",
    "street": "Rua do Forno 14",
    "postcode": "1200-109",
    "city": "Lisboa",
}


def come_in(page, user: User) -> None:
    """As someone who has logged in here before, without a form."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value}
    page.context.add_cookies([cookie | {"domain": "127.0.0.1", "path": "/"}])


def log_in(page, username: str) -> None:
    """Into the admin by its door, as one of the builders' colleagues."""
    page.goto("/admin/login/")
    page.fill("#login", username)
    page.fill("#password", "secret")
    page.click("main [type=submit]")
    page.wait_for_url("**/admin/")


def put_into_basket(page, quantity="1", query="") -> None:
    page.goto(f"/product/vid/{query}")
    page.fill("[name=quantity]", quantity)
    page.click("#add [type=submit]")
    page.wait_for_url("**/cart/")


def fill_address(page, **other) -> None:
    for field, words in (ADDRESS | other).items():
        page.fill(f"#{field}", words)


def order(page) -> None:
    page.click("#pay [type=submit]")
    page.wait_for_url("**/order/*/")


def tab_to(page, selector: str, most: int = 120) -> None:
    """Press Tab until that element has focus, as someone without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")
