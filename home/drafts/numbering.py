"""Numbers for an order, as few new ones as there can be."""

from collections.abc import Sequence

# ``sort_order`` is a PositiveIntegerField.
LARGEST = 2**31 - 1
# Left behind the last one, so that the next move finds room.
ROOM = 10


def numbered(
    numbers: Sequence[int], ties: Sequence[bool], moved: int = -1
) -> list[int]:
    """Numbers that rise, most of them those that were there.

    ``numbers`` are the present ones in the order that is wanted; ``ties[n]`` says that
    the n-th stands behind the one before it even with the same number; ``moved`` is the
    place of the one that somebody has moved, and that rather changes. Where there is
    no room between two, their neighbours move, too: of dense numbers only those between
    the old place and the new one. No number is below nought.
    """
    kept = [-1, *_longest_kept(numbers, ties, moved), len(numbers)]
    new = list(numbers)
    for before, after in zip(kept, kept[1:], strict=False):
        low = numbers[before] if before >= 0 else -1
        count = after - before - 1
        high = _top(low, count) if after == len(numbers) else numbers[after]
        for n in range(1, count + 1):
            new[before + n] = low + (high - low) * n // (count + 1)
    return new


def _top(low: int, count: int) -> int:
    return min(low + ROOM * (count + 1), LARGEST + 1)


def _longest_kept(numbers, ties, moved: int) -> list[int]:
    """Which may keep their numbers: as many as possible, with room between them for all
    the others. Places in ``numbers``, rising."""

    def worth(chain: list[int]) -> tuple[int, bool]:
        return len(chain), moved not in chain

    best: list[list[int]] = []
    for here, number in enumerate(numbers):
        before = [
            chain
            for there, chain in enumerate(best)
            if chain and _has_room(numbers, ties, there, here)
        ]
        starts: list[list[int]] = [[]] if number >= here else []
        longest = max([*before, *starts], key=worth, default=None)
        best.append([] if longest is None else [*longest, here])
    last = len(numbers) - 1
    ends = [c for n, c in enumerate(best) if numbers[n] + last - n <= LARGEST]
    return max(ends, key=worth, default=[])


def _has_room(numbers, ties, there: int, here: int) -> bool:
    is_tie = ties[here] and here == there + 1 and numbers[here] == numbers[there]
    return is_tie or numbers[here] - numbers[there] >= here - there
