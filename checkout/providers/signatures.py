"""Signatures of webhooks: a time and an HMAC over the time and the raw body, in the
header form that Stripe made common: ``t=1700000000,v1=…``."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

TOLERANCE = timedelta(seconds=300)


def sign(body: bytes, secret: str, *, now: datetime) -> str:
    moment = int(now.timestamp())
    return f"t={moment},v1={_mac(moment, body, secret)}"


def is_valid(body: bytes, header: str, secret: str, *, now: datetime) -> bool:
    """Whether the body was signed with that secret at most five minutes ago (or ahead,
    as clocks differ)."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    moment, mac = parts.get("t", ""), parts.get("v1", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        return False
    fits = hmac.compare_digest(mac.encode(), _mac(int(moment), body, secret).encode())
    return fits and abs(now.timestamp() - int(moment)) <= TOLERANCE.total_seconds()


def _mac(moment: int, body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), b"%d." % moment + body, sha256).hexdigest()
