"""What is for sale, for price comparison and shopping ads: RSS 2.0 in Google's words,
a row for each variant, written as it is read."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe

from home import cacheable, storefront
from shop import tree
from shop.addresses import address_of_product
from shop.availability import availability
from shop.models import AttributeValue, Variant
from shop.money import quantise

BATCH = 500
KEEP_S = 600
# As much as Google reads of it.
LONGEST = 5000
# What XML has no way to write.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
<channel>
"""
FOOT = "</channel>\n</rss>\n"
# Codes of attributes that Google has words for.
OPTIONS = {"colour": "color", "color": "color", "size": "size", "material": "material"}


@require_safe
def products(request: HttpRequest) -> StreamingHttpResponse:
    """Every variant that is on sale, of published products alone."""
    settings: Any = storefront.for_request(request).settings
    here = request.build_absolute_uri("/").rstrip("/")
    about = {
        "title": settings.name,
        "link": f"{here}/",
        "description": settings.description,
    }
    response = StreamingHttpResponse(
        _written(here, about), content_type="application/rss+xml; charset=utf-8"
    )
    response["X-Robots-Tag"] = "noindex"
    return cacheable.public(response, keep_s=KEEP_S)


def _written(here: str, about: dict[str, str]) -> Iterator[str]:
    yield HEAD + "".join(_element(*line) + "\n" for line in about.items())
    branches = tree.current().branches
    for rows in _batches():
        yield "".join(_item(row, here, branches) for row in rows)
    yield FOOT


def _batches() -> Iterator[list[dict[str, Any]]]:
    """Rows of variants in order of their keys: a query a batch, so that neither memory
    nor a snapshot grows with the shop."""
    last = 0
    while rows := list(_variants().filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1]["pk"]


def _variants():
    options = (
        AttributeValue.objects.filter(variant=OuterRef("pk"))
        .order_by("attribute__position", "sort_order", "pk")
        .values(row=JSONObject(code="attribute__code", slug="slug", label="label"))
    )
    siblings = Variant.objects.filter(product=OuterRef("product"), is_active=True)
    others = Exists(siblings.exclude(pk=OuterRef("pk")))
    sold = Variant.objects.purchasable().filter(product__current_price__isnull=False)
    return sold.with_pieces().values(
        *("pk", "pieces", "sku", "option_label", "price", "compare_at_price"),
        *("currency", "weight_g", "product_id"),
        title=F("product__title"),
        slug=F("product__slug"),
        caption=F("product__caption"),
        description=F("product__description"),
        category_id=F("product__category_id"),
        brand=F("product__brand__name"),
        cuts=F("picture__cuts"),
        main_cuts=F("product__main_image__cuts"),
        chosen=ArraySubquery(options),
        has_others=others,
    )


def _item(row: dict[str, Any], here: str, branches: dict[int, tree.Branch]) -> str:
    lines = "".join(
        _element(f"g:{name}", text)
        for name, text in _facts(row, here, branches)
        if text
    )
    return f"<item>{lines}</item>\n"


def _facts(row, here: str, branches) -> Iterator[tuple[str, str]]:
    chosen = {option["code"]: option for option in row["chosen"]}
    query = urlencode({code: option["slug"] for code, option in chosen.items()})
    path = address_of_product(row["slug"])
    about = strip_tags(row["description"]) or row["caption"] or row["title"]
    is_there = availability(row["pieces"]).can_be_bought
    yield "id", row["sku"]
    if row["has_others"]:
        yield "item_group_id", str(row["product_id"])
    yield "title", ", ".join(filter(None, (row["title"], row["option_label"])))
    yield "description", about[:LONGEST]
    yield "link", f"{here}{path}?{query}" if query else f"{here}{path}"
    yield "image_link", _picture(row, here)
    yield "availability", "in_stock" if is_there else "out_of_stock"
    yield from _prices(row)
    yield "brand", row["brand"] or ""
    yield "condition", "new"
    yield "product_type", _kind(branches, row["category_id"])
    for code, option in chosen.items():
        if code in OPTIONS:
            yield OPTIONS[code], option["label"]
    if row["weight_g"]:
        yield "shipping_weight", f"{row['weight_g']} g"


def _prices(row) -> Iterator[tuple[str, str]]:
    """What is struck through is the price, and what is asked for the sale price."""
    price = _money(row["price"], row["currency"])
    if row["compare_at_price"] is None:
        yield "price", price
    else:
        yield "price", _money(row["compare_at_price"], row["currency"])
        yield "sale_price", price


def _money(amount: Decimal, currency: str) -> str:
    return f"{quantise(amount, currency)} {currency}"


def _picture(row, here: str) -> str:
    """The widest cut that has been made; a picture that was never shown has none."""
    cuts = (row["cuts"] or row["main_cuts"] or {}).get("card")
    if not cuts:
        return ""
    url = cuts[-1][0]
    return f"{here}{url}" if url.startswith("/") else url


def _kind(branches: dict[int, tree.Branch], category_id: int) -> str:
    branch = branches.get(category_id)
    way = [*branch.above, branch.id] if branch else []
    return " > ".join(branches[id].name for id in way)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(UNWRITABLE.sub('', text))}</{name}>"
