"""What search engines read of a product: the same price and availability as shown."""

import json

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from shop.availability import availability
from shop.models import Product, Variant
from shop.money import quantise

UNSAFE = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def product_json_ld(request, product: Product, variants: list[Variant]) -> SafeString:
    """schema.org Product with an Offer a variant, as text for a JSON-LD script."""
    url = request.build_absolute_uri(product.url)
    about = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.title,
        "description": strip_tags(product.description) or product.caption,
        "url": url,
        "image": [
            request.build_absolute_uri(source)
            for source, _, _ in _sources(product)[-1:]
        ],
        "offers": [_offer(variant, url) for variant in variants],
    }
    if product.brand:
        about["brand"] = {"@type": "Brand", "name": product.brand.name}
    if len(variants) == 1:
        about["sku"] = variants[0].sku
    # The three signs that could end the script element are written as escapes.
    return mark_safe(json.dumps(about, ensure_ascii=False).translate(UNSAFE))  # noqa: S308


def _sources(product: Product) -> list:
    return product.main_image.sources("card") if product.main_image else []


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
        "url": url,
    }
    if ends_at := variant.reduced_until:
        offer["priceValidUntil"] = localtime(ends_at).date().isoformat()
    return offer
