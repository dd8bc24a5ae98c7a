"""Everything that can die, does. Each test ends with the invariants; each guard has a
control beside it in which it is missing (``unguarded`` takes away what the database
guards). ``make faults`` does it with all repeats.

What dies, or comes twice                               Where it is tried
------------------------------------------------------  ----------------------------
kill -9 of a web process at six points                  test_kills
kill -9 of a worker between a letter and its note       test_workers
database cut every 200 ms, restarted, slow, silent      test_database
a COMMIT whose answer is lost                           test_database
a row that somebody keeps locked                        test_database
                                                        checkout/test_finalization
a worker whose database goes away                       test_workers
opposite orders of lines                                checkout/test_races
Redis killed, deaf, slow, emptied, full                 test_redis, home/test_breaker
a webhook × 50, in any order, forged, stale             checkout/test_payments
a form sent twice, 20 times at once, from two carts     checkout/test_races
one cart in two tabs, Enter twice, Back and again       checkout/test_pages
price, tax, delivery, stock, coupon change meanwhile    checkout/test_finalization
                                                        checkout/test_pages
                                                        checkout/test_coupons
                                                        checkout/test_net_prices
a log-in in another tab, while a form is open           checkout/test_merging
stock 1 and 50 × 200 buyers; mixed lines                checkout/test_races
a coupon's last use × 200                               checkout/test_coupons
a hold lapsed, then paid; a provider that does not      checkout/test_payments
answer, charges and fails, loses its answer
a publish killed at eight points                        home/drafts/
                                                        test_publish_faults

``proxy`` is a wire that can be cut; ``shop`` serves the real application in a process
forked from the test's; ``dying`` kills one at a point of what it does. The points are
wrappers that a test puts around functions, in that child alone: the product has none.
"""
