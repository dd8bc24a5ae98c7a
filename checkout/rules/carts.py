"""Carts: what meets at a log-in is neither lost nor doubled."""

from checkout.rules import Rule

RULES = [
    Rule(
        "I8",
        "a cart that was merged says into which, and no other does",
        """
        SELECT format('cart %s: merged %s, into %s', c.id,
                      coalesce(c.merged_at::text, 'never'),
                      coalesce(m.into_id::text, 'none'))
        FROM checkout_cart c LEFT JOIN checkout_cartmerge m ON m.guest_id = c.id
        WHERE (c.merged_at IS NULL) <> (m.id IS NULL)
        """,
    ),
    Rule(
        "I8",
        "each line of a cart that was merged is accounted for once, as it was",
        """
        SELECT format('cart %s: its %s line %s is accounted for %s times',
                      m.guest_id, i.place, i.id, coalesce(n.times, 0))
        FROM checkout_cartmerge m
        JOIN (
            SELECT 'basket' AS place, id, cart_id, quantity FROM checkout_cartitem
            UNION ALL SELECT 'saved', id, cart_id, quantity FROM checkout_saveditem
        ) i ON i.cart_id = m.guest_id
        LEFT JOIN LATERAL (
            SELECT count(*) AS times FROM jsonb_array_elements(m.lines) one
            WHERE one ->> 0 = i.place AND (one ->> 1)::bigint = i.id
              AND (one ->> 3)::int = i.quantity
        ) n ON true
        WHERE n.times IS DISTINCT FROM 1
        """,
    ),
    Rule(
        "I8",
        "of each piece the greater number came out of a merge, and not the sum",
        """
        SELECT format('cart %s into %s: %s and %s pieces became %s', m.guest_id,
                      m.into_id, one ->> 3, one ->> 4, one ->> 5)
        FROM checkout_cartmerge m CROSS JOIN LATERAL jsonb_array_elements(m.lines) one
        WHERE (one ->> 5)::int <> greatest((one ->> 3)::int, (one ->> 4)::int)
        """,
    ),
    Rule(
        "I8",
        "what came into a cart at a log-in is there until somebody changes it",
        """
        SELECT format('cart %s: %s of line %s of cart %s came in, %s are there',
                      m.into_id, came.n, came.id, m.guest_id, coalesce(own.n, 0))
        FROM checkout_cartmerge m
        JOIN checkout_cart c ON c.id = m.into_id AND c.version = m.version
        JOIN LATERAL (
            SELECT i.variant_id, min(i.id) AS id, one ->> 6 AS place,
                   max((one ->> 5)::int) AS n
            FROM jsonb_array_elements(m.lines) one
            JOIN (
                SELECT 'basket' AS place, id, variant_id, cart_id FROM checkout_cartitem
                UNION ALL
                SELECT 'saved', id, variant_id, cart_id FROM checkout_saveditem
            ) i ON i.cart_id = m.guest_id AND i.place = one ->> 0
               AND i.id = (one ->> 1)::bigint
            WHERE i.variant_id IS NOT NULL
            GROUP BY i.variant_id, one ->> 6
        ) came ON true
        LEFT JOIN LATERAL (
            SELECT quantity AS n FROM checkout_cartitem
            WHERE came.place = 'basket' AND cart_id = m.into_id
              AND variant_id = came.variant_id
            UNION ALL
            SELECT quantity FROM checkout_saveditem
            WHERE came.place = 'saved' AND cart_id = m.into_id
              AND variant_id = came.variant_id
        ) own ON true
        WHERE own.n IS DISTINCT FROM came.n
        """,
    ),
]
