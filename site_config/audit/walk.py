"""A visitor without script who walks from the home page to an order, and keeps every
page that was seen on the way."""

import urllib.error
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin, urlsplit

# Of the shopper who has an account, so that the order is found there.
ADDRESS = {
    "email": "shopper@example.com",
    "name": "Marta Kowalska",
    "street": "Rua do Forno 14",
    "postcode": "1200-109",
    "city": "Lisboa",
}
LIST = "/shop/"
SHOPPER = {"login": "shopper", "password": "vitrine-demo"}


class WalkError(Exception):
    """Where the walk did not lead to where it should."""


class Forms(HTMLParser):
    """What a browser would send of each form: {id or action: {name: value}}; and the
    first link to a product and the first heart, where the page has them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.product = self.heart = ""
        self._form: dict[str, str] = {}
        self._list = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            name = given.get("id") or given.get("action", "")
            self._form = self.forms[name] = {}
        elif tag == "input" and _is_sent(given):
            form = self.forms.get(given.get("form", ""), self._form)
            form[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._list = given.get("name", "")
        elif tag == "option" and self._list:
            if "selected" in given or self._list not in self._form:
                self._form[self._list] = given.get("value", "")
        elif tag == "button" and given.get("form") == "wish":
            self.heart = self.heart or given["value"]
        elif tag == "a" and given.get("href", "").startswith("/product/"):
            self.product = self.product or given["href"]

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self._form = {}
        elif tag == "select":
            self._list = ""


def _is_sent(field: dict[str, str]) -> bool:
    is_pressed = field.get("type") in {"radio", "checkbox"}
    is_sent = "checked" in field if is_pressed else field.get("type") != "submit"
    return is_sent and bool(field.get("name"))


class Visitor:
    """Follows links and sends forms, with cookies; every answer counts, a 404 too."""

    def __init__(self, address: str) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self.url, self.html = address, ""

    def go(self, path: str) -> str:
        return self._ask(path, None)

    def send(self, path: str, form: str, **typed: str) -> str:
        """A form of the page that is open, with words typed into it."""
        filled = Forms(self.html).forms[form] | typed
        return self._ask(path, urlencode(filled).encode())

    def _ask(self, path: str, data: bytes | None) -> str:
        request = urllib.request.Request(  # noqa: S310 - our own shop
            urljoin(self.url, path), data, {"Referer": self.url}
        )
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.url, self.html = answer.geturl(), answer.read().decode()
        return self.html


def pages(address: str) -> dict[str, str]:
    """{name: HTML} of everything that is checked, in a demo shop that may be bought in.

    Raises:
        WalkError: it stayed without an order or an account.
    """
    guest = Visitor(address)
    seen = {"home": guest.go("/"), "list": guest.go(LIST)}
    product = Forms(guest.html).product
    seen["search"] = guest.go("/search/?q=bowl")
    seen["no-results"] = guest.go("/search/?q=nothing-of-that-name")
    seen["empty-cart"] = guest.go("/cart/")
    seen["product"] = guest.go(product)
    seen["cart"] = guest.send("/cart/add/", "add")
    seen["cart-refused"] = guest.send("/cart/code/", "/cart/code/", code="NOPE10")
    seen["checkout"] = guest.go("/checkout/")
    seen["checkout-errors"] = guest.send("/checkout/", "checkout", email="marta")
    seen["order"] = guest.send("/checkout/", "checkout", payment="invoice", **ADDRESS)
    _expect(guest, "/order/")
    seen["error"] = guest.go("/no-such-page/")
    seen["log-in"] = guest.go("/account/login/")
    seen["sign-up"] = guest.go("/account/signup/")
    return seen | _of_an_account(address)


def _of_an_account(address: str) -> dict[str, str]:
    shopper = Visitor(address)
    shopper.go("/account/login/")
    action = next(name for name in Forms(shopper.html).forms if "login" in name)
    shopper.send("/account/login/", action, **SHOPPER)
    _expect(shopper, "/account/")
    shopper.go(LIST)
    heart = Forms(shopper.html).heart
    return {
        "wishlist": shopper.send("/wishlist/press/", "wish", product=heart),
        "account": shopper.go("/account/"),
        "orders": shopper.go("/account/orders/"),
        "addresses": shopper.go("/account/addresses/"),
    }


def _expect(visitor: Visitor, path: str) -> None:
    if not urlsplit(visitor.url).path.startswith(path):
        raise WalkError(f"The audit's walk ended at {visitor.url}, not at {path}.")
