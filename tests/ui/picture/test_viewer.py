from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.pixels import PixelFormat, Pixels, Shown
from imagine_desktop.domain.record import Picture, PictureId, PictureState
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.images import image_of
from imagine_desktop.ui.picture.about import About
from imagine_desktop.ui.picture.canvas import Canvas
from imagine_desktop.ui.picture.full import Full, FullPictures
from imagine_desktop.ui.picture.viewer import PictureViewer
from tests.ui.picture.conftest import Reading

MakePicture = Callable[..., Picture]
Key = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier
_PLAIN = QPoint(450, 260)


@pytest.fixture
def viewer(fulls: FullPictures, model: GalleryModel, thumbnails: Thumbnails, desk: QWidget) -> PictureViewer:
    made = PictureViewer(fulls, model, thumbnails, desk)
    made.resize(900, 760)
    made.show()
    return made


def _shown(viewer: PictureViewer, at: QPoint = _PLAIN) -> QColor:
    return viewer.canvas.grab().toImage().pixelColor(at)


def _wait_for_full(qtbot: QtBot, viewer: PictureViewer, picture_id: int) -> None:
    qtbot.waitUntil(lambda: _shown(viewer).blue() == picture_id)


def _wheel(canvas: Canvas, at: QPointF, notches: int) -> None:
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_the_thumbnail_stands_in_where_the_picture_will_be(
    qtbot: QtBot, viewer: PictureViewer, make_picture: MakePicture
) -> None:
    preview = QPixmap(256, 192)
    preview.fill(QColor(1, 2, 200))
    viewer.show_picture(make_picture(7), preview=preview)
    place = viewer.canvas.target()
    assert _shown(viewer) == QColor(1, 2, 200)
    _wait_for_full(qtbot, viewer, 7)
    assert viewer.canvas.target() == place


def test_a_picture_is_shown_whole_and_in_its_shape(viewer: PictureViewer, make_picture: MakePicture) -> None:
    viewer.show_picture(make_picture(7))
    target, canvas = viewer.canvas.target(), viewer.canvas
    assert target.width() / target.height() == pytest.approx(4 / 3)
    assert canvas.rect().contains(target.toAlignedRect())
    viewer.resize(1200, 800)
    assert canvas.is_fit
    assert canvas.target().height() > target.height()


@pytest.mark.parametrize("at", [QPointF(450, 300), QPointF(200, 150), QPointF(700, 480)])
def test_the_wheel_keeps_the_point_under_the_mouse(
    viewer: PictureViewer, make_picture: MakePicture, at: QPointF
) -> None:
    viewer.show_picture(make_picture(7))
    canvas = viewer.canvas
    point = canvas.point_at(at)
    for notches in (1, 3, 5, -2):
        _wheel(canvas, at, notches)
        assert (canvas.point_at(at) - point).manhattanLength() < 0.01
    assert canvas.zoom > 1
    _wheel(canvas, at, -50)
    assert canvas.is_fit


def test_keys_zoom(viewer: PictureViewer, make_picture: MakePicture) -> None:
    viewer.show_picture(make_picture(7))
    canvas = viewer.canvas
    fitted = canvas.zoom
    QTest.keyClick(viewer, Key.Key_1, _CONTROL)
    assert canvas.zoom == 1.0
    QTest.keyClick(viewer, Key.Key_Plus)
    assert canvas.zoom == pytest.approx(1.2)
    QTest.keyClick(viewer, Key.Key_Minus)
    assert canvas.zoom == pytest.approx(1.0)
    QTest.keyClick(viewer, Key.Key_0, _CONTROL)
    assert canvas.zoom == fitted
    assert canvas.is_fit


def test_dragging_moves_the_picture_with_the_mouse(viewer: PictureViewer, make_picture: MakePicture) -> None:
    viewer.show_picture(make_picture(7))
    canvas, left = viewer.canvas, Qt.MouseButton.LeftButton
    canvas.set_zoom(2.0)
    start, end = QPoint(400, 300), QPoint(310, 340)
    point = canvas.point_at(QPointF(start))
    QTest.mousePress(canvas, left, pos=start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, left, pos=end)
    assert (canvas.point_at(QPointF(end)) - point).manhattanLength() < 0.01


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_at_100_percent_every_pixel_is_itself(
    desk: QWidget, reading: Reading, monkeypatch: pytest.MonkeyPatch, dpr: float
) -> None:
    monkeypatch.setattr(Canvas, "devicePixelRatioF", lambda _: dpr)  # no screen of the tests has another
    canvas = Canvas(desk)
    canvas.resize(301, 203)
    shown = reading(PictureId(5), True)
    source = image_of(shown.pixels)
    canvas.show_picture(source.size(), None, Full(shown))
    canvas.set_zoom(1.0, QPointF(77, 31))
    screen = QImage(QSize(301, 203) * dpr, QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(dpr)
    canvas.render(screen)
    corner = canvas.target().topLeft() * dpr
    left, top = round(-corner.x()), round(-corner.y())
    assert QPointF(-left, -top) == corner
    part = source.copy(left, top, screen.width(), screen.height())
    screen.setDevicePixelRatio(1.0)
    assert screen == part


def test_a_quarter_of_the_size_is_an_average_not_every_fourth_pixel(desk: QWidget) -> None:
    stripes = bytes((0, 0, 0, 255, 255, 255, 255, 255)) * 512 * 1024
    canvas = Canvas(desk)
    canvas.resize(272, 272)
    pixels = Pixels(stripes, 1024, 1024, 4096, PixelFormat.RGB32)
    canvas.show_picture(QSize(1024, 1024), None, Full(Shown(pixels, 1024, 1024)))
    assert canvas.zoom == 0.25
    assert 120 < canvas.grab().toImage().pixelColor(136, 136).red() < 135


@pytest.mark.parametrize(
    ("key", "signal", "expected"),
    [
        (Key.Key_Left, "step_requested", [-1]),
        (Key.Key_Right, "step_requested", [1]),
        (Key.Key_Up, "lineage_requested", [-1]),
        (Key.Key_Down, "lineage_requested", [1]),
        (Key.Key_Escape, "closed", []),
        (Key.Key_E, "edit_requested", [7]),
        (Key.Key_C, "compare_requested", [7]),
        (Key.Key_S, "star_requested", [7]),
        (Key.Key_Delete, "trash_requested", [7]),
    ],
)
def test_keys_ask_for_what_they_say(
    qtbot: QtBot,
    viewer: PictureViewer,
    make_picture: MakePicture,
    key: Qt.Key,
    signal: str,
    expected: list[object],
) -> None:
    viewer.show_picture(make_picture(7))
    with qtbot.waitSignal(getattr(viewer, signal)) as asked:
        QTest.keyClick(viewer, key)
    assert asked.args == expected


def test_buttons_are_found_by_their_names(
    qtbot: QtBot, viewer: PictureViewer, make_picture: MakePicture
) -> None:
    viewer.show_picture(make_picture(7))
    buttons = {button.accessibleName(): button for button in viewer.findChildren(QPushButton)}
    for name, signal, expected in (
        ("Edit this", viewer.edit_requested, 7),
        ("Compare", viewer.compare_requested, 7),
        ("Save as…", viewer.save_requested, [7]),
    ):
        with qtbot.waitSignal(signal) as asked:
            QTest.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
        assert asked.args == [expected]


def test_a_file_that_cannot_be_read_is_said_so_on_the_picture(
    qtbot: QtBot, viewer: PictureViewer, make_picture: MakePicture
) -> None:
    viewer.show_picture(make_picture(99))
    qtbot.waitUntil(lambda: viewer.canvas.message.startswith("The picture's file cannot be read."))
    viewer.show_picture(make_picture(7))
    assert viewer.canvas.message == ""


def test_what_is_not_saved_says_why_and_offers_nothing(
    viewer: PictureViewer, make_picture: MakePicture
) -> None:
    viewer.show_picture(make_picture(7, state=PictureState.WITHHELD, path=None, reason="Held back."))
    assert viewer.canvas.message == "Held back."
    for name in ("Edit this", "Compare", "Save as…", "Star"):
        [button] = [one for one in viewer.findChildren(QAbstractButton) if one.accessibleName() == name]
        assert not button.isEnabled()


def test_a_newer_picture_is_never_replaced_by_one_decoded_late(
    qtbot: QtBot, viewer: PictureViewer, make_picture: MakePicture
) -> None:
    for picture_id in (1, 2, 3, 4):
        viewer.show_picture(make_picture(picture_id))
    _wait_for_full(qtbot, viewer, 4)
    assert viewer.picture_id == 4


def test_news_of_the_picture_shown_leave_the_zoom_alone(
    qtbot: QtBot, viewer: PictureViewer, make_picture: MakePicture
) -> None:
    viewer.show_picture(make_picture(7))
    viewer.canvas.set_zoom(3.0)
    viewer.show_picture(make_picture(7, child_count=1))
    assert viewer.canvas.zoom == 3.0


def test_fill_covers_the_view_and_goes_on_doing_so(viewer: PictureViewer, make_picture: MakePicture) -> None:
    viewer.show_picture(make_picture(7, width=4000, height=500))
    canvas = viewer.canvas
    QTest.keyClick(viewer, Key.Key_2, _CONTROL)
    for size in (QSize(900, 760), QSize(700, 900)):
        viewer.resize(size)
        target = canvas.target()
        assert target.contains(QPointF(canvas.rect().center()))
        assert target.height() == pytest.approx(canvas.height(), abs=1)
        assert target.width() >= canvas.width()
    assert not canvas.is_fit


def test_a_picture_that_is_ready_is_sharp_at_once(
    qtbot: QtBot, viewer: PictureViewer, fulls: FullPictures, make_picture: MakePicture
) -> None:
    viewer.show_picture(make_picture(7), neighbours=[PictureId(8)])
    qtbot.waitUntil(lambda: fulls.get(PictureId(8)) is not None)
    viewer.show_picture(make_picture(8))
    assert viewer.canvas.is_sharp
    assert _shown(viewer).blue() == 8


def test_a_thumbnail_that_comes_late_stands_in_all_the_same(
    qtbot: QtBot, viewer: PictureViewer, reading: Reading, thumbnails: Thumbnails, make_picture: MakePicture
) -> None:
    reading.gate.clear()
    viewer.show_picture(make_picture(7), preview=thumbnails.pixmap(PictureId(7)))
    qtbot.waitUntil(lambda: _shown(viewer) == QColor(67, 67, 67))
    assert not viewer.canvas.is_sharp


def test_a_note_is_written_below_the_picture(
    qtbot: QtBot, viewer: PictureViewer, reading: Reading, make_picture: MakePicture
) -> None:
    reading.notes[PictureId(7)] = "300 megapixels, shown at 1/4 of the size."
    viewer.show_picture(make_picture(7))
    qtbot.waitUntil(lambda: viewer.canvas.note == "300 megapixels, shown at 1/4 of the size.")
    viewer.show_picture(make_picture(8))
    assert viewer.canvas.note == ""


def test_a_file_in_another_size_than_was_saved_is_shown_in_its_own_shape(
    qtbot: QtBot, viewer: PictureViewer, reading: Reading, make_picture: MakePicture
) -> None:
    reading.sizes[PictureId(7)] = (300, 600)
    viewer.show_picture(make_picture(7))
    qtbot.waitUntil(lambda: viewer.canvas.is_sharp)
    assert viewer.canvas.target().width() / viewer.canvas.target().height() == pytest.approx(0.5)


def test_panel_and_filmstrip_come_and_go_by_key_and_by_button(
    qtbot: QtBot, viewer: PictureViewer, make_picture: MakePicture
) -> None:
    viewer.show_picture(make_picture(7))
    for key, name, part in (
        (Key.Key_I, "Details", viewer.details),
        (Key.Key_F, "Filmstrip", viewer.filmstrip),
    ):
        [button] = [one for one in viewer.bar.findChildren(QAbstractButton) if one.accessibleName() == name]
        was_shown = part.isVisible()
        QTest.keyClick(viewer, key)
        assert part.isVisible() is not was_shown
        assert button.isChecked() is not was_shown
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert part.isVisible() is was_shown
        assert button.isChecked() is was_shown


def test_the_star_follows_the_library_not_the_click(
    qtbot: QtBot, viewer: PictureViewer, make_picture: MakePicture
) -> None:
    viewer.show_picture(make_picture(7))
    star = viewer.bar.star
    with qtbot.waitSignal(viewer.star_requested) as asked:
        QTest.mouseClick(star, Qt.MouseButton.LeftButton)
    assert asked.args == [7]
    assert not star.isChecked()
    viewer.show_about(About(make_picture(7, is_starred=True), None))
    assert star.isChecked()
    viewer.show_picture(make_picture(8))
    assert not star.isChecked()


def test_the_note_is_told_when_the_field_is_left_and_when_the_picture_is(
    qtbot: QtBot, viewer: PictureViewer, make_picture: MakePicture
) -> None:
    told: list[tuple[object, str]] = []
    viewer.note_changed.connect(lambda picture_id, text: told.append((picture_id, text)))
    viewer.toggle_details()
    viewer.show_picture(make_picture(7))
    viewer.show_about(About(make_picture(7, note="first"), None))
    [editor] = [one for one in viewer.findChildren(QPlainTextEdit) if one.accessibleName() == "Note"]
    assert editor.toPlainText() == "first"
    editor.setPlainText("the best one")
    viewer.show_about(About(make_picture(7, note="first", is_starred=True), None))
    assert editor.toPlainText() == "the best one"  # news do not take what is being typed
    viewer.show_picture(make_picture(8))
    assert told == [(7, "the best one")]
    assert editor.toPlainText() == ""
    editor.setPlainText("another")
    viewer.hide()
    assert told[1:] == [(8, "another")]


def test_fields_of_text_keep_their_letters(viewer: PictureViewer, make_picture: MakePicture) -> None:
    viewer.show_picture(make_picture(7))
    viewer.toggle_details()
    [editor] = [one for one in viewer.findChildren(QPlainTextEdit) if one.accessibleName() == "Note"]
    QTest.keyClicks(editor, "sefic")
    assert editor.toPlainText() == "sefic"
    assert viewer.picture_id == 7


def test_nothing_is_decoded_while_a_key_is_held_and_the_last_picture_becomes_sharp(
    qtbot: QtBot, viewer: PictureViewer, reading: Reading, make_picture: MakePicture
) -> None:
    viewer.show_picture(make_picture(1))
    for picture_id in range(2, 41):
        viewer.show_picture(make_picture(picture_id), neighbours=[PictureId(picture_id + 1)])
        viewer.canvas.grab()
    qtbot.waitUntil(lambda: viewer.canvas.is_sharp)
    assert _shown(viewer).blue() == 40
    assert set(reading.asked) <= {1, 40, 41}
