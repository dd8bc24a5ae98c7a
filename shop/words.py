"""What a shopper types, as the search reads it. Pure: words in, words out."""

import re
import unicodedata

LONGEST_QUERY = 100
LONGEST_WORD = 40
MOST_WORDS = 12
WORD = re.compile(r"[\w-]+")
# Words that stand between those that are meant.
SMALL = frozenset(
    "a an and at by for from in into is it my of on or our the to with without".split()
)


def typed(text: str) -> str:
    """What was typed, without what no search needs."""
    return " ".join(text.replace("\x00", "").split())[:LONGEST_QUERY]


def plain(text: str) -> str:
    """Small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """The words to look for: letters and digits, without the small ones unless there
    is nothing else."""
    found = [part for word in WORD.findall(plain(text)) for part in _parts(word)]
    words = [word[:LONGEST_WORD] for word in found if word][:MOST_WORDS]
    return [word for word in words if word not in SMALL] or words


def _parts(word: str) -> list[str]:
    """A SKU as it is, another word with hyphens as several."""
    is_code = any(letter.isdigit() for letter in word)
    return [word.strip("-_")] if is_code else re.split("[-_]+", word)


def normal(text: str) -> str:
    """One way of writing the same search."""
    return " ".join(words_of(text))


def phrases(text: str) -> list[str]:
    """Words or short phrases with commas between."""
    return list(dict.fromkeys(filter(None, map(normal, text.split(",")))))
