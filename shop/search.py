"""Words to products: PostgreSQL full text over title, label, attributes and SKU."""

import re

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

WORD = re.compile(r"[\w-]+")
MOST_WORDS = 12


def matching(products, words: str):
    """Products that hold every word, or a word beginning with it; best first by
    ``rank``. Words without a letter or digit match nothing."""
    found = [w.strip("-_") for w in WORD.findall(words.lower())][:MOST_WORDS]
    terms = [word for word in found if word]
    if not terms:
        return products.none()
    # Quoted lexemes: what the shopper typed can never be an operator.
    query = SearchQuery(
        " & ".join("'{}':*".format(term.replace("'", "")) for term in terms),
        config="simple",
        search_type="raw",
    )
    return products.filter(search_vector=query).annotate(
        rank=SearchRank(F("search_vector"), query)
    )
