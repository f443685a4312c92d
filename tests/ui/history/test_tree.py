"""The layout of a session's turns as a tree."""

from collections.abc import Callable

import pytest

from imagine_desktop.domain.record import Turn
from imagine_desktop.ui.history import tree

MakeTurn = Callable[..., Turn]


def shape(turns: list[Turn]) -> list[tuple[int, int]]:
    """Number and lane of each row, from top to bottom."""
    return [(row.number, row.lane) for row in tree.rows(turns)]


def test_a_chain_of_edits_stays_in_one_lane(make_turn: MakeTurn) -> None:
    chain = [make_turn(n, (n,), n - 1 if n > 1 else None) for n in range(1, 21)]
    rows = tree.rows(chain)
    assert {row.lane for row in rows} == {0}
    assert [row.continues_chain for row in rows] == [False] + [True] * 19
    assert [row.has_children for row in rows] == [True] * 19 + [False]


def test_the_branches_of_a_fork_stand_side_by_side_each_with_its_own_line(make_turn: MakeTurn) -> None:
    turns = [
        make_turn(1, (1, 2)),
        make_turn(2, (3,), 1),
        make_turn(3, (4,), 2),
        make_turn(4, (5,), 3),
        make_turn(5, (6,), 4),
    ]
    assert shape(turns) == [(1, 0), (2, 1), (4, 1), (3, 1), (5, 1)]
    first, branch, below_branch, last_branch, below_last = tree.rows(turns)
    assert (first.passing, first.has_children) == ((), True)
    assert branch.is_branch
    assert branch.passing == (0,)
    assert below_branch.passing == (0,)
    assert below_branch.continues_chain
    assert last_branch.passing == ()
    assert last_branch.is_branch
    assert below_last.passing == ()


def test_a_fork_inside_a_branch_goes_one_lane_further_and_lets_outer_lines_pass(make_turn: MakeTurn) -> None:
    turns = [make_turn(1, (1,)), make_turn(2, (2,), 1), make_turn(3, (3,), 1), make_turn(4, (4,), 2)]
    turns += [make_turn(5, (5,), 2)]
    rows = {row.number: row for row in tree.rows(turns)}
    assert [row.number for row in tree.rows(turns)] == [1, 2, 4, 5, 3]
    assert rows[4].lane == rows[5].lane == 2
    assert rows[4].passing == (0, 1)
    assert rows[5].passing == (0,)


def test_every_generation_starts_a_tree_of_its_own_in_the_order_of_time(make_turn: MakeTurn) -> None:
    turns = [make_turn(1, (1,)), make_turn(2, (2,)), make_turn(3, (3,), 1), make_turn(4, (4,))]
    assert shape(turns) == [(1, 0), (3, 0), (2, 0), (4, 0)]
    assert [row.parent for row in tree.rows(turns)] == [None, "T0001", None, None]


def test_a_source_from_another_session_makes_a_root(make_turn: MakeTurn) -> None:
    assert tree.rows([make_turn(1, (1,), 999)])[0].parent is None


@pytest.mark.parametrize("source", [1, 2])
def test_a_source_made_by_the_turn_itself_or_a_later_one_makes_no_circle(
    make_turn: MakeTurn, source: int
) -> None:
    turns = [make_turn(1, (1,), source), make_turn(2, (2,), 1)]
    assert shape(turns) == [(1, 0), (2, 0)]


def test_a_chain_longer_than_the_recursion_limit_is_laid_out(make_turn: MakeTurn) -> None:
    chain = [make_turn(n, (n,), n - 1 if n > 1 else None) for n in range(1, 3001)]
    assert [row.number for row in tree.rows(chain)] == list(range(1, 3001))


def test_no_turns_make_no_rows() -> None:
    assert tree.rows([]) == ()
