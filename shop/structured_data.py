"""What search engines read of a product: the same price and availability as shown."""

from urllib.parse import urlencode

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from home.structured_data import SCHEMA, as_json
from shop.availability import availability
from shop.models import Product, Variant
from shop.money import quantise

# Codes of attributes that schema.org has words for.
PROPERTIES = {"colour": "color", "color": "color", "material": "material"}
PROPERTIES |= {"size": "size", "pattern": "pattern"}


def product_json_ld(request, product: Product, variants: list[Variant]) -> SafeString:
    """schema.org Product with its Offer, or of several variants a ProductGroup of them,
    as text for a JSON-LD script."""
    url = request.build_absolute_uri(product.url)
    about = {
        "@context": SCHEMA,
        "name": product.title,
        "description": strip_tags(product.description) or product.caption,
        "url": url,
        "image": [
            request.build_absolute_uri(source)
            for source, _, _ in _sources(product.main_image)[-1:]
        ],
    }
    if product.brand:
        about["brand"] = {"@type": "Brand", "name": product.brand.name}
    if len(variants) > 1:
        return as_json(about | _group(request, product, variants, url))
    about["@type"] = "Product"
    for variant in variants:
        about |= {"sku": variant.sku, "offers": _offer(variant, url)}
    return as_json(about)


def _group(request, product: Product, variants: list[Variant], url: str) -> dict:
    codes = {v.attribute.code for variant in variants for v in variant.chosen}
    return {
        "@type": "ProductGroup",
        "productGroupID": str(product.pk),
        "variesBy": sorted(
            {f"{SCHEMA}/{PROPERTIES[c]}" for c in codes & set(PROPERTIES)}
        ),
        "hasVariant": [
            _variant(request, product, variant, url) for variant in variants
        ],
    }


def _variant(request, product: Product, variant: Variant, url: str) -> dict:
    options = {value.attribute.code: value for value in variant.chosen}
    asked = urlencode({code: value.slug for code, value in options.items()})
    name = f"{product.title}, {variant.option_label}".removesuffix(", ")
    about = {"@type": "Product", "sku": variant.sku, "name": name}
    for code, value in options.items():
        if code in PROPERTIES:
            about[PROPERTIES[code]] = value.label
    if pictured := _sources(variant.picture or product.main_image)[-1:]:
        about["image"] = request.build_absolute_uri(pictured[0][0])
    return about | {"offers": _offer(variant, f"{url}?{asked}" if asked else url)}


def _sources(picture) -> list:
    return picture.sources("card") if picture else []


def _offer(variant: Variant, url: str) -> dict:
    price = {
        "price": str(quantise(variant.price, variant.currency)),
        "priceCurrency": variant.currency,
    }
    terms = {
        "@type": "UnitPriceSpecification",
        "valueAddedTaxIncluded": settings.PRICES_INCLUDE_TAX,
    }
    offer = {
        "@type": "Offer",
        "sku": variant.sku,
        **price,
        "priceSpecification": terms | price,
        "availability": availability(variant.pieces).schema,
        "itemCondition": f"{SCHEMA}/NewCondition",
        "url": url,
    }
    if ends_at := variant.reduced_until:
        offer["priceValidUntil"] = localtime(ends_at).date().isoformat()
    return offer
