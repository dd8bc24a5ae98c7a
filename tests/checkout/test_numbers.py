from itertools import pairwise

import pytest
from django.db import connection

from checkout import numbers


@pytest.mark.django_db
def test_every_order_has_a_number_of_its_own():
    found = numbers.next_numbers(20)

    assert len(set(found)) == 20
    assert all(numbers.is_well_formed(number) for number in found)


def scattered(first: int, last: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT checkout_scattered(n) FROM generate_series(%s, %s) n", [first, last]
        )
        return [number for (number,) in cursor.fetchall()]


@pytest.mark.django_db
def test_two_numbers_do_not_tell_how_many_orders_lie_in_between():
    found = scattered(100_234, 100_733)

    assert {len(str(number)) for number in found} == {8}
    steps = [b - a for a, b in pairwise(found)]
    # By chance as many go up as down, and no step is short.
    assert 150 < sum(step > 0 for step in steps) < 350
    assert sum(abs(step) < 1_000_000 for step in steps) < 50


@pytest.mark.django_db
def test_no_number_comes_twice_nor_as_an_earlier_version_gave_it():
    found = scattered(2**26 - 5000, 2**26 + 5000)

    assert len(set(found)) == 10_001
    assert {len(str(number)) for number in found} == {8, 10}


def test_a_slip_of_the_pen_is_caught():
    right = numbers.written(100234)

    assert right == "KL-100234-T"
    assert numbers.is_well_formed(right.lower())
    assert not numbers.is_well_formed(right.replace("234", "243"))
    assert not numbers.is_well_formed(right.replace("234", "235"))
    assert not numbers.is_well_formed("KL-١٠٠-T")
