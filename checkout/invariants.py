"""What must be true whatever dies, whenever. Each rule is one query that returns what
breaks it, so that a million lines take seconds.

The numbers are those of the architecture; the rules that later rooms bring join here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

SOLD = "('confirmed', 'paid', 'fulfilled')"


@dataclass(frozen=True)
class Rule:
    """``query`` gives one text column: a row for every violation."""

    code: str
    name: str
    query: str


RULES = [
    Rule(
        "I1",
        "stock is what its movements add up to",
        """
        SELECT format('stock %s: on hand %s, reserved %s; movements say %s and %s',
                      s.id, s.on_hand, s.reserved,
                      coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
        FROM shop_stock s LEFT JOIN (
            SELECT stock_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved
            FROM shop_stockmovement GROUP BY stock_id
        ) m ON m.stock_id = s.id
        WHERE (s.on_hand, s.reserved)
              IS DISTINCT FROM (coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
        """,
    ),
    Rule(
        "I1",
        "stock is never below zero, nor promised twice",
        """
        SELECT format('stock %s: on hand %s, reserved %s', id, on_hand, reserved)
        FROM shop_stock WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand
        """,
    ),
    Rule(
        "I1",
        "an open order holds its pieces, a sold one has taken them, no other does",
        f"""
        SELECT format('order %s, line %s of %s pieces: holds %s, has taken %s',
                      o.number, l.id, l.quantity,
                      coalesce(m.held, 0), coalesce(m.taken, 0))
        FROM checkout_orderline l JOIN checkout_order o ON o.id = l.order_id
        LEFT JOIN (
            SELECT order_line_id, sum(reserved) AS held,
                   -sum(on_hand) FILTER (WHERE kind = 'sold') AS taken
            FROM shop_stockmovement WHERE order_line_id IS NOT NULL
            GROUP BY order_line_id
        ) m ON m.order_line_id = l.id
        WHERE coalesce(m.held, 0)
              <> CASE WHEN o.status = 'prepared' THEN l.quantity ELSE 0 END
           OR coalesce(m.taken, 0)
              <> CASE WHEN o.status IN {SOLD} THEN l.quantity
                      WHEN o.status = 'prepared' THEN 0
                      ELSE coalesce(m.taken, 0) END
        """,  # noqa: S608
    ),
    Rule(
        "I1",
        "no piece is held for an order line that does not exist",
        """
        SELECT format('order line %s: %s held', m.order_line_id, sum(m.reserved))
        FROM shop_stockmovement m
        WHERE m.order_line_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM checkout_orderline l WHERE l.id = m.order_line_id)
        GROUP BY m.order_line_id HAVING sum(m.reserved) <> 0
        """,
    ),
    Rule(
        "I2",
        "no promotion is in more orders than it may be",
        """
        SELECT format('promotion %s: in %s orders, at most %s',
                      p.id, count(*), p.most_uses)
        FROM checkout_promotion p JOIN checkout_redemption r ON r.promotion_id = p.id
        WHERE r.state <> 'released' AND p.most_uses IS NOT NULL
        GROUP BY p.id HAVING count(*) > p.most_uses
        """,
    ),
    Rule(
        "I2",
        "a promotion is held by open orders, used by sold ones, given back by others",
        f"""
        SELECT format('order %s is %s, its promotion %s is %s',
                      o.number, o.status, r.promotion_id, r.state)
        FROM checkout_redemption r JOIN checkout_order o ON o.id = r.order_id
        WHERE r.state <> CASE WHEN o.status = 'prepared' THEN 'held'
                              WHEN o.status IN {SOLD} THEN 'used'
                              ELSE 'released' END
        """,  # noqa: S608
    ),
    Rule(
        "I2",
        "what an order has taken off is what its promotions took",
        """
        SELECT format('order %s: %s taken off, promotions say %s',
                      o.number, t.off, coalesce(r.off, 0))
        FROM checkout_order o
        CROSS JOIN LATERAL (
            SELECT coalesce(sum((one ->> 1)::numeric + (one ->> 2)::numeric), 0) AS off,
                   coalesce(sum((one ->> 1)::numeric), 0) AS lines_off
            FROM jsonb_array_elements(o.discounts) one
        ) t
        LEFT JOIN (
            SELECT order_id, sum(amount) AS off
            FROM checkout_redemption GROUP BY order_id
        ) r ON r.order_id = o.id
        WHERE t.off <> coalesce(r.off, 0) OR t.lines_off <> o.discount_total
        """,
    ),
    Rule(
        "I3",
        "an order's total is its lines, less discounts, plus delivery and tax",
        """
        SELECT format('order %s: total %s', o.number, o.total)
        FROM checkout_order o LEFT JOIN (
            SELECT order_id, sum(unit_price * quantity) AS gross, sum(tax) AS tax,
                   sum(discount) AS discount
            FROM checkout_orderline GROUP BY order_id
        ) l ON l.order_id = o.id
        LEFT JOIN LATERAL (
            SELECT coalesce(sum((share ->> 1)::numeric), 0) AS tax
            FROM jsonb_array_elements(o.taxes) share
        ) t ON true
        WHERE o.total < 0
           OR o.total <> o.lines_total - o.discount_total + o.delivery_total
              + CASE WHEN o.prices_include_tax THEN 0 ELSE o.tax_total END
           OR o.lines_total <> coalesce(l.gross, 0)
           OR o.discount_total <> coalesce(l.discount, 0)
           OR o.tax_total <> t.tax
           OR coalesce(l.tax, 0) > o.tax_total
        """,
    ),
    Rule(
        "I4",
        "a cart is at most one order",
        """
        SELECT format('cart %s: %s orders', cart_id, count(*))
        FROM checkout_order WHERE cart_id IS NOT NULL
        GROUP BY cart_id HAVING count(*) > 1
        """,
    ),
    Rule(
        "I6",
        "a cart that was converted has its order, with lines, and no other cart has",
        """
        SELECT format('cart %s: converted %s, order %s', c.id,
                      coalesce(c.converted_at::text, 'never'),
                      coalesce(o.number, 'none'))
        FROM checkout_cart c LEFT JOIN checkout_order o ON o.cart_id = c.id
        WHERE (c.converted_at IS NULL) <> (o.id IS NULL)
           OR (o.id IS NOT NULL AND NOT EXISTS (
               SELECT FROM checkout_orderline l WHERE l.order_id = o.id))
        """,
    ),
    Rule(
        "I6",
        "an order that is not settled has a job that will settle it",
        """
        SELECT format('order %s: prepared, and nobody will settle it', o.number)
        FROM checkout_order o
        WHERE o.status = 'prepared' AND o.payment_method = 'invoice' AND NOT EXISTS (
            SELECT FROM procrastinate_jobs j
            WHERE j.task_name = 'checkout.settle' AND j.status IN ('todo', 'doing')
              AND (j.args ->> 'order_id')::bigint = o.id)
        """,
    ),
    Rule(
        "I5",
        "an order is paid when exactly one captured payment of its total says so",
        """
        SELECT format('order %s: %s, %s captured', o.number, o.status,
                      coalesce(p.captured, 0))
        FROM checkout_order o LEFT JOIN (
            SELECT order_id, sum(amount) AS captured, count(*) AS n,
                   bool_and(refunded = amount) AS given_back
            FROM checkout_payment WHERE status = 'captured' GROUP BY order_id
        ) p ON p.order_id = o.id
        WHERE o.payment_method <> 'invoice' AND (
            (o.status IN ('paid', 'fulfilled')
             AND (p.n IS DISTINCT FROM 1 OR p.captured <> o.total))
            OR (o.status = 'prepared' AND p.n > 0))
        """,
    ),
    Rule(
        "I5",
        "no more is given back than was taken",
        """
        SELECT format('payment %s: %s of %s given back', id, refunded, amount)
        FROM checkout_payment
        WHERE refunded > amount OR (refunded > 0 AND status <> 'captured')
        """,
    ),
    Rule(
        "I6",
        "an order that waits for its payment is held until a moment",
        """
        SELECT format('order %s: waits for ever', number)
        FROM checkout_order WHERE status = 'prepared' AND hold_expires_at IS NULL
        """,
    ),
    Rule(
        "I7",
        "a confirmed order has one confirmation, sent or on its way",
        f"""
        SELECT format('order %s: %s confirmations sent, %s on their way',
                      o.number, coalesce(sent.n, 0), coalesce(waiting.n, 0))
        FROM checkout_order o
        LEFT JOIN (
            SELECT order_id, count(*) AS n FROM checkout_orderevent
            WHERE kind = 'confirmation_sent' GROUP BY order_id
        ) sent ON sent.order_id = o.id
        LEFT JOIN (
            SELECT (args ->> 'order_id')::bigint AS order_id, count(*) AS n
            FROM procrastinate_jobs
            WHERE task_name = 'checkout.send_confirmation'
              AND status IN ('todo', 'doing')
            GROUP BY 1
        ) waiting ON waiting.order_id = o.id
        WHERE o.status IN {SOLD} AND (
            sent.n > 1 OR coalesce(sent.n, 0) + coalesce(waiting.n, 0) = 0)
        """,  # noqa: S608
    ),
]


def violations() -> Iterator[tuple[Rule, str]]:
    """Every violation there is, all rules judged on the same state of the shop."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        for rule in RULES:
            cursor.execute(rule.query)
            for (sentence,) in cursor.fetchall():
                yield rule, sentence
