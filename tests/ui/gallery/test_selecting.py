"""Selections of any size, and what becomes of them when pictures go."""

from collections.abc import Callable
from typing import Protocol

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.gallery.gridview import spans_of, spans_without
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.tiles import TileButton, buttons_of
from imagine_desktop.ui.gallery.view import TileView

Key = Qt.Key
Modifier = Qt.KeyboardModifier
_NONE = Modifier.NoModifier


class Gallery(Protocol):
    """What `make_gallery` makes."""

    model: GalleryModel
    view: TileView


MakeGallery = Callable[[int], Gallery]


def _click(view: TileView, row: int, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, modifiers, view.cell(row).topLeft() + QPoint(40, 4)
    )


def _ids(*rows: int) -> list[PictureId]:
    return [PictureId(row) for row in rows]


def test_ctrl_and_shift_add_a_range(make_gallery: MakeGallery) -> None:
    view = make_gallery(50).view
    _click(view, 1)
    _click(view, 5, Modifier.ControlModifier)
    _click(view, 7, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert view.selected_ids() == [1, 5, 6, 7]
    _click(view, 3, Modifier.ShiftModifier)
    assert view.selected_ids() == [3, 4, 5]


def test_thousands_of_single_cells_are_selected_and_let_go_of_in_one_step_each(
    make_gallery: MakeGallery,
) -> None:
    view = make_gallery(100_000).view
    view.choose(view.selection_of((row, row) for row in range(0, 60_000, 2)))
    _click(view, 3, Modifier.ControlModifier)
    assert len(view.selected_ids()) == 30_001
    assert view.selected_ids()[:5] == [0, 2, 3, 4, 6]
    QTest.keyClick(view, Key.Key_A, Modifier.ControlModifier)
    assert spans_of(view.selectionModel().selection()) == [(0, 99_999)]
    view.choose(view.selection_of((row, row) for row in range(0, 60_000, 2)))
    _click(view, 4)
    assert view.selected_ids() == [4]


@pytest.mark.parametrize(
    ("spans", "gone", "left"),
    [
        ([(2, 5)], [0], [(1, 4)]),
        ([(2, 5)], [3, 4], [(2, 3)]),
        ([(2, 5)], [2, 3, 4, 5], []),
        ([(0, 0), (2, 2), (9, 12)], [0, 1, 10], [(0, 0), (7, 9)]),
    ],
)
def test_runs_close_up_over_rows_that_are_gone(
    spans: list[tuple[int, int]], gone: list[int], left: list[tuple[int, int]]
) -> None:
    assert spans_without(spans, gone) == left


def test_what_is_left_stays_selected_current_and_in_place(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(400)
    view = gallery.view
    view.show_picture(PictureId(200))
    _click(view, 203, Modifier.ShiftModifier)
    view.verticalScrollBar().setValue(view.verticalOffset() + 17)
    place = view.visualRect(view.currentIndex())
    gallery.model.remove(_ids(*range(100), 201, 399))
    assert view.selected_ids() == [200, 202, 203]
    assert view.current_id() == 203
    assert abs(view.visualRect(view.currentIndex()).top() - place.top()) <= view.grid.pitch
    _click(view, view.currentIndex().row() + 1, Modifier.ShiftModifier)
    assert view.selected_ids() == [203, 204]


def test_the_next_picture_takes_the_place_of_one_that_is_gone(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    gallery = make_gallery(6)
    view = gallery.view
    view.show_picture(PictureId(3))
    for gone, current in ((3, 4), (4, 5), (5, 2)):
        with qtbot.waitSignal(view.current_changed) as changed:
            gallery.model.remove(_ids(gone))
        assert changed.args == [current]
        assert view.selected_ids() == [current]
    with qtbot.waitSignal(view.selection_changed):
        gallery.model.remove(_ids(0, 1, 2))
    assert view.current_id() is None
    assert view.chosen_ids() == []


def test_the_selection_is_empty_when_all_of_it_went_and_the_current_one_was_not_in_it(
    make_gallery: MakeGallery,
) -> None:
    gallery = make_gallery(20)
    view = gallery.view
    _click(view, 3)
    _click(view, 5, Modifier.ControlModifier)
    _click(view, 5, Modifier.ControlModifier)
    gallery.model.remove(_ids(3))
    assert (view.selected_ids(), view.current_id()) == ([], 5)


def test_thousands_of_single_pictures_go_at_once(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(100_000)
    view = gallery.view
    view.choose(view.selection_of((row, row) for row in range(0, 60_000, 3)))
    gallery.model.remove(_ids(*range(0, 60_000, 2)))
    assert gallery.model.rowCount() == 70_000
    assert view.selected_ids() == [*range(3, 60_000, 6)]


@pytest.mark.parametrize(
    ("key", "signal"), [(Key.Key_S, "star_requested"), (Key.Key_Delete, "trash_requested")]
)
def test_keys_act_on_the_selection_or_on_the_current_picture(
    qtbot: QtBot, make_gallery: MakeGallery, key: Qt.Key, signal: str
) -> None:
    view = make_gallery(20).view
    _click(view, 5)
    _click(view, 6, Modifier.ShiftModifier)
    with qtbot.waitSignal(getattr(view, signal)) as asked:
        QTest.keyClick(view, key)
    assert asked.args == [[5, 6]]
    QTest.keyClick(view, Key.Key_Escape)
    with qtbot.waitSignal(getattr(view, signal)) as asked:
        QTest.keyClick(view, key)
    assert asked.args == [[6]]


def test_alt_and_a_click_compare_and_select_nothing(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    view = make_gallery(20).view
    _click(view, 5)
    with qtbot.waitSignal(view.compare_with_requested) as asked:
        _click(view, 8, Modifier.AltModifier)
    assert asked.args == [8]
    assert (view.current_id(), view.selected_ids()) == (5, [5])


def test_the_star_of_a_tile_can_be_pressed(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    gallery = make_gallery(20)
    view = gallery.view
    star = buttons_of(view.cell(6), gallery.model.picture(6))[TileButton.STAR]
    with qtbot.waitSignal(view.star_requested) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=star.center())
    assert asked.args == [[6]]
    assert view.selected_ids() == []
