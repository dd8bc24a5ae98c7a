"""Order numbers that do not count: a shopper with two of them shall not learn how many
orders lie in between.

The sequence stays, so that no number is given twice and no two orders wait for one
another; what it says is enciphered, one to one. The key is drawn here and stands in the
function: it stays with the numbers that were made with it, in every copy of the
database, while ``SECRET_KEY`` may change.
"""

from django.db import migrations

# A Feistel network of four rounds: numbers of 8 digits for the first 67 million orders,
# of 10 digits after that. Those of earlier versions have fewer.
CREATE = """
    DO $do$ BEGIN EXECUTE format($format$
        CREATE FUNCTION checkout_scattered(serial bigint) RETURNS bigint
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
        DECLARE
            many CONSTANT bigint := 1 << 26;
            half CONSTANT int := CASE WHEN serial < many THEN 13 ELSE 16 END;
            mask CONSTANT bigint := (1 << half) - 1;
            rest bigint := CASE WHEN serial < many THEN serial ELSE serial - many END;
            l bigint := rest >> half;
            r bigint := rest & mask;
            mixed bigint;
        BEGIN
            FOR round IN 1..4 LOOP
                mixed := ('x' || left(md5(%L || round || ':' || r), 8))::bit(32)::bigint;
                mixed := l # (mixed & mask);
                l := r;
                r := mixed;
            END LOOP;
            RETURN CASE half WHEN 13 THEN 10000000 ELSE 1000000000 END
                   + (l << half) + r;
        END
        $function$
    $format$, gen_random_uuid()); END $do$
"""


class Migration(migrations.Migration):
    dependencies = [("checkout", "0017_invoice_buyer")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION checkout_scattered(bigint)")]
