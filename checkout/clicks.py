"""A bucket of tokens for each drop: so many orders a second are taken in. It lives in
Redis and only keeps a crowd off the database; without Redis it is open, and nothing
else is different."""

from django_redis import get_redis_connection
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

RETRY_AFTER_S = 2
# Filled at a steady rate by Redis' own clock; two seconds' worth may come at once.
TAKE = """
local rate = tonumber(ARGV[1])
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local most = rate * 2
local tokens = math.min(most, (tonumber(kept[1]) or most)
    + (now - (tonumber(kept[2]) or now)) * rate)
local is_let_in = 0
if tokens >= 1 then tokens = tokens - 1; is_let_in = 1 end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('EXPIRE', KEYS[1], 10)
return is_let_in
"""


def admit(product_id: int, per_second: int) -> bool:
    """Whether one more order of a drop is taken in at this moment."""
    try:
        connection = get_redis_connection("default")
        key = f"clicks:{product_id}"
        return bool(connection.eval(TAKE, 1, key, per_second))
    except (RedisError, ConnectionInterrupted):
        return True
