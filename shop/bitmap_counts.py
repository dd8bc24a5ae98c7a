"""How many products each further choice would leave, by the bitmaps that this process
holds; ``shop.sql_counts`` answers where there are none."""

from dataclasses import dataclass, field, replace
from threading import Lock

from django.core.cache import cache
from django.db import connection

from shop import facet_index
from shop.counts import Counts, Question
from shop.facet_index import POINTER, Index, Unusable

WAIT_S = 0.5


@dataclass
class Held:
    """The one index of a process. Who has ``lock`` may change or read it, who has
    ``taking`` may put another in its place."""

    lock: Lock = field(default_factory=Lock)
    taking: Lock = field(default_factory=Lock)
    index: Index | None = None


held = Held()


def count(question: Question) -> Counts | None:
    """Exact counts as of now, by one query and bitmaps; None where there are none, or
    where a transaction may see what others do not."""
    if connection.in_atomic_block:
        return None
    # The one of this process may be too old, and the one in Redis newer.
    for _ in range(2):
        index = _current()
        if index is None:
            return None
        try:
            return _counted(index, question)
        except Unusable:
            _let_go(index)
    # Nobody else need try. Others are built within the minute.
    cache.delete(POINTER)
    return None


def _counted(index: Index, question: Question) -> Counts | None:
    """None where others are at the index for too long. The database, which a search may
    keep busy, is asked before anybody has to wait."""
    search = question.scope.search
    missed = index.missed(search)
    if not held.lock.acquire(timeout=WAIT_S):
        return None
    try:
        if not index.take_in(missed):
            index.catch_up()
        counts = index.bitmaps.count(question, missed.ranked if search else None)
    finally:
        held.lock.release()
    return replace(counts, instead=missed.instead)


def _current() -> Index | None:
    """The index that Redis names. While Redis is slow or has lost it, the one that is
    here: it knows itself what it has missed, and is as right as any other."""
    name, index = cache.get(POINTER), held.index
    if name is None or (index and index.name == name):
        return index
    if held.taking.acquire(timeout=0 if index else WAIT_S):
        try:
            if held.index is None or held.index.name != name:
                held.index = facet_index.fetch(name) or held.index
        finally:
            held.taking.release()
    return held.index


def _let_go(index: Index) -> None:
    with held.taking:
        if held.index is index:
            held.index = None
