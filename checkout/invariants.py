"""What must be true whatever dies, whenever. Each rule is one query that returns what
breaks it, so that a million lines take seconds.

The numbers are those of the architecture; the rules that later rooms bring join here.
"""

from collections.abc import Iterator

from django.db import connection, transaction

from checkout.rules import Rule, carts, money, orders, pages, stock

RULES = [*stock.RULES, *money.RULES, *orders.RULES, *carts.RULES, *pages.RULES]


def violations() -> Iterator[tuple[Rule, str]]:
    """Every violation there is, all rules judged on the same state of the shop."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        # Millions of movements are summed up in memory, not on disk: half the time.
        cursor.execute("SET LOCAL work_mem = '128MB'")
        for rule in RULES:
            cursor.execute(rule.query)
            for (sentence,) in cursor.fetchall():
                yield rule, sentence
