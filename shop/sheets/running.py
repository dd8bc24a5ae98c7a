"""An import, batch by batch: what a batch changes and that it is done are one
transaction, so that whoever is killed is gone on for by the next."""

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
from shop.sheets.checking import ignore
from shop.sheets.columns import Known
from shop.sheets.plans import Plan, Problem, Told
from shop.sheets.reading import FileRefused, Row, Sheet, opened
from shop.sheets.report import Report
from shop.sheets.writing import Writer

State = ImportRun.State
# Somebody may hold a row for a while, or have made a product of the same handle.
ATTEMPTS = 3


def go_on(
    run_id: int, *, clock: Callable[[], datetime], told: Callable[[int], None] = ignore
) -> ImportRun:
    """Import the rows that are not done yet. Of two who go on at once, one does each
    batch. ``told`` hears after each how many rows are done."""
    run = ImportRun.objects.get(pk=run_id)
    try:
        sheet = opened(bytes(run.content), Known.load())
    except FileRefused as refused:
        return _break_off(run_id, str(refused), now=clock())
    for rows in batches(sheet, after=run.position):
        at, now = run.position, clock()
        run = _tried(partial(_batch, run_id, sheet, rows, at=at, now=now))
        if run.position != at + len(rows):
            break
        told(run.position)
    return run


def _break_off(run_id: int, words: str, *, now: datetime) -> ImportRun:
    """Leave out all rows that are not done: a column has gone from the shop."""
    with transaction.atomic():
        run = ImportRun.objects.lock(run_id)
        if run.state == State.RUNNING:
            rest = Plan(problems=[Problem(run.position + 2, "", words)])
            _note(run, rest, run.rows - run.position, now)
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


def _note(run: ImportRun, plan: Plan, rows: int, now: datetime) -> None:
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
