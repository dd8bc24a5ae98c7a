"""What an account's pages list beside themselves."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

PAGES = [
    ("home:account", _("You")),
    ("checkout:orders", _("Orders")),
    ("checkout:addresses", _("Addresses")),
    ("account_email", _("Email")),
    ("account_change_password", _("Password")),
    ("mfa_index", _("Second factor")),
    ("usersessions_list", _("Where you are logged in")),
    ("home:own_data", _("Your data")),
]


@dataclass(frozen=True)
class AccountPage:
    url: str
    label: str
    is_current: bool


@register.simple_tag
def account_pages(path: str) -> list[AccountPage]:
    """Every page of an account; current is the one that ``path`` lies in."""
    urls = [(reverse(name), label) for name, label in PAGES]
    inside = [url for url, _label in urls if path.startswith(url)]
    current = max(inside, key=len, default="")
    return [AccountPage(url, str(label), url == current) for url, label in urls]
