"""Codes as they are compared, however they are typed; and people, however they write
their address."""

import re
import unicodedata

from django.utils.crypto import salted_hmac

LONGEST = 40
CODE = re.compile(r"[A-Z0-9](-?[A-Z0-9]){2,19}")
# Dashes of all kinds, and the capital I with a dot that Turkish keyboards give.
ALIKE = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"İ": "I"})
# Their letters arrive whether or not there are dots before the @.
DOTLESS = {"gmail.com", "googlemail.com"}


def normal(typed: str) -> str:
    """The one way to write a code: plain capitals without blanks. Full-width letters,
    small ones, the dotless i and what cannot be seen make no difference.

    Empty for anything that no code looks like.
    """
    text = unicodedata.normalize("NFKC", typed[:LONGEST]).translate(ALIKE).upper()
    seen = "".join(letter for letter in text if _is_seen(letter))
    return seen if CODE.fullmatch(seen) else ""


def customer(email: str) -> str:
    """The same for the same person's addresses, as far as they can be told: no case, no
    +tag, and no dots where they mean nothing. Leads back to nobody."""
    text = unicodedata.normalize("NFKC", email).strip().lower()
    local, _, domain = text.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return salted_hmac("checkout.customer", f"{local}@{domain}").hexdigest()[:40]


def _is_seen(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Mn")
