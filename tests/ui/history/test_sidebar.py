"""The history sidebar, driven as a person would drive it."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

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
from imagine_desktop.ui.history.buttons import RowButton
from imagine_desktop.ui.history.model import HistoryModel
from imagine_desktop.ui.history.nodes import NodeDelegate
from imagine_desktop.ui.history.sidebar import HistorySidebar
from imagine_desktop.ui.history.view import HistoryView

MakeTurn = Callable[..., Turn]
ObjectT = TypeVar("ObjectT", bound=QObject)


class FlatThumbnails(QObject):
    """Thumbnails of one colour each; those in `missing` are not in memory yet.

    Signals:
        ready: ids that can be had now.
    """

    ready = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.missing: set[PictureId] = set()

    def pixmap(self, picture_id: PictureId) -> QPixmap | None:
        if picture_id in self.missing:
            return None
        made = QPixmap(64, 36)
        made.fill(QColor("#ff0000"))
        return made


class Desk:
    """A shown sidebar, and where to find things in it."""

    def __init__(self, qtbot: QtBot, sessions: list[Session]) -> None:
        self.thumbnails = FlatThumbnails()
        self.sidebar = HistorySidebar(self.thumbnails)
        qtbot.addWidget(self.sidebar)
        self.view = self._child(HistoryView)
        self.model = self._child(HistoryModel)
        self.sidebar.resize(320, 800)
        self.sidebar.set_sessions(sessions)
        self.sidebar.set_current_session(SessionId(1))
        self.sidebar.show()
        self.sidebar.activateWindow()
        self.view.setFocus()
        qtbot.waitUntil(self.view.hasFocus)

    def show(self, turns: list[Turn]) -> None:
        self.sidebar.set_turns(SessionId(1), turns)

    def rows(self) -> list[str]:
        return [str(self.model.index(n).data()) for n in range(self.model.rowCount())]

    def said(self, turn: int) -> str:
        return str(self._turn(turn).data(Qt.ItemDataRole.AccessibleTextRole))

    def point(self, turn: int, tile: int | None = None) -> QPoint:
        """The middle of a turn's prompt, or of one of its tiles."""
        index = self._turn(turn)
        rect = self.view.visualRect(index)
        if tile is None:
            return QPoint(rect.right() - 20, rect.top() + 6)
        delegate, row = self.view.itemDelegate(), self.view.turn_at(index)
        assert isinstance(delegate, NodeDelegate)
        assert row is not None
        return delegate.tiles(rect, row)[tile].rect.center()

    def click(self, point: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseClick(self.view.viewport(), button, Qt.KeyboardModifier.NoModifier, point)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.view, key)

    def select(self, turn: int) -> None:
        self.view.setCurrentIndex(self._turn(turn))

    def current(self) -> str:
        return str(self.view.currentIndex().data())

    def buttons(self) -> list[RowButton]:
        return [button for button in self.sidebar.findChildren(RowButton) if button.isVisible()]

    def colour_at(self, point: QPoint) -> str:
        QApplication.sendPostedEvents()
        return self.view.viewport().grab().toImage().pixelColor(point).name()

    def _turn(self, turn: int) -> QModelIndex:
        return self.model.index_of(TurnId(f"T{turn:04}"))

    def _child(self, kind: type[ObjectT]) -> ObjectT:
        found = self.sidebar.findChild(kind)
        assert found is not None
        return found


@pytest.fixture
def desk(qtbot: QtBot, sessions: list[Session]) -> Desk:
    """A sidebar with three sessions, the oldest of them open."""
    return Desk(qtbot, sessions)


@pytest.fixture
def tree(make_turn: MakeTurn) -> list[Turn]:
    """Four pictures, an edit of the first, an edit of that, and a branch from the second picture."""
    return [make_turn(1, (1, 2, 3, 4)), make_turn(2, (5,), 1), make_turn(3, (6, 7), 5), make_turn(4, (8,), 2)]


def test_sessions_stand_newest_first_and_the_chosen_one_shows_its_turns(desk: Desk, tree: list[Turn]) -> None:
    assert desk.rows() == ["Session 3", "Session 2", "Session 1"]
    desk.show(tree)
    assert desk.rows()[2:] == ["Session 1", "prompt 1", "prompt 2", "prompt 3", "prompt 4"]
    desk.sidebar.set_current_session(SessionId(3))
    assert desk.rows() == ["Session 3", "Session 2", "Session 1"]


def test_turns_that_come_late_for_a_session_no_longer_open_are_left_alone(
    desk: Desk, make_turn: MakeTurn
) -> None:
    desk.sidebar.set_turns(SessionId(2), [make_turn(9, (9,), session=2)])
    desk.sidebar.update_turns([make_turn(9, (9,), session=2)])
    assert desk.rows() == ["Session 3", "Session 2", "Session 1"]


def test_a_new_turn_joins_its_branch_without_moving_the_view(desk: Desk, make_turn: MakeTurn) -> None:
    chain = [make_turn(n, (n,), n - 1 if n > 1 else None) for n in range(1, 41)]
    desk.show(chain)
    desk.select(30)
    bar = desk.view.verticalScrollBar()
    before = bar.value()
    desk.sidebar.update_turns([make_turn(41, (), 40, state=TurnState.SENDING)])
    assert (bar.value(), desk.current()) == (before, "prompt 30")
    assert desk.rows()[-1] == "prompt 41"
    assert "sending…" in desk.said(41)
    desk.sidebar.update_turns([make_turn(41, (41,), 40)])
    assert desk.said(41) == "Turn 41, edit: prompt 41, 1 picture, saved, $0.02"


def test_a_new_session_above_leaves_the_current_turn_current(
    desk: Desk, make_turn: MakeTurn, sessions: list[Session]
) -> None:
    desk.show([make_turn(n, (n,)) for n in range(1, 41)])
    desk.select(30)
    desk.sidebar.set_sessions([*sessions, Session(SessionId(4), "Session 4", 4.0)])
    assert desk.rows()[0] == "Session 4"
    assert desk.current() == "prompt 30"


def test_the_picture_being_looked_at_is_followed_even_if_its_turn_comes_later(
    desk: Desk, make_turn: MakeTurn
) -> None:
    desk.sidebar.set_current_picture(PictureId(55))
    desk.show([make_turn(n, (n,)) for n in range(1, 61)])
    assert desk.current() == "prompt 55"
    assert desk.view.viewport().rect().contains(desk.point(55, 0))


def test_a_click_on_a_thumbnail_chooses_that_picture(desk: Desk, tree: list[Turn], qtbot: QtBot) -> None:
    desk.show(tree)
    with qtbot.waitSignal(desk.sidebar.picture_chosen) as chosen:
        desk.click(desk.point(1, 2))
    assert chosen.args == [3]
    with qtbot.waitSignal(desk.sidebar.picture_chosen) as chosen:
        desk.click(desk.point(3))
    assert chosen.args == [6]


def test_edit_this_on_the_row_under_the_mouse_edits_its_first_picture(
    desk: Desk, tree: list[Turn], qtbot: QtBot
) -> None:
    desk.show(tree)
    QTest.mouseMove(desk.view.viewport(), desk.point(3))
    qtbot.waitUntil(lambda: len(desk.buttons()) == 1)
    button = desk.buttons()[0]
    assert (button.accessibleName(), button.text()) == ("Edit this", "Edit this")
    with qtbot.waitSignal(desk.sidebar.edit_requested) as edited:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert edited.args == [6]


def test_edit_this_edits_the_thumbnail_that_is_current(desk: Desk, tree: list[Turn], qtbot: QtBot) -> None:
    desk.show(tree)
    desk.sidebar.set_current_picture(PictureId(4))
    with qtbot.waitSignal(desk.sidebar.edit_requested) as edited:
        QTest.mouseClick(desk.buttons()[0], Qt.MouseButton.LeftButton)
    assert edited.args == [4]


def test_edit_this_passes_over_pictures_that_are_not_saved(
    desk: Desk, make_turn: MakeTurn, qtbot: QtBot
) -> None:
    desk.show([make_turn(1, (1, 2))])
    desk.sidebar.update_pictures(
        [Picture(PictureId(1), TurnId("T0001"), SessionId(1), 0, PictureState.WITHHELD, 0.0, "16:9")]
    )
    desk.select(1)
    with qtbot.waitSignal(desk.sidebar.edit_requested) as edited:
        desk.press(Qt.Key.Key_E)
    assert edited.args == [2]
    assert "1 saved, 1 withheld" in desk.said(1)


def test_a_turn_that_came_to_nothing_offers_to_run_again(desk: Desk, make_turn: MakeTurn, qtbot: QtBot) -> None:
    desk.show([make_turn(1, state=TurnState.REJECTED), make_turn(2, state=TurnState.SENDING)])
    desk.select(1)
    assert [button.accessibleName() for button in desk.buttons()] == ["Run again"]
    with qtbot.waitSignal(desk.sidebar.run_again_requested) as again:
        QTest.mouseClick(desk.buttons()[0], Qt.MouseButton.LeftButton)
    assert again.args == ["T0001"]
    with qtbot.assertNotEmitted(desk.sidebar.run_again_requested):
        desk.press(Qt.Key.Key_E)  # means to edit, and must not send anything
    desk.select(2)
    assert desk.buttons() == []


def test_a_turn_offers_nothing_while_its_pictures_are_downloaded(desk: Desk, make_turn: MakeTurn) -> None:
    desk.show([make_turn(1, (1,))])
    desk.select(1)
    waiting = Picture(PictureId(1), TurnId("T0001"), SessionId(1), 0, PictureState.PENDING, 0.0, "16:9")
    desk.sidebar.update_pictures([waiting])
    assert desk.buttons() == []
    desk.sidebar.update_pictures([replace(waiting, state=PictureState.SAVED)])
    assert [button.text() for button in desk.buttons()] == ["Edit this"]


def test_the_button_of_the_current_row_is_next_in_the_focus_order(
    desk: Desk, tree: list[Turn], qtbot: QtBot
) -> None:
    desk.show(tree)
    desk.select(2)
    desk.press(Qt.Key.Key_Tab)
    button = desk.buttons()[0]
    assert button.hasFocus()
    with qtbot.waitSignal(desk.sidebar.edit_requested) as edited:
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert edited.args == [5]


def test_keys_walk_rows_and_thumbnails_open_and_edit(desk: Desk, tree: list[Turn], qtbot: QtBot) -> None:
    desk.show(tree)
    desk.press(Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert desk.current() == "prompt 1"
    desk.press(Qt.Key.Key_Right, Qt.Key.Key_Right)
    with qtbot.waitSignal(desk.sidebar.picture_chosen) as chosen:
        desk.press(Qt.Key.Key_Return)
    assert chosen.args == [2]
    with qtbot.waitSignal(desk.sidebar.edit_requested) as edited:
        desk.press(Qt.Key.Key_E)
    assert edited.args == [2]


def test_a_session_is_chosen_by_click_and_by_enter(desk: Desk, qtbot: QtBot) -> None:
    first = desk.view.visualRect(desk.model.index(0)).center()
    with qtbot.waitSignal(desk.sidebar.session_chosen) as chosen:
        desk.click(first)
    assert chosen.args == [3]
    with qtbot.waitSignal(desk.sidebar.session_chosen) as chosen:
        desk.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert chosen.args == [2]


def test_opening_a_session_brings_its_first_turn_into_sight(qtbot: QtBot, make_turn: MakeTurn) -> None:
    desk = Desk(qtbot, [Session(SessionId(n), f"Session {n}", -n) for n in range(1, 41)])
    desk.sidebar.set_current_session(SessionId(30))
    desk.sidebar.set_turns(SessionId(30), [make_turn(n, (n,), session=30) for n in range(1, 6)])
    assert desk.view.viewport().rect().contains(desk.point(1, 0))


def test_f2_renames_a_session_in_its_place(desk: Desk, qtbot: QtBot) -> None:
    desk.view.setCurrentIndex(desk.model.index(1))
    desk.press(Qt.Key.Key_F2)
    editor = desk.view.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "Session 2"
    QTest.keyClicks(editor, "Harbour")
    with qtbot.waitSignal(desk.sidebar.rename_requested) as renamed:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == [2, "Harbour"]
    assert desk.rows()[1] == "Session 2"  # until the library says otherwise


def test_an_empty_name_renames_nothing(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(desk.sidebar.rename_requested):
        assert not desk.model.setData(desk.model.index(0), "  \n ")


def test_a_right_click_asks_for_the_menu_of_the_picture_under_it(
    desk: Desk, tree: list[Turn], qtbot: QtBot
) -> None:
    desk.show(tree)
    point = desk.point(1, 3)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, desk.view.viewport().mapToGlobal(point))
    with qtbot.waitSignal(desk.sidebar.menu_requested) as menu:
        QApplication.sendEvent(desk.view.viewport(), event)
    assert menu.args == [desk.view.viewport().mapToGlobal(point), 4]


def test_thumbnails_are_drawn_as_soon_as_they_are_ready(desk: Desk, make_turn: MakeTurn, qtbot: QtBot) -> None:
    desk.thumbnails.missing.add(PictureId(1))
    desk.show([make_turn(1, (1,))])
    corner = desk.point(1, 0) + QPoint(20, 20)
    assert desk.colour_at(corner) != "#ff0000"
    desk.thumbnails.missing.clear()
    desk.thumbnails.ready.emit([1])
    assert desk.colour_at(corner) == "#ff0000"


def test_of_ten_pictures_the_current_one_is_always_among_the_tiles(
    desk: Desk, make_turn: MakeTurn, qtbot: QtBot
) -> None:
    desk.show([make_turn(1, tuple(range(1, 11)))])
    with qtbot.waitSignal(desk.sidebar.picture_chosen) as chosen:
        desk.click(desk.point(1, 3))  # stands for the seven that do not fit
    assert chosen.args == [4]
    for picture in range(1, 11):
        desk.sidebar.set_current_picture(PictureId(picture))
        row = desk.view.turn_at(desk.view.currentIndex())
        delegate = desk.view.itemDelegate()
        assert row is not None
        assert isinstance(delegate, NodeDelegate)
        tiles = delegate.tiles(desk.view.visualRect(desk.view.currentIndex()), row)
        assert [tile.picture_id for tile in tiles if not tile.more].count(PictureId(picture)) == 1
        assert [tile.more for tile in tiles] == [0, 0, 0, 7]


def test_a_screen_reader_finds_history_rows_and_the_edit_button(desk: Desk, tree: list[Turn]) -> None:
    desk.show(tree)
    desk.select(3)
    assert desk.sidebar.accessibleName() == "History"
    interface = QAccessible.queryAccessibleInterface(desk.view)
    said = [interface.child(n).text(QAccessible.Text.Name) for n in range(interface.childCount())]
    assert "Turn 3, edit: prompt 3, 2 pictures, saved, $0.04" in said
    parent = desk.view.parent()
    assert parent is not None
    area = QAccessible.queryAccessibleInterface(parent)
    names = [area.child(n).text(QAccessible.Text.Name) for n in range(area.childCount())]
    assert "Edit this" in names


def test_markup_in_a_prompt_is_shown_as_it_was_typed(desk: Desk, make_turn: MakeTurn) -> None:
    desk.show([make_turn(1, (1,), prompt="<b>x</b> & <img src=a>")])
    assert desk.rows()[-1] == "<b>x</b> & <img src=a>"
    tip = str(desk.model.index(3).data(Qt.ItemDataRole.ToolTipRole))
    assert "&lt;b&gt;x&lt;/b&gt; &amp; &lt;img" in tip


def test_it_takes_turns_before_it_is_shown_and_at_any_width(
    qtbot: QtBot, sessions: list[Session], make_turn: MakeTurn
) -> None:
    sidebar = HistorySidebar(FlatThumbnails())
    qtbot.addWidget(sidebar)
    sidebar.set_sessions(sessions)
    sidebar.set_current_session(SessionId(1))
    forks = [make_turn(n, (2 * n, 2 * n + 1), 2 * (n // 2) or None) for n in range(1, 40)]
    sidebar.set_turns(SessionId(1), forks)
    sidebar.set_current_picture(PictureId(79))
    for width in (40, 240, 900):
        sidebar.resize(width, 600)
        assert not sidebar.grab().isNull()


def test_a_session_of_a_thousand_turns_is_shown_at_once(desk: Desk, make_turn: MakeTurn) -> None:
    turns = [make_turn(n, (n,), n // 2 or None) for n in range(1, 1001)]
    began = time.monotonic()
    desk.show(turns)
    desk.sidebar.set_current_picture(PictureId(1000))
    desk.view.viewport().grab()
    assert time.monotonic() - began < 1.0
