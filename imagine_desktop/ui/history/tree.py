"""The turns of a session as the rows of a branching tree.

A turn hangs under the turn that made its first library source. Only a fork indents: a chain of
twenty edits stays in one lane, and the branches of a fork stand side by side one lane further in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from imagine_desktop.domain.record import PictureId, Turn, TurnId


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn at its place in the tree, with the lines that lead to it, past it and away from it.

    `number` counts the session's turns by age, from 1. `lane` is how often its line has forked.
    `passing` are the lanes whose line runs through the row without touching its node.
    """

    turn: Turn
    number: int
    parent: TurnId | None
    lane: int
    is_branch: bool  # one of several turns made from the same one
    has_children: bool
    passing: tuple[int, ...]

    @property
    def continues_chain(self) -> bool:
        """Whether its line comes straight down from the row above."""
        return self.parent is not None and not self.is_branch


def rows(turns: Sequence[Turn], is_gone: Callable[[Turn], bool] = lambda _turn: False) -> tuple[TurnRow, ...]:
    """The rows of a session's turns, given oldest first, from top to bottom.

    A turn of which nothing is left is there only where something that came of it is.
    """
    parents = _parents(turns)
    children: dict[TurnId | None, list[Turn]] = {}
    numbers: dict[TurnId, int] = {}
    hidden = _hidden(turns, parents, is_gone)
    for number, turn in enumerate(turns, start=1):
        if turn.id in hidden:
            continue
        numbers[turn.id] = number
        children.setdefault(parents[turn.id], []).append(turn)
    return tuple(
        TurnRow(
            turn=place.turn,
            number=numbers[place.turn.id],
            parent=parents[place.turn.id],
            lane=place.lane,
            is_branch=place.is_branch,
            has_children=place.turn.id in children,
            passing=place.passing,
        )
        for place in _places(children)
    )


def _hidden(
    turns: Sequence[Turn], parents: dict[TurnId, TurnId | None], is_gone: Callable[[Turn], bool]
) -> set[TurnId]:
    needed: set[TurnId | None] = set()
    hidden = set()
    for turn in reversed(turns):  # children come after their parents
        if turn.id in needed or not is_gone(turn):
            needed.add(parents[turn.id])
        else:
            hidden.add(turn.id)
    return hidden


def _parents(turns: Sequence[Turn]) -> dict[TurnId, TurnId | None]:
    """The turn that each one hangs under; only one listed before it, so that there can be no circle."""
    makers: dict[PictureId, TurnId] = {}
    parents: dict[TurnId, TurnId | None] = {}
    for turn in turns:
        parents[turn.id] = None if turn.parent_id is None else makers.get(turn.parent_id)
        makers.update(dict.fromkeys(turn.picture_ids, turn.id))
    return parents


@dataclass(frozen=True, slots=True)
class _Place:
    turn: Turn
    lane: int
    is_branch: bool
    passing: tuple[int, ...]  # at the row itself
    open_lanes: tuple[int, ...]  # below it: lines that still lead to later branches


def _places(children: dict[TurnId | None, list[Turn]]) -> Iterator[_Place]:
    """Each turn before its children, the oldest child first; with a stack, because chains get long."""
    stack = [_Place(turn, 0, False, (), ()) for turn in reversed(children.get(None, []))]
    while stack:
        place = stack.pop()
        yield place
        stack.extend(reversed(_below(place, children.get(place.turn.id, []))))


def _below(place: _Place, turns: Sequence[Turn]) -> list[_Place]:
    if len(turns) == 1:
        return [_Place(turns[0], place.lane, False, place.open_lanes, place.open_lanes)]
    last = len(turns) - 1
    made = []
    for position, turn in enumerate(turns):
        still_open = place.open_lanes if position == last else (*place.open_lanes, place.lane)
        made.append(_Place(turn, place.lane + 1, True, still_open, still_open))
    return made
