import pytest

from checkout import numbers


@pytest.mark.django_db
def test_every_order_has_a_number_of_its_own():
    found = numbers.next_numbers(20)

    assert len(set(found)) == 20
    assert all(numbers.is_well_formed(number) for number in found)


def test_a_slip_of_the_pen_is_caught():
    right = numbers.written(100234)

    assert right == "KL-100234-T"
    assert numbers.is_well_formed(right.lower())
    assert not numbers.is_well_formed(right.replace("234", "243"))
    assert not numbers.is_well_formed(right.replace("234", "235"))
    assert not numbers.is_well_formed("KL-١٠٠-T")
