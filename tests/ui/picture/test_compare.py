from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.pixels import Pixels
from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.picture.compare import CompareView

MakePicture = Callable[..., Picture]
Key = Qt.Key


@pytest.fixture
def view(
    qtbot: QtBot,
    read_full: Callable[[PictureId], Pixels],
    background: Background,
    make_picture: MakePicture,
    desk: QWidget,
) -> CompareView:
    made = CompareView(read_full, background, desk)
    made.resize(900, 640)
    made.show()
    made.compare(make_picture(10), make_picture(200))
    qtbot.waitUntil(lambda: (_blue(made, 0.25), _blue(made, 0.75)) == (10, 200))
    return made


def _blue(view: CompareView, part: float) -> int:
    """Which picture is shown at a part of the frame's width."""
    frame = view.slider.frame()
    at = QPoint(round(frame.left() + frame.width() * part), round(frame.top() + frame.height() * 0.7))
    return view.slider.grab().toImage().pixelColor(at).blue()


def test_the_line_divides_before_from_after(view: CompareView) -> None:
    assert view.accessibleName() == "Compare"
    view.slider.set_position(0.9)
    assert (_blue(view, 0.75), _blue(view, 0.95)) == (10, 200)
    view.slider.set_position(0.1)
    assert (_blue(view, 0.05), _blue(view, 0.25)) == (10, 200)


def test_the_line_follows_the_mouse_within_the_frame(view: CompareView) -> None:
    frame, left = view.slider.frame(), Qt.MouseButton.LeftButton
    QTest.mousePress(view.slider, left, pos=QPoint(round(frame.left() + frame.width() / 4), 200))
    assert view.slider.position == pytest.approx(0.25, abs=0.01)
    QTest.mouseMove(view.slider, QPoint(view.slider.width() + 300, 200))
    assert view.slider.position == 1.0
    QTest.mouseRelease(view.slider, left)
    QTest.mouseMove(view.slider, QPoint(100, 200))
    assert view.slider.position == 1.0


def test_keys_move_the_line_swap_and_close(qtbot: QtBot, view: CompareView) -> None:
    for key, modifiers, position in (
        (Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.48),
        (Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 0.58),
        (Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0.0),
        (Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.0),
        (Key.Key_End, Qt.KeyboardModifier.NoModifier, 1.0),
    ):
        QTest.keyClick(view, key, modifiers)
        assert view.slider.position == pytest.approx(position)
    view.slider.set_position(0.5)
    QTest.keyClick(view, Key.Key_X)
    assert view.picture_ids == (200, 10)
    assert (_blue(view, 0.25), _blue(view, 0.75)) == (200, 10)
    with qtbot.waitSignal(view.closed):
        QTest.keyClick(view, Key.Key_Escape)


def test_two_shapes_share_the_frame_of_the_second(view: CompareView, make_picture: MakePicture) -> None:
    view.compare(make_picture(10, width=1000, height=1000), make_picture(200))
    frame = view.slider.frame()
    assert frame.width() / frame.height() == pytest.approx(4 / 3, abs=0.01)
    assert view.slider.position == 0.5


def test_a_picture_that_cannot_be_read_says_so_beside_the_other(
    qtbot: QtBot, view: CompareView, make_picture: MakePicture
) -> None:
    view.compare(make_picture(99), make_picture(200))
    qtbot.waitUntil(lambda: _blue(view, 0.75) == 200)
    qtbot.waitUntil(lambda: view.slider.messages[0].startswith("The picture's file cannot be read."))
