"""Two pictures compared: each mode by its pixels, the keys, what is said."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.pixels import Difference
from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.errors import LibraryError
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.compose.segments import Segments
from imagine_desktop.ui.picture import blink
from imagine_desktop.ui.picture.compare import CompareView
from imagine_desktop.ui.picture.full import FullPictures
from imagine_desktop.ui.picture.heat import heat_colours, part_text
from imagine_desktop.ui.picture.pair import Subject
from tests.ui.picture.conftest import SIZE, UNREADABLE, Reading

MakePicture = Callable[..., Picture]
Key, _LEFT = Qt.Key, Qt.MouseButton.LeftButton
_CONTROL = Qt.KeyboardModifier.ControlModifier


class Measuring:
    """Says that the left half changed by 200 and the right by 20."""

    def __init__(self) -> None:
        self.asked: list[tuple[PictureId, PictureId]] = []

    def __call__(self, before: PictureId, after: PictureId) -> Difference:
        self.asked.append((before, after))
        if UNREADABLE in (before, after):
            raise LibraryError("The picture's file is damaged.")
        width, height = SIZE
        row = bytes([200]) * (width // 2) + bytes([20]) * (width // 2)
        counts = [0] * 256
        counts[200] = counts[20] = width * height // 2
        return Difference(row * height, width, height, tuple(counts))


@pytest.fixture
def measuring() -> Measuring:
    return Measuring()


@pytest.fixture
def view(
    qtbot: QtBot,
    fulls: FullPictures,
    measuring: Measuring,
    background: Background,
    make_picture: MakePicture,
    desk: QWidget,
) -> Iterator[CompareView]:
    made = CompareView(fulls, measuring, background, desk)
    made.resize(900, 760)
    made.show()
    made.compare(Subject(make_picture(10)), Subject(make_picture(200)))
    qtbot.waitUntil(lambda: (_blue(made, 0.25), _blue(made, 0.75)) == (10, 200))
    yield made
    made.hide()


def _pixel(view: CompareView, part: float, pane: QRectF | None = None) -> QColor:
    seen = view.stage.visible(pane)
    at = QPoint(round(seen.left() + seen.width() * part), round(seen.top() + seen.height() * 0.7))
    return view.stage.grab().toImage().pixelColor(at)


def _blue(view: CompareView, part: float, pane: QRectF | None = None) -> int:
    """Which picture is shown at a part of the width of what is seen."""
    return _pixel(view, part, pane).blue()


def _line_x(view: CompareView) -> int:
    seen = view.stage.visible()
    return round(seen.left() + seen.width() * view.slider.position)


def _button(view: CompareView, name: str) -> QAbstractButton:
    [found] = [one for one in view.findChildren(QAbstractButton) if one.accessibleName() == name]
    return found


def test_the_line_divides_before_from_after(view: CompareView) -> None:
    assert view.accessibleName() == "Compare"
    assert view.accessibleDescription() == "Before: prompt 10. After: prompt 200."
    view.slider.set_position(0.9)
    assert (_blue(view, 0.75), _blue(view, 0.95)) == (10, 200)
    view.slider.set_position(0.1)
    assert (_blue(view, 0.05), _blue(view, 0.25)) == (10, 200)


def test_the_line_follows_the_mouse_within_the_pictures(view: CompareView) -> None:
    seen = view.stage.visible()
    QTest.mousePress(view.stage, _LEFT, pos=QPoint(round(seen.left() + seen.width() / 4), 200))
    assert view.slider.position == pytest.approx(0.25, abs=0.01)
    QTest.mouseMove(view.stage, QPoint(view.stage.width() + 300, 200))
    assert view.slider.position == 1.0
    QTest.mouseRelease(view.stage, _LEFT)
    QTest.mouseMove(view.stage, QPoint(100, 200))
    assert view.slider.position == 1.0


def test_zoomed_the_line_is_drawn_by_itself_and_the_pictures_beside_it(view: CompareView) -> None:
    stage = view.stage
    stage.set_zoom(2.0)
    point, start, end = stage.point_at(QPointF(100, 100)), QPoint(100, 100), QPoint(140, 130)
    QTest.mousePress(stage, _LEFT, pos=start)
    QTest.mouseMove(stage, end)
    QTest.mouseRelease(stage, _LEFT, pos=end)
    assert (stage.point_at(QPointF(end)) - point).manhattanLength() < 0.01
    assert view.slider.position == 0.5
    QTest.mousePress(stage, _LEFT, pos=QPoint(_line_x(view), 200))
    QTest.mouseMove(stage, QPoint(stage.width() // 4, 200))
    QTest.mouseRelease(stage, _LEFT, pos=QPoint(stage.width() // 4, 200))
    assert view.slider.position == pytest.approx(0.25, abs=0.01)


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


def test_a_key_goes_through_the_modes_and_the_buttons_choose_one(view: CompareView) -> None:
    names = []
    for _ in range(5):
        names.append(view.mode.name)
        QTest.keyClick(view, Key.Key_M)
    assert names == ["Slider", "Side by side", "Blink", "Difference", "Slider"]
    [modes] = view.findChildren(Segments)
    assert modes.accessibleName() == "Way to compare"
    modes.picked.emit("Difference")
    assert (view.mode.name, modes.value) == ("Difference", "Difference")


def test_side_by_side_both_show_the_same_part(view: CompareView) -> None:
    view.set_mode(view.beside)
    first, second = view.stage.panes()
    assert first.size() == second.size()
    assert (_blue(view, 0.5, first), _blue(view, 0.5, second)) == (10, 200)
    for at in (first.center() + QPointF(30, -20), second.center() + QPointF(-60, 40)):
        point = view.stage.point_at(at)
        view.stage.set_zoom(view.stage.zoom * 2, at)
        assert (view.stage.point_at(at) - point).manhattanLength() < 0.01
    image, step = view.stage.grab().toImage(), (second.topLeft() - first.topLeft()).toPoint()
    for offset in (QPoint(20, 60), QPoint(200, 300)):
        place = first.topLeft().toPoint() + offset
        left, right = image.pixelColor(place), image.pixelColor(place + step)
        assert (left.red(), left.green()) == (right.red(), right.green())  # where they are in the picture


def test_side_by_side_in_a_high_window_they_stand_above_one_another(view: CompareView) -> None:
    view.toggle_contrast()
    view.resize(420, 900)
    view.set_mode(view.beside)
    first, second = view.stage.panes()
    assert second.top() > first.bottom()
    assert first.width() == second.width() == view.stage.width()


def test_blink_shows_one_and_space_the_other(qtbot: QtBot, view: CompareView) -> None:
    view.set_mode(view.blink)
    qtbot.waitUntil(lambda: view.blink.shows_after)
    QTest.keyClick(view, Key.Key_Space)
    assert not view.blink.is_running
    shown = 200 if view.blink.shows_after else 10
    assert _blue(view, 0.5) == shown
    QTest.keyClick(view, Key.Key_Space)
    assert _blue(view, 0.5) == 210 - shown
    view.blink.end()


def test_nothing_moves_by_itself_where_motion_is_reduced(
    view: CompareView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blink, "is_motion_reduced", lambda: True)
    view.set_mode(view.blink)
    assert not view.blink.is_running
    QTest.keyClick(view, Key.Key_Space)
    assert _blue(view, 0.5) == 200


def test_blinking_ends_when_nobody_looks(view: CompareView) -> None:
    running = []
    acts: tuple[Callable[[], None], ...] = (
        lambda: view.set_mode(view.blink),
        view.hide,
        view.show,
        lambda: view.set_mode(view.slider),
    )
    for act in acts:
        act()
        running.append(view.blink.is_running)
    assert running == [True, False, True, False]


def test_a_difference_is_measured_once_and_coloured_by_the_tolerance(
    qtbot: QtBot, view: CompareView, measuring: Measuring
) -> None:
    assert measuring.asked == []
    view.set_mode(view.heat)
    qtbot.waitUntil(lambda: view.heat.is_drawn)
    assert view.heat.part == 1.0
    hot, warm = _pixel(view, 0.25), _pixel(view, 0.75)
    assert hot.red() - hot.green() > 80  # far off: towards red
    assert min(warm.red(), warm.green()) - warm.blue() > 80  # a little: yellow
    view.heat.set_tolerance(50)
    qtbot.waitUntil(lambda: view.heat.is_drawn)
    assert view.heat.part == 0.5
    assert _pixel(view, 0.75).saturation() < 100  # the picture, dimmed
    view.set_mode(view.slider)
    view.set_mode(view.heat)
    assert measuring.asked == [(10, 200)]
    view.swap()
    qtbot.waitUntil(lambda: measuring.asked == [(10, 200), (200, 10)])


def test_a_difference_that_cannot_be_measured_says_why(
    qtbot: QtBot, view: CompareView, make_picture: MakePicture
) -> None:
    view.set_mode(view.heat)
    view.compare(Subject(make_picture(UNREADABLE)), Subject(make_picture(200)))
    qtbot.waitUntil(lambda: view.heat.message == "The picture's file is damaged.")
    assert view.heat.part is None


@pytest.mark.parametrize("tolerance", [0, 16, 254])
def test_no_level_up_to_the_tolerance_has_a_colour(tolerance: int) -> None:
    colours = heat_colours(tolerance)
    assert not any(colours[: tolerance + 1])
    assert all(QColor.fromRgba(one).alpha() == 255 for one in colours[tolerance + 1 :])


def test_little_change_never_reads_as_none() -> None:
    assert part_text(0.0) == "nothing changed"
    assert part_text(0.00001) == "< 0.1 % changed"
    assert part_text(0.1234) == "12.3 % changed"


def test_two_sizes_are_fitted_and_said(
    qtbot: QtBot, view: CompareView, reading: Reading, make_picture: MakePicture
) -> None:
    reading.sizes[PictureId(11)] = (1000, 1000)
    square = make_picture(11, width=1000, height=1000)
    view.compare(Subject(square), Subject(make_picture(200)))
    seen = view.stage.visible()
    assert seen.width() / seen.height() == pytest.approx(4 / 3, abs=0.01)
    qtbot.waitUntil(lambda: _blue(view, 0.4) == 11)
    assert _pixel(view, 0.05).blue() not in (11, 200)  # the square does not reach there
    assert "1000 × 1000 fitted to 1600 × 1200" in view.facts


def test_the_words_and_what_else_differs_stand_below(view: CompareView, make_picture: MakePicture) -> None:
    before = make_picture(10, prompt="a red fox in the snow", cost_ticks=2 * 10**8)
    after = make_picture(200, prompt="a blue fox in snow", cost_ticks=7 * 10**8)
    view.compare(Subject(before), Subject(after))
    words = view.contrast.words
    assert words.accessibleDescription() == ("a [removed: red] [added: blue] fox in [removed: the] snow")
    assert words.toPlainText() == "a red blue fox in the snow"
    fonts = {}
    for at, letter in enumerate(words.toPlainText()):
        cursor = words.textCursor()
        cursor.setPosition(at + 1)
        made = cursor.charFormat()
        fonts[letter, at] = (made.fontStrikeOut(), made.fontUnderline())
    assert fonts["r", 2] == (True, False)
    assert fonts["b", 6] == (False, True)
    assert fonts["a", 0] == (False, False)
    assert view.contrast.table() == ["Differs", "Before", "After", "Cost", "$0.02", "$0.07"]
    view.compare(Subject(before), Subject(make_picture(200, prompt=before.prompt)))
    assert view.contrast.table()[0] == "The same parameters"


def test_the_panel_below_comes_and_goes(view: CompareView) -> None:
    QTest.keyClick(view, Key.Key_I)
    assert not view.contrast.isVisible()
    QTest.mouseClick(_button(view, "Words"), _LEFT)
    assert view.contrast.isVisible()


def test_the_zoom_stays_from_mode_to_mode_and_when_the_two_are_swapped(view: CompareView) -> None:
    QTest.keyClick(view, Key.Key_1, _CONTROL)
    for act in (view.next_mode, view.swap, view.next_mode):
        act()
        assert view.stage.zoom == 1.0
    QTest.keyClick(view, Key.Key_0, _CONTROL)
    assert view.stage.is_fit


def test_a_picture_that_cannot_be_read_says_so_beside_the_other(
    qtbot: QtBot, view: CompareView, make_picture: MakePicture
) -> None:
    view.compare(Subject(make_picture(UNREADABLE)), Subject(make_picture(200)))
    qtbot.waitUntil(lambda: _blue(view, 0.75) == 200)
    assert view.stage.pair is not None
    qtbot.waitUntil(lambda: view.messages[0].startswith("The picture's file cannot be read."))
