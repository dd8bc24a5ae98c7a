"""Money: what is taken off, adds up, was captured and goes back."""

from checkout.rules import SOLD, Rule

RULES = [
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
            (o.status IN ('paid', 'partly_fulfilled', 'fulfilled')
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
        "I5",
        "what is owed of a payment is no more than was taken, and given back once",
        """
        SELECT format('payment %s of %s: %s owed, of it %s given; written as given %s',
                      p.id, p.amount, r.owed, coalesce(r.given, 0), p.refunded)
        FROM checkout_payment p LEFT JOIN (
            SELECT payment_id, sum(amount) AS owed,
                   coalesce(sum(amount) FILTER (WHERE given_at IS NOT NULL), 0) AS given
            FROM checkout_refund GROUP BY payment_id
        ) r ON r.payment_id = p.id
        WHERE r.owed > p.amount OR coalesce(r.given, 0) <> p.refunded
        """,
    ),
    Rule(
        "I5",
        "no more is credited than was invoiced",
        """
        SELECT format('order %s: %s invoiced, %s credited',
                      o.number, o.total - i.called_off, n.credited)
        FROM checkout_invoice i JOIN checkout_order o ON o.id = i.order_id
        JOIN (
            SELECT invoice_id, sum(amount) AS credited
            FROM checkout_creditnote GROUP BY invoice_id
        ) n ON n.invoice_id = i.id
        WHERE n.credited > o.total - i.called_off
        """,
    ),
    Rule(
        "I5",
        "no money is kept of a cancelled order",
        """
        SELECT format('order %s: cancelled, %s of %s owed or given back',
                      o.number, coalesce(r.owed, 0), p.amount)
        FROM checkout_order o
        JOIN checkout_payment p ON p.order_id = o.id AND p.status = 'captured'
        LEFT JOIN (
            SELECT payment_id, sum(amount) AS owed
            FROM checkout_refund GROUP BY payment_id
        ) r ON r.payment_id = p.id
        WHERE o.status = 'cancelled'
          AND coalesce(r.owed, 0) <> p.amount
          -- What an earlier version has queued becomes a refund when it is done.
          AND NOT EXISTS (
              SELECT FROM procrastinate_jobs j
              WHERE j.task_name = 'checkout.refund_late_payment'
                AND j.status IN ('todo', 'doing')
                AND (j.args ->> 'payment_id')::bigint = p.id)
        """,
    ),
]
