"""An order is numbered as it was asked for, with the fewest new numbers."""

from itertools import combinations, permutations
from random import Random

import pytest

from home.drafts import edit
from home.drafts.numbering import LARGEST, numbered
from home.drafts.overlay import Overlay
from home.models import LayoutBlock
from tests.builders import NOON, a_layout_block, stage_block, stage_new_block
from tests.many import many_layout_blocks


def changed(numbers, ties=None) -> int:
    new = numbered(numbers, ties or [False] * len(numbers))
    return sum(a != b for a, b in zip(numbers, new, strict=True))


def moved(numbers, of, to) -> list[int]:
    others = [n for n in numbers if n != numbers[of]]
    return [*others[:to], numbers[of], *others[to:]]


def test_with_gaps_one_of_twenty_is_one_number_wherever_it_goes():
    tens = [10 * n for n in range(1, 21)]

    assert {changed(moved(tens, of, to)) for of in range(20) for to in range(20)} == {
        0,
        1,
    }


def test_without_gaps_only_those_between_the_old_place_and_the_new_move():
    dense = list(range(20))

    for of in range(20):
        for to in range(20):
            most = abs(of - to) + 1 if of != to else 0
            assert changed(moved(dense, of, to)) <= most


def test_to_the_end_is_one_number_even_without_gaps():
    assert changed(moved(list(range(20)), 0, 19)) == 1


def test_before_nought_there_is_no_number_so_the_others_move_once():
    assert changed(moved(list(range(20)), 19, 0)) == 19
    again = numbered(moved(list(range(20)), 19, 0), [False] * 20)
    assert changed(moved(again, 19, 0)) == 1
    assert changed(moved(list(range(1, 21)), 19, 0)) == 1


def test_who_was_moved_changes_rather_than_the_neighbour():
    assert numbered([20, 10], [False] * 2, 0) == [4, 10]
    assert numbered([20, 10], [False] * 2, 1) == [20, 30]


def test_room_is_left_for_the_next_move():
    assert numbered([10, 5, 20], [False] * 3) == [10, 15, 20]
    assert numbered([7, 3], [False] * 2) == [7, 17]


def test_the_largest_number_is_not_passed():
    for numbers in ([LARGEST, 3], [LARGEST, LARGEST, LARGEST], [LARGEST - 1, 3, 2]):
        new = numbered(numbers, [False] * len(numbers))
        assert new == sorted(set(new)) and new[0] >= 0 and new[-1] <= LARGEST


def fewest(numbers) -> int:
    """By trying every choice of numbers that are kept."""
    n = len(numbers)
    for count in range(n, -1, -1):
        for kept in combinations(range(n), count):
            steps = [
                numbers[b] - numbers[a] >= b - a
                for a, b in zip(kept, kept[1:], strict=False)
            ]
            if all(steps) and (not kept or numbers[kept[0]] >= kept[0]):
                return n - count
    raise AssertionError("none kept is always possible")


@pytest.mark.parametrize("numbers", [(0, 1, 2, 3, 4), (0, 2, 3, 3, 9), (1, 1, 5, 6, 7)])
def test_no_smaller_change_would_do(numbers):
    for order in permutations(numbers):
        new = numbered(order, [False] * 5)
        assert new == sorted(set(new)) and new[0] >= 0
        assert changed(order) == fewest(order), order


# In a workspace


def order(workspace) -> list[int]:
    return [block.draft_of_id or block.pk for block in standing(workspace)]


def standing(workspace) -> list[LayoutBlock]:
    return Overlay([workspace], now=NOON).standing(LayoutBlock.objects.standing())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_the_order_is_what_was_asked_for(workspace, seed):
    random = Random(seed)
    LayoutBlock.objects.all().delete()
    many_layout_blocks(8, sort_order=[random.randint(0, 6) for _ in range(8)])
    for n in range(3):
        stage_new_block(workspace, "home", f"New {n}")
    stage_block(workspace, LayoutBlock.objects.first(), sort_order=3)
    for _again in range(4):
        blocks = standing(workspace)
        random.shuffle(blocks)
        wanted = [block.draft_of_id or block.pk for block in blocks]

        edit.reorder_blocks(workspace, blocks, now=NOON)

        assert order(workspace) == wanted


@pytest.mark.django_db
def test_what_stands_right_already_is_not_copied_though_numbers_are_shared(workspace):
    LayoutBlock.objects.all().delete()
    blocks = many_layout_blocks(5)

    edit.reorder_blocks(workspace, blocks, now=NOON)
    assert not LayoutBlock.all_objects.copies_in(workspace).exists()

    edit.reorder_blocks(workspace, [*blocks[1:], blocks[0]], now=NOON)
    assert LayoutBlock.all_objects.copies_in(workspace).count() == 1
    assert order(workspace) == [b.pk for b in [*blocks[1:], blocks[0]]]


@pytest.mark.django_db
def test_a_new_block_shares_no_number_for_its_key_is_not_its_last(workspace):
    LayoutBlock.objects.all().delete()
    old = a_layout_block("home", "Old", sort_order=0)
    new = stage_new_block(workspace, "home", "New", sort_order=0)

    edit.reorder_blocks(workspace, [old, new], now=NOON)

    numbers = [block.sort_order for block in standing(workspace)]
    assert numbers[0] < numbers[1]
