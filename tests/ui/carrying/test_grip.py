"""A press that is pulled is a drag, one that is let go is a click."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.carrying.grip import Grip

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
ONE, TWO = [PictureId(1)], [PictureId(1), PictureId(2)]
HERE, BESIDE, AWAY = QPoint(10, 10), QPoint(12, 11), QPoint(60, 40)


class Pressed(QWidget):
    """Notes what the mouse does."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.resize(100, 100)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            kind = event.type().name.removeprefix("MouseButton").removeprefix("Mouse").lower()
            self.heard.append(f"{kind} {event.position().toPoint().x()}")
            return True
        return super().event(event)


class Hand:
    """A grip on pictures, and what it pulls."""

    def __init__(self, qtbot: QtBot, ids: list[PictureId], *, waits: bool = False) -> None:
        self.widget = Pressed()
        qtbot.addWidget(self.widget)
        self.widget.show()
        self.pulled: list[object] = []
        Grip(self.widget, lambda _: ids, waits=waits).pulled.connect(self.pulled.append)

    def press(self, key: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.widget, LEFT, key, HERE)

    def move(self, to: QPoint) -> None:
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove, to.toPointF(), self.widget.mapToGlobal(to).toPointF(), LEFT, LEFT, NONE
        )
        QApplication.sendEvent(self.widget, event)

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(self.widget, LEFT, NONE, at)


def test_a_picture_is_pulled_once_the_mouse_has_moved_far_enough(qtbot: QtBot) -> None:
    hand = Hand(qtbot, ONE)
    hand.press()
    hand.move(BESIDE)
    assert hand.pulled == []
    hand.move(AWAY)
    hand.move(HERE)
    assert hand.pulled == [ONE]


@pytest.mark.parametrize(("ids", "waits"), [(TWO, False), (ONE, True)])
def test_a_press_that_would_change_what_is_chosen_waits_for_the_click(
    qtbot: QtBot, ids: list[PictureId], *, waits: bool
) -> None:
    hand = Hand(qtbot, ids, waits=waits)
    hand.press()
    hand.move(BESIDE)
    assert hand.widget.heard == []
    hand.release(BESIDE)
    assert hand.widget.heard == ["press 10", "release 12"]
    assert hand.pulled == []
    hand.press()
    hand.move(AWAY)
    assert hand.pulled == [ids]
    assert hand.widget.heard == ["press 10", "release 12"]


def test_one_picture_is_pressed_at_once(qtbot: QtBot) -> None:
    hand = Hand(qtbot, ONE)
    hand.press()
    assert hand.widget.heard == ["press 10"]
    hand.release(HERE)
    hand.move(AWAY)
    assert hand.pulled == []


def test_with_a_key_held_or_beside_the_pictures_nothing_is_pulled(qtbot: QtBot) -> None:
    for hand, key in ((Hand(qtbot, TWO), Qt.KeyboardModifier.ShiftModifier), (Hand(qtbot, []), NONE)):
        hand.press(key)
        hand.move(AWAY)
        assert hand.pulled == []
        assert hand.widget.heard == ["press 10", "move 60"]
