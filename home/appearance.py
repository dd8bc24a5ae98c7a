"""What a visitor has set for themselves: light or dark, and a bar put away. Kept in
cookies that only the server reads, so a page is right from its first byte."""

from hashlib import sha256

from django.utils.html import strip_tags

THEME_COOKIE, HIDDEN_COOKIE = "theme", "hidden"
THEMES = ("light", "dark")
KEEP_S = 365 * 24 * 3600


def theme(request) -> str:
    """light or dark when chosen, else empty: the system decides."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def announcement_key(markup: str) -> str:
    """Names an announcement by its words: other words, another key; none, empty."""
    words = " ".join(strip_tags(markup).split())
    return sha256(words.encode()).hexdigest()[:12] if words else ""


def is_hidden(request, key: str) -> bool:
    return bool(key) and request.COOKIES.get(HIDDEN_COOKIE) == key
