"""Order numbers such as KL-48392051-M: from a sequence, so no two orders wait for one
another; enciphered by the database, so nobody reads from two of them how much the shop
has sold in between; with a letter that catches a slip of the pen."""

from django.conf import settings
from django.db import connection

# The letters of the Spanish identity number: modulo 23 tells every single wrong digit
# and every two that changed places.
LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def next_numbers(count: int) -> list[str]:
    """Numbers that no order has. An order that is refused leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT checkout_scattered(nextval('checkout_order_number')) AS serial"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [written(serial) for (serial,) in cursor.fetchall()]


def written(serial: int) -> str:
    return f"{settings.ORDER_NUMBER_PREFIX}-{serial}-{LETTERS[serial % len(LETTERS)]}"


def is_well_formed(number: str) -> bool:
    """Whether the check letter fits; says nothing of whether there is such an order."""
    parts = number.strip().upper().split("-")
    if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdigit()):
        return False
    return len(parts[1]) < 18 and written(int(parts[1])) == "-".join(parts)
