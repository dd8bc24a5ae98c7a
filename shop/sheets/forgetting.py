"""Files are kept for as long as somebody may ask what was imported."""

from datetime import datetime, timedelta

from shop.models import ImportRun

KEPT = timedelta(days=90)
State = ImportRun.State


def forget(*, now: datetime) -> None:
    """Forget the files of old imports, and uploads that nobody confirmed altogether.
    One that is being imported stays."""
    old = ImportRun.objects.filter(uploaded_at__lt=now - KEPT)
    old.filter(state=State.DONE).exclude(content=b"").update(content=b"")
    old.exclude(state__in=[State.DONE, State.RUNNING]).delete()
