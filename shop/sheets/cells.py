"""What stands in a cell, as a value and back as text.

A value of None says: as it is. An empty cell says so where nothing may be empty, and
empties everything else.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from wagtail.whitelist import Whitelister, attribute_rule, check_url

from shop.models import Product, Variant
from shop.money import PLACES, quantise
from shop.sheets.columns import PRODUCT, VARIANT, Column, Kind, Known

Value = str | bool | int | Decimal | tuple[str, ...]

YES, NO = ("yes", "true", "1"), ("no", "false", "0")
PRICE = re.compile(r"\d{1,11}(\.\d{1,9})?")
MOST_PIECES = 1_000_000
MOST_GRAMS = 2**31 - 1
BETWEEN_VALUES = "|"
MAX_LENGTHS: dict[str, int] = {
    column.name: getattr(model._meta.get_field(column.key), "max_length", 0)
    for model, columns in ((Product, PRODUCT), (Variant, VARIANT))
    for column in columns
    if column.kind is Kind.TEXT
}
MAX_SKU = Variant._meta.get_field("sku").max_length or 0
MAX_HANDLE = Product._meta.get_field("slug").max_length or 0
TAX_CLASSES = Variant.TaxClass.values


class Unreadable(Exception):
    """The words say what is wrong with the cell."""


class Reader:
    """Reads cells of one sheet in one shop. A price of a new variant is in the shop's
    ``currency``."""

    def __init__(self, known: Known, currency: str, *, has_decimal_comma: bool):
        self.known = known
        self.currency = currency
        self.has_decimal_comma = has_decimal_comma
        self.by_kind: dict[Kind, Callable[[Column, str], Value | None]] = {
            Kind.SKU: self._sku,
            Kind.HANDLE: self._handle,
            Kind.TEXT: self._text,
            Kind.HTML: self._html,
            Kind.CATEGORY: self._category,
            Kind.BRAND: self._brand,
            Kind.YES_NO: self._yes_no,
            Kind.TAX_CLASS: self._tax_class,
            Kind.WEIGHT: self._weight,
            Kind.VALUES: self._values,
            Kind.OPTION: self._values,
            Kind.PRICE: self._price,
            Kind.CURRENCY: self._currency,
            Kind.STOCK: self._pieces,
            Kind.STOCK_WAS: self._pieces,
        }

    def read(self, column: Column, text: str) -> Value | None:
        """
        Raises:
            Unreadable
        """
        if "\0" in text:
            raise Unreadable(_("There is a null byte in it."))
        return self.by_kind[column.kind](column, text)

    def _sku(self, column: Column, text: str) -> str:
        return _not_longer(text.strip(), MAX_SKU)

    def _handle(self, column: Column, text: str) -> str | None:
        handle = _not_longer(text.strip(), MAX_HANDLE)
        try:
            if handle:
                validate_slug(handle)
        except ValidationError:
            words = _("A handle is made of letters, digits, hyphens and underscores.")
            raise Unreadable(words) from None
        return handle or None

    def _text(self, column: Column, text: str) -> str | None:
        text = _not_longer(text, MAX_LENGTHS[column.name])
        return None if column.key == "title" and not text.strip() else text

    def _html(self, column: Column, text: str) -> str:
        return clean_html(text)

    def _category(self, column: Column, text: str) -> str | None:
        path = text.strip().strip("/")
        if path and path not in self.known.categories:
            raise Unreadable(_("There is no such category: %(it)s.") % {"it": path})
        return path or None

    def _brand(self, column: Column, text: str) -> str:
        slug = text.strip()
        if slug and slug not in self.known.brands:
            raise Unreadable(_("There is no such brand: %(it)s.") % {"it": slug})
        return slug

    def _yes_no(self, column: Column, text: str) -> bool | None:
        word = text.strip().lower()
        if word not in ("", *YES, *NO):
            raise Unreadable(_("It says neither yes nor no."))
        return word in YES if word else None

    def _tax_class(self, column: Column, text: str) -> str | None:
        word = text.strip().lower()
        if word and word not in TAX_CLASSES:
            words = _("It is none of %(those)s.") % {"those": ", ".join(TAX_CLASSES)}
            raise Unreadable(words)
        return word or None

    def _weight(self, column: Column, text: str) -> int | None:
        return _whole_number(text, MOST_GRAMS)

    def _values(self, column: Column, text: str) -> tuple[str, ...]:
        slugs = {slug.strip() for slug in text.split(BETWEEN_VALUES)} - {""}
        unknown = sorted(slugs - self.known.values[column.key].keys())
        if unknown:
            words = _("There is no such value: %(it)s.")
            raise Unreadable(words % {"it": ", ".join(unknown)})
        return tuple(sorted(slugs))

    def _price(self, column: Column, text: str) -> Decimal | None:
        text = text.strip()
        if self.has_decimal_comma:
            text = text.replace(",", ".")
        if not text:
            return None
        if text.startswith("-"):
            raise Unreadable(_("A price is not below zero."))
        if not PRICE.fullmatch(text):
            raise Unreadable(_("Write a price like 1240.50, without a currency."))
        return Decimal(text)

    def _currency(self, column: Column, text: str) -> str | None:
        return text.strip().upper() or None

    def _pieces(self, column: Column, text: str) -> int | None:
        return _whole_number(text, MOST_PIECES)


def in_places(price: Decimal, currency: str) -> Decimal:
    """The price, of no more places than its currency has.

    Raises:
        Unreadable
    """
    if (rounded := quantise(price, currency)) != price:
        words = _("%(currency)s has %(n)d decimal places.")
        places = {"currency": currency, "n": PLACES.get(currency, 2)}
        raise Unreadable(words % places)
    return rounded


def written(value: Value | None, currency: str = "") -> str:
    """A value as it stands in a cell; a price in the places of its currency."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES[0] if value else NO[0]
    if isinstance(value, tuple):
        return BETWEEN_VALUES.join(value)
    if isinstance(value, Decimal):
        return str(quantise(value, currency))
    return str(value)


class _Kept(Whitelister):
    """What the editor of descriptions can write, and links as Wagtail keeps them."""

    element_rules = {
        "[document]": lambda tag: None,
        **dict.fromkeys("p b i ul li br".split(), attribute_rule({})),
        "a": attribute_rule({"href": check_url, "linktype": True, "id": True}),
    }


# Variants of a product stand below each other and say the same.
@lru_cache(maxsize=64)
def clean_html(text: str) -> str:
    """Only what the editor could have written; the rest loses its tags. Twice is as
    good as once."""
    return _Kept().clean(text) if "<" in text or "&" in text else text


def _not_longer(text: str, most: int | None) -> str:
    if most is not None and len(text) > most:
        words = _("It is %(n)d characters long; at most %(most)d.")
        raise Unreadable(words % {"n": len(text), "most": most})
    return text


def _whole_number(text: str, most: int) -> int | None:
    text = text.strip()
    if not text:
        return None
    if text.startswith("-"):
        raise Unreadable(_("It is below zero."))
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > most:
        words = _("Write a whole number up to %(most)d.")
        raise Unreadable(words % {"most": most})
    return int(text)
