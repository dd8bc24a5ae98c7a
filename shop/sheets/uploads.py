"""A file from its upload to the word that lets it in."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from shop.models import ImportRun
from shop.sheets.checking import check
from shop.sheets.columns import Known
from shop.sheets.plans import Plan, Problem
from shop.sheets.reading import FileRefused, Sheet, opened
from shop.sheets.report import Report

State = ImportRun.State
FILE_NAME = 120


def upload(
    sheet: Sheet,
    file_name: str,
    *,
    state: str,
    now: datetime,
    by_id: int | None = None,
) -> ImportRun:
    """Keep a file that is understood, for a worker or for this process."""
    return ImportRun.objects.create(
        file_name=file_name[-FILE_NAME:],
        sha256=digest(sheet.content),
        content=sheet.content,
        state=state,
        rows=sum(1 for _row in sheet.rows()),
        uploaded_by_id=by_id,
        uploaded_at=now,
        moved_at=now,
    )


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def imported_before(run: ImportRun) -> ImportRun | None:
    """The last import of the same file, if there was one."""
    same = ImportRun.objects.without_file().filter(sha256=run.sha256, state=State.DONE)
    return same.exclude(pk=run.pk).order_by("-finished_at").first()


def look(run_id: int, *, clock: Callable[[], datetime]) -> None:
    """Check an uploaded file and keep the report. Writes nothing else; done twice, it
    is done."""
    run = ImportRun.objects.get(pk=run_id)
    if run.state != State.CHECKING:
        return
    checking = ImportRun.objects.filter(pk=run_id, state=State.CHECKING)

    def told(looked_at: int) -> None:
        checking.update(position=looked_at, moved_at=clock())

    report = _report(bytes(run.content), told)
    has_mistakes = report.counts["problems"] > 0
    checking.update(
        state=State.REFUSED if has_mistakes else State.READY,
        report=report.as_json(),
        moved_at=clock(),
    )


def _report(content: bytes, told: Callable[[int], None]) -> Report:
    """Of a file that was understood when it came; the shop may have changed since."""
    known = Known.load()
    try:
        return check(opened(content, known), known, told)
    except FileRefused as refused:
        report = Report()
        report.add(Plan(problems=[Problem(1, "", str(refused))]))
        return report


def confirm(run_id: int, *, now: datetime, by_id: int | None) -> bool:
    """Let the import begin. False: it was not waiting for that."""
    ready = ImportRun.objects.filter(pk=run_id, state=State.READY)
    begun = ready.update(
        state=State.RUNNING, position=0, report={}, confirmed_by=by_id, moved_at=now
    )
    return begun == 1
