"""Words to products, best first, by ``shop_search`` in the database: what staff have
pinned, an exact SKU, then full text, each word or what means the same; where that finds
nothing, once more with words put right."""

from dataclasses import dataclass

from shop import words

# Rows (id, place, instead): a listed product, its place, and what was looked for
# instead of what was typed, or null.
FOUND = "SELECT id, place, instead FROM shop_search(%s::text[], %s)"


@dataclass(frozen=True)
class Search:
    """A search, ready for ``FOUND``."""

    words: tuple[str, ...]
    sku: str

    @classmethod
    def of(cls, text: str) -> "Search":
        return cls(words=tuple(words.words_of(text)), sku=text.strip().upper())

    @property
    def parameters(self) -> list:
        return [list(self.words), self.sku]
