"""Who is asking, as far as a limit needs to know. No address is kept anywhere."""

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac


def address(request) -> str:
    """The visitor's network address, past the proxies that are known to stand in
    front: each of them adds what it saw at the end of X-Forwarded-For."""
    hops = settings.TRUSTED_PROXIES
    chain = request.headers.get("X-Forwarded-For", "").split(",") if hops else []
    seen = chain[-hops].strip() if len(chain) >= hops > 0 else ""
    return seen or request.META.get("REMOTE_ADDR", "")


def fingerprint(request, purpose: str) -> str:
    """The same for the same visitor and purpose; leads back to nobody."""
    return salted_hmac(purpose, address(request)).hexdigest()[:32]


def one_at_a_time(visitor: str) -> None:
    """Others who ask as that visitor wait until commit: else many requests at once
    would all be counted as the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"visitor:{visitor}"],
        )
