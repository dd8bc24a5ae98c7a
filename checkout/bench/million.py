"""A shop that has sold a great many lines, written by the database in one go. Every
rule of the invariants holds in it."""

from django.db import connection

from checkout.bench import stocking
from checkout.bench.stocking import STOCK, VARIANT

LINES_OF_ORDER = 5
# Orders of five lines; every other one was paid by card, the rest is on invoice. Line
# ``n`` of order ``o`` has the key 5 * o + n, and its product follows from that.
SALES = """
    INSERT INTO checkout_cart (id, token, currency, coupon_code, version, created_at,
                               updated_at, converted_at)
    SELECT o, 'sold-cart-' || o, 'EUR', '', 1, now(), now(), now()
    FROM generate_series(1, %(orders)s) o;

    INSERT INTO checkout_order (
        id, cart_id, number, token, status, placed_at, principal, form_digest, email,
        name, company, street, flat, postcode, city, country, phone, payment_method,
        delivery_code, delivery_name, currency, prices_include_tax, lines_total,
        discount_total, delivery_total, tax_total, total, taxes, discounts)
    SELECT o, o, 'KL-' || o || '-M', 'sold-' || o,
           CASE WHEN o %% 2 = 0 THEN 'confirmed' ELSE 'paid' END, now(), 'cart-' || o,
           '', 'marta@example.org', 'Marta', '', 'Rua 1', '', '1200', 'Lisboa', 'PT',
           '', CASE WHEN o %% 2 = 0 THEN 'invoice' ELSE 'fake' END, 'post', 'Post',
           'EUR', true, 25.00, 0, 4.90, 5.59, 29.90, '[["23.00", "5.59"]]', '[]'
    FROM generate_series(1, %(orders)s) o;

    INSERT INTO checkout_orderline (
        id, order_id, variant_id, position, sku, title, option_label, product_url,
        image_url, quantity, unit_price, discount, total, tax_percent, tax, currency,
        cancelled, fulfilled, returned)
    SELECT 5 * o + n, o, %(variant)s + (5 * o + n) %% %(products)s, n, 'B-' || n,
           'Bowl', '', '', '', 1, 5.00, 0, 5.00, 23, 0.93, 'EUR', 0, 0, 0
    FROM generate_series(1, %(orders)s) o, generate_series(0, 4) n;

    INSERT INTO checkout_orderevent (order_id, kind, happened_at, note, pieces)
    SELECT id, kind, placed_at, '', '[]' FROM checkout_order,
           unnest('{prepared,confirmation_sent}'::text[]) kind;

    INSERT INTO checkout_payment (order_id, provider, key, status, amount, refunded,
                                  currency, action_url, failure, started_at, updated_at)
    SELECT id, 'fake', 'sold-' || id, 'captured', total, 0, 'EUR', '', '', now(), now()
    FROM checkout_order WHERE status = 'paid';

    INSERT INTO checkout_invoiceseries (kind, year, last)
    VALUES ('invoices', 2026, %(orders)s);
    INSERT INTO checkout_invoice (order_id, series_id, position, issued_at, seller_name,
                                  seller_address, seller_email, buyer, called_off,
                                  taxes_off)
    SELECT o.id, s.id, o.id, now(), 'Vitrine', '', '', o.name, 0, '[]'
    FROM checkout_order o, checkout_invoiceseries s;

    INSERT INTO shop_stockmovement (stock_id, kind, on_hand, reserved, order_line_id,
                                    note, moved_at)
    SELECT %(stock)s + l.id %% %(products)s, m.kind, m.on_hand, m.reserved, l.id, '',
           now()
    FROM checkout_orderline l,
         (VALUES ('reserved', 0, 1), ('sold', -1, -1)) m (kind, on_hand, reserved);

    UPDATE shop_stock s SET on_hand = m.on_hand FROM (
        SELECT stock_id, sum(on_hand) AS on_hand FROM shop_stockmovement GROUP BY 1
    ) m WHERE m.stock_id = s.id;
"""


def sell(lines: int) -> None:
    """Fill an empty shop with orders of so many lines together."""
    stocking.stock_shop()
    asked = {
        "orders": lines // LINES_OF_ORDER,
        "variant": VARIANT,
        "stock": STOCK,
        "products": stocking.PRODUCTS,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(SALES, asked)
        cursor.execute("ANALYZE")
        cursor.execute("RESET statement_timeout")
