"""What search engines read of the shop itself and of the way to a page."""

import json

from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import get_text_for_indexing

# The three signs that could end the script element are written as escapes.
UNSAFE = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
SCHEMA = "https://schema.org"


def as_json(about: dict | list) -> SafeString:
    """JSON that may stand in a script element."""
    text = json.dumps(about, ensure_ascii=False).translate(UNSAFE)
    return mark_safe(text)  # noqa: S308


def breadcrumbs(crumbs: list[tuple[str, str]], here: str) -> dict:
    """BreadcrumbList of (label, absolute address or ""); the last one is ``here``."""
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": n,
                "name": str(label),
                "item": url or here,
            }
            for n, (label, url) in enumerate(crumbs, start=1)
        ],
    }


def organization(settings, home_url: str, search_url: str) -> list[dict]:
    """Organization and WebSite of a shop with these SiteSettings."""
    elsewhere = [u for u in (settings.instagram_url, settings.pinterest_url) if u]
    shop = {"@type": "Organization", "name": settings.name, "url": home_url}
    known = {
        "description": settings.description,
        "email": settings.email,
        "telephone": settings.phone,
        "sameAs": elsewhere,
    }
    site = {
        "@type": "WebSite",
        "name": settings.name,
        "url": home_url,
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{search_url}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }
    found = {name: value for name, value in known.items() if value}
    return [{"@context": SCHEMA} | thing for thing in (shop | found, site)]


def faq_page(asked: list[tuple[str, str]]) -> dict:
    """FAQPage of (question, answer as rich text)."""
    return {
        "@context": SCHEMA,
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": get_text_for_indexing(answer),
                },
            }
            for question, answer in asked
        ],
    }
