"""What a visitor agrees to, word for word. The page that asks is the same for everyone
and keeps nothing, so the words travel through its form, signed."""

from dataclasses import asdict, dataclass

from django.core.signing import BadSignature, Signer

LONGEST_WORDS, LONGEST_AUDIENCE = 240, 40
_signer = Signer(salt="newsletter.consent")


@dataclass(frozen=True)
class Agreement:
    words: str
    audience: str


def signed(words: str, audience: str) -> str:
    """The same text for the same words, so that a page can be cached."""
    agreement = Agreement(words[:LONGEST_WORDS], audience[:LONGEST_AUDIENCE])
    return _signer.sign_object(asdict(agreement))


def read(text: str) -> Agreement | None:
    """What was signed; None for anything that this shop did not sign."""
    try:
        return Agreement(**_signer.unsign_object(text))
    except (BadSignature, TypeError, ValueError):
        return None
