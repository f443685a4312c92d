from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.job import Job, JobState
from imagine_desktop.domain.record import Picture, PictureId, PictureState, SessionId, TurnId
from imagine_desktop.domain.request import Request
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.tiles import TileButton, buttons_of
from imagine_desktop.ui.gallery.view import TileView

MakePicture = Callable[..., Picture]
Key = Qt.Key
Modifier = Qt.KeyboardModifier
_NONE = Modifier.NoModifier


class Gallery(Protocol):
    """What `make_gallery` makes."""

    model: GalleryModel
    view: TileView
    pictures: dict[PictureId, Picture]
    thumbnail_reads: list[tuple[list[PictureId], int]]


MakeGallery = Callable[[int], Gallery]


def _click(view: TileView, row: int, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    # The upper edge of a cell, where no button lies.
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, modifiers, view.cell(row).topLeft() + QPoint(40, 4)
    )


def _key(view: TileView, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    QTest.keyClick(view, key, modifiers)


def _wheel(view: TileView, at: QPoint, notches: int, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def _drag(view: TileView, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    viewport, left = view.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(viewport, left, modifiers, start)
    QTest.mouseMove(viewport, (start + end) / 2)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, left, modifiers, end)


def test_a_million_rows_are_laid_out_like_a_thousand(make_gallery: MakeGallery) -> None:
    view = make_gallery(1_000_000).view
    index = view.model().index(999_999, 0)
    view.scrollTo(index)
    assert view.viewport().rect().contains(view.visualRect(index))
    assert view.indexAt(view.visualRect(index).center()) == index
    assert len(view.rows_in_sight()) < 100


def test_every_cell_in_sight_is_found_under_its_middle(make_gallery: MakeGallery) -> None:
    view = make_gallery(1000).view
    for tile_px, width in ((120, 900), (200, 640), (333, 1200), (420, 300)):
        view.resize(width, 700)
        view.set_tile_px(tile_px)
        view.verticalScrollBar().setValue(457)
        for row in view.rows_in_sight():
            index = view.model().index(row, 0)
            assert view.indexAt(view.visualRect(index).center()) == index


def test_keys_walk_the_grid(make_gallery: MakeGallery) -> None:
    view = make_gallery(50).view
    columns = view.grid.columns
    assert columns == 4
    view.show_picture(PictureId(0))
    walk = [
        (Key.Key_Right, 1),
        (Key.Key_Down, 1 + columns),
        (Key.Key_Left, columns),
        (Key.Key_Left, columns - 1),  # on to the end of the line above
        (Key.Key_Up, columns - 1),
        (Key.Key_End, 49),
        (Key.Key_Down, 49),
        (Key.Key_Right, 49),
        (Key.Key_Up, 45),
        (Key.Key_Down, 49),
        (Key.Key_Home, 0),
        (Key.Key_PageDown, 3 * columns),
        (Key.Key_PageUp, 0),
    ]
    for key, row in walk:
        _key(view, key)
        assert view.currentIndex().row() == row
        assert view.selected_ids() == [row]
        assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_keys_ask_for_what_they_say(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    view = make_gallery(10).view
    view.show_picture(PictureId(7))
    for key, signal in (
        (Key.Key_Space, view.opened),
        (Key.Key_Return, view.opened),
        (Key.Key_E, view.edit_requested),
        (Key.Key_C, view.compare_requested),
    ):
        with qtbot.waitSignal(signal) as asked:
            _key(view, key)
        assert asked.args == [7]


def test_what_is_not_saved_is_not_edited(
    qtbot: QtBot, make_gallery: MakeGallery, make_picture: MakePicture
) -> None:
    gallery = make_gallery(10)
    gallery.pictures[PictureId(3)] = make_picture(3, state=PictureState.PENDING)
    with qtbot.waitSignal(gallery.model.dataChanged):
        gallery.model.refresh([PictureId(3)])
    gallery.view.show_picture(PictureId(3))
    with qtbot.assertNotEmitted(gallery.view.edit_requested):
        _key(gallery.view, Key.Key_E)


def test_shift_selects_in_reading_order_and_ctrl_one_by_one(make_gallery: MakeGallery) -> None:
    view = make_gallery(50).view
    _click(view, 2)
    _click(view, 5, Modifier.ShiftModifier)
    assert view.selected_ids() == [2, 3, 4, 5]
    _click(view, 3, Modifier.ControlModifier)
    _click(view, 9, Modifier.ControlModifier)
    assert view.selected_ids() == [2, 4, 5, 9]
    _click(view, 1)
    _key(view, Key.Key_Down, Modifier.ShiftModifier)
    assert view.selected_ids() == [1, 2, 3, 4, 5]
    _key(view, Key.Key_Left, Modifier.ShiftModifier)
    assert view.selected_ids() == [1, 2, 3, 4]
    _key(view, Key.Key_Escape)
    assert view.selected_ids() == []


def test_everything_is_one_range_however_much_there_is(make_gallery: MakeGallery) -> None:
    view = make_gallery(100_000).view
    _key(view, Key.Key_A, Modifier.ControlModifier)
    assert view.selectionModel().selection().count() == 1
    assert len(view.selected_ids()) == 100_000


def test_a_rubber_band_selects_the_cells_it_touches(make_gallery: MakeGallery) -> None:
    view = make_gallery(50).view
    corner = QPoint(2, 2)  # in the margin
    _drag(view, corner, view.cell(5).center())
    assert view.selected_ids() == [0, 1, 4, 5]
    beside = view.cell(11).topRight() + QPoint(3, 40)
    _drag(view, beside, view.cell(11).center(), Modifier.ControlModifier)
    assert view.selected_ids() == [0, 1, 4, 5, 11]
    _click(view, 6)
    _drag(view, corner, corner + QPoint(1, 1))
    assert view.selected_ids() == []


@pytest.mark.parametrize(
    ("button", "signal", "expected"),
    [
        (TileButton.EDIT, "edit_requested", 6),
        (TileButton.COMPARE, "compare_requested", 6),
        (TileButton.SAVE, "save_requested", [6]),
    ],
)
def test_a_button_under_the_mouse_does_what_it_shows(
    qtbot: QtBot, make_gallery: MakeGallery, button: TileButton, signal: str, expected: object
) -> None:
    gallery = make_gallery(20)
    view = gallery.view
    _click(view, 1)
    place = buttons_of(view.cell(6), gallery.model.picture(6))[button]
    with qtbot.waitSignal(getattr(view, signal)) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert asked.args == [expected]
    assert view.selected_ids() == [1]


def test_a_press_that_leaves_its_button_does_nothing(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    gallery = make_gallery(20)
    view, left = gallery.view, Qt.MouseButton.LeftButton
    place = buttons_of(view.cell(6), gallery.model.picture(6))[TileButton.EDIT]
    with qtbot.assertNotEmitted(view.edit_requested):
        QTest.mousePress(view.viewport(), left, pos=place.center())
        QTest.mouseMove(view.viewport(), view.cell(6).topLeft())
        QTest.mouseRelease(view.viewport(), left, pos=view.cell(6).topLeft())


def test_save_takes_the_whole_selection_with_it(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    gallery = make_gallery(20)
    view = gallery.view
    _click(view, 5)
    _click(view, 6, Modifier.ShiftModifier)
    place = buttons_of(view.cell(6), gallery.model.picture(6))[TileButton.SAVE]
    with qtbot.waitSignal(view.save_requested) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert asked.args == [[5, 6]]


def test_a_double_click_opens(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    view = make_gallery(20).view
    with qtbot.waitSignal(view.opened) as opened:
        QTest.mouseDClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=view.cell(3).topLeft() + QPoint(40, 4)
        )
    assert opened.args == [3]


def test_pictures_that_come_leave_selection_and_sight_as_they_are(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(200)
    view = gallery.view
    view.show_picture(PictureId(90))
    place = view.visualRect(view.currentIndex())
    gallery.model.prepend([PictureId(2000 + one) for one in range(view.grid.columns)])
    assert view.selected_ids() == [90]
    assert view.current_id() == 90
    assert view.visualRect(view.currentIndex()) == place


def test_at_the_top_new_pictures_come_into_sight(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(200)
    gallery.model.prepend([PictureId(2000)])
    assert gallery.view.verticalOffset() == 0
    assert gallery.model.id_at(gallery.view.rows_in_sight().start) == 2000


def test_other_ids_keep_the_current_picture_where_it_is_among_them(
    qtbot: QtBot, make_gallery: MakeGallery
) -> None:
    gallery = make_gallery(100)
    gallery.view.show_picture(PictureId(42))
    gallery.model.set_ids([PictureId(one) for one in range(40, 50)])
    assert list(gallery.view.rows_in_sight()) == list(range(10))
    assert gallery.view.current_id() == 42
    with qtbot.waitSignal(gallery.view.selection_changed):
        gallery.model.set_ids([PictureId(7)])
    assert gallery.view.selected_ids() == []
    assert gallery.view.current_id() is None


def test_a_resize_keeps_what_is_at_the_top_in_sight(make_gallery: MakeGallery) -> None:
    view = make_gallery(1000).view
    view.scrollTo(view.model().index(400, 0), view.ScrollHint.PositionAtTop)
    first = view.rows_in_sight().start
    view.resize(600, 700)
    assert first in view.rows_in_sight()


def test_ctrl_and_the_wheel_resize_around_the_mouse_and_the_wheel_alone_scrolls(
    qtbot: QtBot, make_gallery: MakeGallery
) -> None:
    view = make_gallery(1000).view
    view.verticalScrollBar().setValue(3000)
    at = view.cell(view.rows_in_sight().start + 5).center()
    row = view.indexAt(at).row()
    with qtbot.waitSignal(view.tile_px_changed) as changed:
        _wheel(view, at, 2, Modifier.ControlModifier)
    assert changed.args == [view.tile_px]
    assert view.tile_px > 200
    assert abs(view.cell(row).top() - at.y()) < view.grid.pitch
    _wheel(view, at, 50, Modifier.ControlModifier)
    assert view.tile_px == 420
    before = view.verticalOffset()
    _wheel(view, at, -1)
    assert 0 < view.verticalOffset() - before < view.grid.pitch


def test_the_menu_is_asked_for_the_selection_under_the_mouse(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    view = make_gallery(20).view
    _click(view, 5)
    _click(view, 6, Modifier.ShiftModifier)
    asked: list[list[PictureId]] = []
    view.menu_requested.connect(lambda _at, ids: asked.append(ids))
    for row in (6, 2):
        at = view.cell(row).topLeft() + QPoint(40, 4)
        QTest.mousePress(view.viewport(), Qt.MouseButton.RightButton, pos=at)
        view.contextMenuEvent(_context(view, at))
    assert asked == [[5, 6], [2]]


def _context(view: TileView, at: QPoint) -> QContextMenuEvent:
    return QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at), _NONE)


def test_thumbnails_are_read_for_what_is_in_sight_and_painted(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    gallery = make_gallery(1000)
    view = gallery.view
    middle = view.cell(0).center()
    qtbot.waitUntil(lambda: view.viewport().grab().toImage().pixelColor(middle) == QColor(60, 60, 60))
    read = {one for ids, _ in gallery.thumbnail_reads for one in ids}
    assert set(view.rows_in_sight()) <= read
    assert len(read) <= 3 * len(view.rows_in_sight())
    assert {size for _, size in gallery.thumbnail_reads} == {256}


def test_a_placeholder_is_painted_in_the_shape_asked_for(
    qtbot: QtBot, make_gallery: MakeGallery, make_picture: MakePicture
) -> None:
    gallery = make_gallery(10)
    wide = {"state": PictureState.PENDING, "aspect_ratio": "2:1", "width": 0, "height": 0}
    gallery.pictures[PictureId(0)] = make_picture(0, **wide)
    with qtbot.waitSignal(gallery.model.dataChanged):
        gallery.model.refresh([PictureId(0)])
    view = gallery.view
    image, cell = view.viewport().grab().toImage(), view.cell(0)
    wall = image.pixelColor(2, 2)
    column = [y for y in range(cell.top(), cell.bottom()) if image.pixelColor(cell.left() + 20, y) != wall]
    row = [x for x in range(cell.left(), cell.right()) if image.pixelColor(x, column[len(column) // 4]) != wall]
    assert len(row) / len(column) == pytest.approx(2.0, abs=0.05)


def test_seconds_pass_only_while_a_running_job_is_in_sight(
    qtbot: QtBot, make_gallery: MakeGallery, make_picture: MakePicture, now_s: float
) -> None:
    gallery = make_gallery(10)
    gallery.pictures[PictureId(2)] = make_picture(2, state=PictureState.PENDING)
    with qtbot.waitSignal(gallery.model.dataChanged):
        gallery.model.refresh([PictureId(2)])
    job = Job(TurnId("T"), SessionId(1), Request("p", "m"), JobState.SENDING, now_s, now_s)
    view = gallery.view
    assert not view.is_ticking
    gallery.model.set_job(_with_pictures(job, 2))
    qtbot.waitUntil(lambda: view.is_ticking)
    view.hide()
    qtbot.waitUntil(lambda: not view.is_ticking)


def _with_pictures(job: Job, *ids: int) -> Job:
    return replace(job, picture_ids=tuple(PictureId(one) for one in ids))


def test_tips_say_what_is_under_the_mouse_letter_by_letter(
    qtbot: QtBot, make_gallery: MakeGallery, make_picture: MakePicture
) -> None:
    gallery = make_gallery(10)
    gallery.pictures[PictureId(0)] = make_picture(0, prompt="a <b>bay</b>")
    with qtbot.waitSignal(gallery.model.dataChanged):
        gallery.model.refresh([PictureId(0)])
    view, cell = gallery.view, gallery.view.cell(0)
    button = buttons_of(cell, gallery.model.picture(0))[TileButton.SAVE]
    for at, text in ((button.center(), "Save as…"), (cell.center(), "a &lt;b&gt;bay&lt;/b&gt;")):
        event = QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
        QApplication.sendEvent(view.viewport(), event)
        assert text in QToolTip.text()
    QToolTip.hideText()


def test_other_programs_find_the_gallery_and_its_tiles_by_name(make_gallery: MakeGallery) -> None:
    view = make_gallery(30).view
    gallery = QAccessible.queryAccessibleInterface(view)
    assert gallery.text(QAccessible.Text.Name) == "Gallery"
    assert gallery.childCount() == 30
    tile = gallery.child(2)
    assert tile.text(QAccessible.Text.Name) == "Picture 3 of 30, saved, 1:1, prompt 2"
    assert tile.rect().size() == view.cell(2).size()
    selected = QItemSelectionModel.SelectionFlag.ClearAndSelect
    view.selectionModel().select(view.model().index(2, 0), selected)
    assert tile.state().selected
