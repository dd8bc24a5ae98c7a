"""Words to products, best first, by ``shop_search`` in the database: what staff have
pinned, an exact SKU, then full text, each word or what means the same; where that finds
nothing, once more with words put right."""

from dataclasses import dataclass

from shop import words

# One row (ids, instead): listed products, best first, and what was looked for instead
# of what was typed, or null.
FOUND = "shop_search(%s::text[], %s)"
# The same as rows (id, place, instead).
PLACED = """
SELECT f.id, f.place, instead FROM shop_search(%s::text[], %s) found,
    unnest(found.ids) WITH ORDINALITY AS f (id, place)
"""


@dataclass(frozen=True)
class Search:
    """A search, ready for ``FOUND`` and ``PLACED``."""

    words: tuple[str, ...]
    sku: str

    @classmethod
    def of(cls, text: str) -> "Search":
        return cls(words=tuple(words.words_of(text)), sku=text.strip().upper())

    @property
    def parameters(self) -> list:
        return [list(self.words), self.sku]
