"""The jobs of this room, where procrastinate looks for them."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from home.drafts.clock import database_now
from shop import bestsellers, facet_index, prices, searches, vocabulary
from shop import relist as listing_columns
from shop.sheets import forgetting, running, uploads


@app.task(name="shop.relist", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def relist(product_ids: list[int]) -> None:
    """Bring the listing columns of products up to date, after their stock changed."""
    listing_columns.relist(product_ids)


@app.task(
    name="shop.check_import",
    retry=RetryStrategy(max_attempts=8, exponential_wait=2),
)
def check_import(run_id: int) -> None:
    """Say what an uploaded sheet would change."""
    uploads.look(run_id, clock=timezone.now)


@app.task(
    name="shop.import_products",
    retry=RetryStrategy(max_attempts=8, exponential_wait=2),
)
def import_products(run_id: int) -> None:
    """Import a sheet that was confirmed, from where it has come to."""
    running.go_on(run_id, clock=timezone.now)


@app.periodic(cron="47 3 * * *")
@app.task(name="shop.forget_sheets", queueing_lock="forget-sheets")
def forget_sheets(timestamp: int) -> None:
    """Forget the files of old imports."""
    forgetting.forget(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="shop.apply_sales", queueing_lock="apply-sales")
def apply_sales(timestamp: int) -> None:
    """Have sales begin and end that nobody's visit has begun or ended."""
    prices.apply_due(now=database_now())


@app.periodic(cron="* * * * *")
@app.task(name="shop.keep_facets")
def keep_facets(timestamp: int) -> None:
    """Build the bitmaps of facets where they are missing or have grown old."""
    facet_index.keep(now=timezone.now())


@app.periodic(cron="23 * * * *")
@app.task(name="shop.tidy_listing_changes")
def tidy_listing_changes(timestamp: int) -> None:
    """Forget changes of products that every bitmap has long taken in."""
    facet_index.tidy(before=timezone.now() - facet_index.REMEMBER)


@app.periodic(cron="41 * * * *")
@app.task(name="shop.learn_words")
def learn_words(timestamp: int) -> None:
    """Learn the words of products that have come, for putting right what is typed."""
    vocabulary.learn()


@app.periodic(cron="53 * * * *")
@app.task(name="shop.count_sales")
def count_sales(timestamp: int) -> None:
    """Count what has sold of late, for lists in that order."""
    bestsellers.count(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="shop.write_searches")
def write_searches(timestamp: int) -> None:
    """Write what was searched for into the report."""
    searches.write()
