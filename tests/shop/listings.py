"""Lists as the shop makes them, and what stands on them."""

from django.core.cache import cache
from django.http import QueryDict

from shop import tree
from shop.choices import Choices
from shop.listing import Listing
from tests.builders import NOON


def a_listing(query="", category=None, *, is_cold=True) -> Listing:
    if is_cold:
        cache.clear()
    known = tree.current()
    branch = known.get(category.pk) if category else None
    choices = Choices.from_query(QueryDict(query), known.offered(branch))
    return Listing(choices, known, "/shop/", branch, now=NOON)


def titles(listing) -> list[str]:
    return sorted(product.title for product in listing.products)


def counts(listing, code) -> dict[str, int]:
    [facet] = [f for f in listing.facets if f.code == code]
    return {choice.slug: choice.count for choice in facet.choices}
