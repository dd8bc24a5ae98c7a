"""An import, batch by batch: what a batch changes and that it is done are one
transaction, so that whoever is killed is gone on for by the next."""

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from itertools import count

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shop import tree
from shop.models import ImportRun, Product, Stock, Variant
from shop.sheets import facts
from shop.sheets.batches import batches, comparison, named
from shop.sheets.checking import check
from shop.sheets.columns import Known
from shop.sheets.comparing import Told
from shop.sheets.reading import Row, Sheet, opened
from shop.sheets.report import Report
from shop.sheets.writing import Writer

State = ImportRun.State
# Somebody may hold a row for a while, or have made a product of the same handle.
ATTEMPTS = 3
FILE_NAME = 120


def ignore(done: int) -> None:
    """For who does not want to hear how far it is."""


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


def look(run_id: int, *, now: datetime) -> None:
    """Check an uploaded file and keep the report. Writes nothing else; done twice, it
    is done."""
    run = ImportRun.objects.get(pk=run_id)
    if run.state != State.CHECKING:
        return
    checking = ImportRun.objects.filter(pk=run_id, state=State.CHECKING)
    known = Known.load()

    def told(looked_at: int) -> None:
        checking.update(position=looked_at)

    report = check(opened(bytes(run.content), known), known, told)
    has_mistakes = report.counts["problems"] > 0
    checking.update(
        state=State.REFUSED if has_mistakes else State.READY,
        report=report.as_json(),
        moved_at=now,
    )


def confirm(run_id: int, *, now: datetime, by_id: int | None) -> bool:
    """Let the import begin. False: it was not waiting for that."""
    ready = ImportRun.objects.filter(pk=run_id, state=State.READY)
    begun = ready.update(
        state=State.RUNNING, position=0, report={}, confirmed_by=by_id, moved_at=now
    )
    return begun == 1


def go_on(
    run_id: int, *, now: datetime, told: Callable[[int], None] = ignore
) -> ImportRun:
    """Import the rows that are not done yet. Of two who go on at once, one does each
    batch. ``told`` hears after each how many rows are done."""
    run = ImportRun.objects.get(pk=run_id)
    sheet = opened(bytes(run.content), Known.load())
    for rows in batches(sheet, after=run.position):
        done = run.position + len(rows)
        run = _tried(partial(_batch, run_id, sheet, rows, at=run.position, now=now))
        if run.position != done:
            break
        told(done)
    return run


def _tried(batch: Callable[[], ImportRun]) -> ImportRun:
    for attempt in count(1):
        try:
            with transaction.atomic():
                return batch()
        except (IntegrityError, OperationalError):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _batch(
    run_id: int, sheet: Sheet, rows: list[Row], *, at: int, now: datetime
) -> ImportRun:
    """Do one batch, unless another has done it meanwhile. Locks the run, then variants,
    their stock and their products, each in primary-key order."""
    run = ImportRun.objects.lock(run_id)
    if run.position != at or run.state != State.RUNNING:
        return run
    skus, handles = named(rows)
    _lock(skus, handles)
    known = Known.load()
    found = facts.find(skus, handles, known)
    plan = comparison(sheet, known, Told()).compare(rows, found)
    note = _("Import of %(file)s") % {"file": run.file_name}
    writer = Writer(known, now=now, by_id=run.confirmed_by_id, note=note)
    writer.write(plan, found)
    _note(run, plan, len(rows), now)
    return run


def _lock(skus: Collection[str], handles: Collection[str]) -> None:
    """In the order in which a price and a movement lock as well: two who want the same
    wait for each other, and never for ever."""
    locked = Variant.objects.select_for_update(of=("self",), no_key=True)
    variants = list(locked.filter(sku__in=skus).order_by("pk").only("product"))
    Stock.objects.lock(variant__in=variants)
    of_variants = {variant.product_id for variant in variants}
    wanted = Q(pk__in=of_variants) | Q(slug__in=handles)
    products = Product.objects.select_for_update(of=("self",), no_key=True)
    list(products.filter(wanted).order_by("pk").only("pk"))


def _note(run: ImportRun, plan, rows: int, now: datetime) -> None:
    report = Report.of(run.report)
    report.add(plan)
    run.report = report.as_json()
    run.position += rows
    run.moved_at = now
    if run.position == run.rows:
        run.state, run.finished_at = State.DONE, now
        # How many pieces a category holds.
        tree.changed()
    run.save(update_fields=["report", "position", "moved_at", "state", "finished_at"])
