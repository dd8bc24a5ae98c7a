"""Sessions in PostgreSQL, with a copy in Redis."""

from django.contrib.sessions.backends import cached_db

from home.breaker import insisting


class SessionStore(cached_db.SessionStore):
    """Its copy is written and deleted even if Redis has failed a moment ago: an old one
    would know somebody who has logged out."""

    def save(self, must_create=False):
        with insisting():
            super().save(must_create)

    def delete(self, session_key=None):
        with insisting():
            super().delete(session_key)
