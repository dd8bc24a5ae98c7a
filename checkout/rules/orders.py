"""Orders: none is lost, none is doubled, each is seen to."""

from checkout.rules import SOLD, Rule

RULES = [
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
        "I6",
        "money that is owed has a job that will give it back",
        """
        SELECT format('refund %s of %s: nobody will give it back', r.id, r.amount)
        FROM checkout_refund r
        WHERE r.given_at IS NULL AND NOT EXISTS (
            SELECT FROM procrastinate_jobs j
            WHERE j.task_name = 'checkout.give_back' AND j.status IN ('todo', 'doing')
              AND (j.args ->> 'refund_id')::bigint = r.id)
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
        "I6",
        "the invoices of a year are numbered from one, without a gap; its credit notes,"
        " too",
        """
        SELECT format('%s of %s: %s of them, highest %s, counted to %s',
                      s.kind, s.year, i.n, i.highest, s.last)
        FROM checkout_invoiceseries s CROSS JOIN LATERAL (
            SELECT count(*) AS n, coalesce(max(position), 0) AS highest
            FROM (SELECT position FROM checkout_invoice WHERE series_id = s.id
                  UNION ALL
                  SELECT position FROM checkout_creditnote WHERE series_id = s.id) one
        ) i
        WHERE (i.n, i.highest) IS DISTINCT FROM (s.last, s.last)
        """,
    ),
    Rule(
        "I6",
        "a sold order has its invoice, or a job that will write it",
        f"""
        SELECT format('order %s: no invoice, and nobody will write it', o.number)
        FROM checkout_order o
        WHERE o.status IN {SOLD}
          AND NOT EXISTS (SELECT FROM checkout_invoice i WHERE i.order_id = o.id)
          AND NOT EXISTS (
              SELECT FROM procrastinate_jobs j
              WHERE j.task_name = 'checkout.write_invoice'
                AND j.status IN ('todo', 'doing')
                AND (j.args ->> 'order_id')::bigint = o.id)
        """,  # noqa: S608
    ),
    Rule(
        "I6",
        "a credit note has its number, or a job that will give it one",
        """
        SELECT format('credit note %s of %s: nobody will number it', n.id, n.amount)
        FROM checkout_creditnote n
        WHERE n.series_id IS NULL AND NOT EXISTS (
            SELECT FROM procrastinate_jobs j
            WHERE j.task_name = 'checkout.number_credit_note'
              AND j.status IN ('todo', 'doing')
              AND (j.args ->> 'note_id')::bigint = n.id)
        """,
    ),
    Rule(
        "I6",
        "what goes back after an invoice was written is credited on it",
        """
        SELECT format('refund %s of %s: invoice without credit note', r.id, r.amount)
        FROM checkout_refund r JOIN checkout_invoice i ON i.order_id = r.order_id
        WHERE r.owed_at > i.issued_at AND NOT EXISTS (
            SELECT FROM checkout_creditnote n
            WHERE n.event_id = r.event_id AND n.amount = r.amount)
        """,
    ),
    Rule(
        "I6",
        "a place in line that was settled has the order that was agreed to",
        """
        SELECT format('place %s: %s agreed, order %s of %s', a.id, a.expected_total,
                      o.number, o.total)
        FROM checkout_checkoutattempt a JOIN checkout_order o ON o.id = a.order_id
        WHERE a.expected_total <> o.total OR a.currency <> o.currency
           OR a.cart_id IS DISTINCT FROM o.cart_id
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
