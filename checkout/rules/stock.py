"""Pieces: where they are, and whom they are for."""

from checkout.rules import SOLD, Rule

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
    # Three in one: each by itself would sum up all movements, and together they took
    # half of the time.
    Rule(
        "I1",
        "an open order holds its pieces, a sold one has taken them, no other does;"
        " what was sold and then cancelled or returned has come back once; no piece is"
        " held for a line that does not exist",
        f"""
        SELECT format('order %s, line %s of %s pieces: holds %s, has taken %s; '
                      '%s cancelled, %s returned, %s came back',
                      coalesce(o.number, 'none'), coalesce(l.id, m.order_line_id),
                      l.quantity, coalesce(m.held, 0), coalesce(m.taken, 0),
                      l.cancelled, l.returned, coalesce(m.back, 0))
        FROM (
            SELECT order_line_id, sum(reserved) AS held,
                   -sum(on_hand) FILTER (WHERE kind = 'sold') AS taken,
                   sum(on_hand) FILTER (WHERE kind = 'returned') AS back
            FROM shop_stockmovement WHERE order_line_id IS NOT NULL
            GROUP BY order_line_id
        ) m
        FULL JOIN checkout_orderline l ON l.id = m.order_line_id
        LEFT JOIN checkout_order o ON o.id = l.order_id
        WHERE coalesce(m.held, 0)
              <> CASE WHEN o.status = 'prepared' THEN l.quantity ELSE 0 END
           OR coalesce(m.taken, 0)
              <> CASE WHEN o.status IN {SOLD} THEN l.quantity
                      WHEN o.status = 'prepared' THEN 0
                      ELSE coalesce(m.taken, 0) END
           OR coalesce(m.back, 0)
              <> CASE WHEN l.id IS NULL THEN coalesce(m.back, 0)
                      WHEN m.taken > 0 THEN l.cancelled + l.returned ELSE 0 END
        """,  # noqa: S608
    ),
    Rule(
        "I1",
        "what became of an order's pieces is what its history says",
        """
        SELECT format('order line %s: %s cancelled, %s sent, %s returned; '
                      'history says %s, %s and %s',
                      l.id, l.cancelled, l.fulfilled, l.returned,
                      coalesce(h.cancelled, 0), coalesce(h.sent, 0),
                      coalesce(h.returned, 0))
        FROM checkout_orderline l LEFT JOIN (
            SELECT (one ->> 0)::bigint AS line_id,
                   sum((one ->> 1)::int) FILTER (WHERE e.kind = 'pieces_cancelled')
                   AS cancelled,
                   sum((one ->> 1)::int) FILTER (WHERE e.kind = 'pieces_sent') AS sent,
                   sum((one ->> 1)::int) FILTER (WHERE e.kind = 'pieces_returned')
                   AS returned
            FROM checkout_orderevent e
            CROSS JOIN LATERAL jsonb_array_elements(e.pieces) one
            GROUP BY 1
        ) h ON h.line_id = l.id
        WHERE (l.cancelled, l.fulfilled, l.returned)
              IS DISTINCT FROM (coalesce(h.cancelled, 0), coalesce(h.sent, 0),
                                coalesce(h.returned, 0))
        """,
    ),
    Rule(
        "I1",
        "what was returned came in by returns, and no more is asked for than was sent",
        """
        SELECT format('order line %s: %s sent, %s returned; returns say %s, %s open',
                      l.id, l.fulfilled, l.returned,
                      coalesce(r.received, 0), coalesce(r.open, 0))
        FROM checkout_orderline l LEFT JOIN (
            SELECT one.order_line_id, sum(one.received) AS received,
                   sum(one.asked) FILTER (WHERE r.status IN ('asked', 'accepted'))
                   AS open
            FROM checkout_returnline one
            JOIN checkout_return r ON r.id = one.of_return_id
            GROUP BY one.order_line_id
        ) r ON r.order_line_id = l.id
        WHERE l.returned <> coalesce(r.received, 0)
           OR l.fulfilled < l.returned + coalesce(r.open, 0)
        """,
    ),
    Rule(
        "I1",
        "an order is sent, partly sent or cancelled as its pieces are",
        """
        SELECT format('order %s is %s: of %s pieces %s cancelled, %s sent',
                      o.number, o.status, l.n, l.cancelled, l.sent)
        FROM checkout_order o JOIN (
            SELECT order_id, sum(quantity) AS n, sum(cancelled) AS cancelled,
                   sum(fulfilled) AS sent
            FROM checkout_orderline GROUP BY order_id
        ) l ON l.order_id = o.id
        WHERE (o.status = 'fulfilled') <> (l.sent > 0 AND l.sent + l.cancelled = l.n)
           OR (o.status = 'partly_fulfilled')
              <> (l.sent > 0 AND l.sent + l.cancelled < l.n)
           OR (l.cancelled = l.n AND o.status <> 'cancelled')
           OR (o.status = 'cancelled' AND l.cancelled NOT IN (0, l.n))
        """,
    ),
]
