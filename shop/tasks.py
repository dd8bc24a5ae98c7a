"""The jobs of this room, where procrastinate looks for them."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shop import relist as listing_columns


@app.task(name="shop.relist", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def relist(product_ids: list[int]) -> None:
    """Bring the listing columns of products up to date, after their stock changed."""
    listing_columns.relist(product_ids)
