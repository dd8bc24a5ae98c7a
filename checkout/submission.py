"""One sending of a checkout form: named by a key that came with the form, so that a
second sending of it is known for what it is."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from django.http import QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac

from checkout.asked import plain

LONGEST_KEY = 64
# What the browser adds, or what changes with every page, says nothing of the order.
NOT_SAID = {"csrfmiddlewaretoken", "key", "update"}


@dataclass(frozen=True)
class Submission:
    """``key`` is unique per owner; ``digest`` names everything else that was sent."""

    key: str
    digest: str


def new_key() -> str:
    """A key for a fresh form; 128 random bits, and a seal by which they are ours."""
    bits = secrets.token_urlsafe(16)
    return f"{bits}.{_seal(bits)}"


def is_ours(key: str) -> bool:
    """Whether the shop has given this key out, with a form that somebody has opened."""
    bits, _, seal = key.partition(".")
    return constant_time_compare(seal, _seal(bits))


def _seal(bits: str) -> str:
    return salted_hmac("checkout.form", bits).hexdigest()[:20]


def read(post: QueryDict) -> Submission | None:
    """The submission of a posted form; None where it brings no usable key, which
    leaves the rule of one order per cart to guard it."""
    key = plain(post.get("key", ""))
    if not (key.isascii() and 8 <= len(key) <= LONGEST_KEY):
        return None
    said = sorted((name, post.getlist(name)) for name in post if name not in NOT_SAID)
    return Submission(key, sha256(repr(said).encode()).hexdigest())
