"""Steps that several tests take."""

from django.contrib.auth.models import User
from django.test import Client

HERE = "127.0.0.1"
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
    _bring_cookies(page, client)


def send(page, path: str, **form) -> None:
    """What a form of that browser sends, without a page drawn before or after it: for
    steps that other tests take by hand."""
    client = Client(SERVER_NAME=HERE, headers={"Sec-Fetch-Site": "same-origin"})
    for cookie in page.context.cookies():
        client.cookies[cookie["name"]] = cookie["value"]
    answer = client.post(path, form)
    assert answer.status_code in {302, 303}, answer.content
    _bring_cookies(page, client)


def _bring_cookies(page, client: Client) -> None:
    where = {"domain": HERE, "path": "/"}
    page.context.add_cookies(
        [
            {"name": name, "value": kept.value} | where
            for name, kept in client.cookies.items()
        ]
    )


def log_in(page, username: str) -> None:
    """Into the admin by its door, as one of the builders' colleagues."""
    page.goto("/admin/login/")
    page.fill("#login", username)
    page.fill("#password", "secret")
    page.click("main [type=submit]")
    page.wait_for_url("**/admin/")


def fill_basket(page, quantity=1) -> None:
    """As someone who has been on the page of the piece before."""
    send(page, "/cart/add/", sku="VID-MOSS", quantity=quantity)


def put_into_basket(page, quantity="1") -> None:
    page.goto("/product/vid/")
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
