import pytest
from django.db import OperationalError

from checkout.conflicts import ATTEMPTS, repeat_on_conflict
from checkout.errors import CartBusy

DEADLOCK, SERIALIZATION = "40P01", "40001"
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "55P03", "57014"


class Broken(Exception):
    def __init__(self, sqlstate: str):
        self.sqlstate = sqlstate


def a_deed(*states: str):
    """A deed that PostgreSQL breaks off with each of these in turn, then lets pass."""
    calls = []

    @repeat_on_conflict
    def deed():
        calls.append(1)
        if len(calls) <= len(states):
            raise OperationalError from Broken(states[len(calls) - 1])
        return len(calls)

    return deed, calls


@pytest.mark.parametrize("state", [DEADLOCK, SERIALIZATION])
def test_the_victim_of_a_conflict_tries_again(state):
    deed, _ = a_deed(state, state)

    assert deed() == 3


def test_whoever_loses_every_time_is_told_that_it_is_busy():
    deed, calls = a_deed(*[DEADLOCK] * 99)

    with pytest.raises(CartBusy):
        deed()

    assert len(calls) == ATTEMPTS


@pytest.mark.parametrize("state", [LOCK_TIMEOUT, STATEMENT_TIMEOUT])
def test_whoever_has_waited_long_enough_does_not_wait_again(state):
    deed, calls = a_deed(state)

    with pytest.raises(CartBusy):
        deed()

    assert len(calls) == 1


def test_any_other_failure_is_not_hidden():
    deed, calls = a_deed("08006")

    with pytest.raises(OperationalError):
        deed()

    assert len(calls) == 1
