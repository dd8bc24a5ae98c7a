"""Whom django-axes counts failed attempts for."""


def name_typed(request, credentials: dict | None) -> str:
    """The e-mail or user name that somebody tries to log in with, written one way.

    The log-in form calls its field ``login``; whoever logs in by code names neither.
    """
    credentials = credentials or {}
    typed = credentials.get("email") or credentials.get("username")
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    return (typed or "").strip().lower()[:254]
