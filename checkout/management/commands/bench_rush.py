"""How fast a line is served, against one order a transaction of bare SQL."""

import shutil
import time

from django.core.management.base import BaseCommand
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkout import rush
from checkout.bench import replay
from checkout.rehearsal import lines, stage
from home.own_database import own_database

CLIENTS = 8
ORDERS_OF_A_CLIENT = 1000
# What one order of one piece writes, and nothing else; every buyer wants the same row.
ONE_ORDER = """
SELECT nextval('bench_cart') AS cart, nextval('checkout_order_number') AS n \\gset
BEGIN;
SELECT id FROM checkout_cart WHERE id = :cart FOR NO KEY UPDATE;
SELECT price FROM shop_variant WHERE id = {variant};
INSERT INTO checkout_order (cart_id, number, token, principal, form_digest, status,
    placed_at, hold_expires_at, email, name, company, street, flat, postcode, city,
    country, phone, payment_method, delivery_code, delivery_name, currency,
    prices_include_tax, lines_total, discount_total, delivery_total, tax_total, total,
    taxes, discounts)
VALUES (:cart, 'B-' || :n, md5('B' || :n), 'cart-' || :cart, '', 'prepared', now(),
    now() + interval '15 min', 'buyer@example.org', 'Marta Kowalska', '',
    'Rua do Forno 14', '', '1200-109', 'Lisboa', 'PT', '', 'fake', 'post', 'Post',
    'EUR', true, 36.50, 0, 4.90, 7.74, 41.40, '[["23.00", "7.74"]]', '[]')
RETURNING id AS order_id \\gset
INSERT INTO checkout_orderline (order_id, variant_id, position, sku, title,
    option_label, product_url, image_url, quantity, unit_price, discount, total,
    tax_percent, tax, currency, cancelled, fulfilled, returned)
VALUES (:order_id, {variant}, 0, 'SKU', 'Piece', '', '', '', 1, 36.50, 0, 36.50, 23,
    6.83, 'EUR', 0, 0, 0) RETURNING id AS line_id \\gset
INSERT INTO checkout_orderevent (order_id, kind, happened_at, note, pieces)
VALUES (:order_id, 'prepared', now(), '', '[]');
UPDATE checkout_cart SET converted_at = now(), version = version + 1 WHERE id = :cart;
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'bench', 0, NULL, NULL, '{{}}',
    NULL)::procrastinate_job_to_defer_v1]);
SELECT id FROM shop_stock WHERE id = {stock} FOR NO KEY UPDATE;
UPDATE shop_stock SET reserved = reserved + 1 WHERE id = {stock};
INSERT INTO shop_stockmovement (stock_id, kind, on_hand, reserved, order_line_id, note,
    moved_at) VALUES ({stock}, 'reserved', 0, 1, :line_id, '', now());
COMMIT;
"""


class Command(BaseCommand):
    help = "Serve a line of one product, and let pgbench place orders one by one."

    def add_arguments(self, parser):
        parser.add_argument("--orders", type=int, default=3000)
        parser.add_argument("--pgbench", default="pgbench", help="where it is")

    def handle(self, *args, **options):
        with own_database():
            self._measure(options["orders"], shutil.which(options["pgbench"]))

    def _measure(self, orders: int, program: str | None) -> None:
        [lot] = stage.set_up(1, stock=1_000_000)
        lines.fill(lot, orders)
        served, statements = self._serve(lot, orders)
        self._write(
            f"a line, one worker: {served:.0f} orders/s, {statements} statements"
        )
        self._write(f"for a batch of {rush.MOST_AT_ONCE}, one commit")
        if program is None:
            self._write("pgbench was not found; nothing to compare with")
            return
        bare = self._bare(program, lot)
        self._write(
            f"pgbench, {CLIENTS} clients: {bare:.0f} orders/s, one a transaction"
        )
        self._write(f"a line is {served / bare:.1f} × that; 2 × is asked for")

    def _write(self, words: str) -> None:
        self.stdout.write(words)

    def _serve(self, lot: stage.Lot, orders: int) -> tuple[float, int]:
        """Orders a second, and the statements of a batch."""
        with CaptureQueriesContext(connection) as captured:
            orders -= rush.serve(lot.product.pk, now=timezone.now())
            statements = len(captured)
        begun = time.perf_counter()
        while rush.serve(lot.product.pk, now=timezone.now()):
            pass
        return orders / (time.perf_counter() - begun), statements

    def _bare(self, program: str, lot: stage.Lot) -> float:
        first = lines.carts(lot, CLIENTS * ORDERS_OF_A_CLIENT)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SEQUENCE bench_cart START {first}")
            cursor.execute("ANALYZE")
        stock = lot.variant.stock.get()
        script = ONE_ORDER.format(variant=lot.variant.pk, stock=stock.pk)
        return replay.run(
            program, script, first=first, runs=ORDERS_OF_A_CLIENT, clients=CLIENTS
        )
