"""Primary keys as addresses and forms bring them."""


def is_key(text: str) -> bool:
    """Whether a row could have it. ``str.isdigit`` alone lets "²" through, which is no
    number, and numbers that no column holds."""
    return text.isascii() and text.isdigit() and len(text) < 19
