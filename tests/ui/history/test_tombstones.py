"""What stays in the history of pictures in the trash, and of deleted ones."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from imagine_desktop.domain.record import (
    Picture,
    PictureId,
    PictureState,
    Session,
    SessionId,
    Turn,
    TurnId,
    TurnState,
)
from imagine_desktop.ui.history import captions
from imagine_desktop.ui.history.model import HistoryModel

MakeTurn = Callable[..., Turn]


def picture(picture_id: int, state: PictureState = PictureState.SAVED, trashed: float | None = None) -> Picture:
    return Picture(
        PictureId(picture_id),
        TurnId(f"T{picture_id:04}"),
        SessionId(1),
        index=0,
        state=state,
        created=0.0,
        aspect_ratio="1:1",
        trashed=trashed,
    )


@pytest.fixture
def history(qapp: QApplication, make_turn: MakeTurn, sessions: list[Session]) -> HistoryModel:
    """A session of three turns, each the edit of the one before."""
    model = HistoryModel(QObject(qapp))
    model.set_sessions(sessions[:1])
    model.set_current_session(SessionId(1))
    model.set_turns([make_turn(1, (1,)), make_turn(2, (2,), 1), make_turn(3, (3,), 2)])
    return model


def rows(history: HistoryModel) -> list[str]:
    """The turns that are shown, as a screen reader says them."""
    count = history.rowCount()
    return [str(history.index(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(1, count)]


def test_a_trashed_parent_stays_as_a_tombstone_and_its_children_below_it(history: HistoryModel) -> None:
    history.update_pictures([picture(1, trashed=5.0)])
    assert rows(history) == [
        "Turn 1, generate: prompt 1, 1 picture, in the trash, $0.02",
        "Turn 2, edit: prompt 2, 1 picture, saved, $0.02",
        "Turn 3, edit: prompt 3, 1 picture, saved, $0.02",
    ]


def test_a_deleted_parent_says_so(history: HistoryModel) -> None:
    history.update_pictures([picture(2, PictureState.DELETED, trashed=5.0)])
    assert rows(history)[1] == "Turn 2, edit: prompt 2, 1 picture, deleted, $0.02"


def test_a_turn_of_which_nothing_is_left_and_nothing_came_is_hidden_and_comes_back(
    history: HistoryModel,
) -> None:
    history.update_pictures([picture(3, trashed=5.0)])
    assert [row.partition(",")[0] for row in rows(history)] == ["Turn 1", "Turn 2"]
    history.update_pictures([picture(2, trashed=5.0)])
    assert [row.partition(",")[0] for row in rows(history)] == ["Turn 1"]
    history.update_pictures([picture(3)])
    assert [row.partition(",")[0] for row in rows(history)] == ["Turn 1", "Turn 2", "Turn 3"]


def test_turns_are_hidden_too_where_pictures_were_told_first(
    history: HistoryModel, make_turn: MakeTurn
) -> None:
    history.update_pictures([picture(4, PictureState.DELETED)])
    history.set_turns([make_turn(1, (1,)), make_turn(4, (4,))])
    assert [row.partition(",")[0] for row in rows(history)] == ["Turn 1"]


def test_a_turn_under_way_or_with_a_picture_left_is_no_tombstone(make_turn: MakeTurn) -> None:
    trashed = {PictureId(1): captions.Trashed.TRASHED}
    assert not captions.is_tombstone(make_turn(1, (1, 2)), trashed)
    assert not captions.is_tombstone(make_turn(1, (1,), state=TurnState.SENDING), trashed)
    assert captions.is_tombstone(make_turn(1, (1, 2)), {**trashed, PictureId(2): PictureState.WITHHELD})


def test_what_was_trashed_does_not_offer_to_run_again(make_turn: MakeTurn) -> None:
    assert not captions.came_to_nothing(make_turn(1, (1,)), {PictureId(1): captions.Trashed.TRASHED})
