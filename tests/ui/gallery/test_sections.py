"""The gallery under headers: what is painted, pressed and walked through."""

from collections.abc import Callable, Sequence
from typing import Protocol

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.sight import Section
from imagine_desktop.ui.gallery.grid import HEADER
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.view import TileView

Modifier = Qt.KeyboardModifier
COUNTS = (6, 1, 9, 40)  # in four columns: two lines, one, three, ten


class Gallery(Protocol):
    """What `make_gallery` makes."""

    model: GalleryModel
    view: TileView


MakeGallery = Callable[[int], Gallery]


def _divide(gallery: Gallery, counts: Sequence[int] = COUNTS) -> TileView:
    sections = [Section(f"Day {number}", str(number), count) for number, count in enumerate(counts)]
    gallery.model.set_ids([PictureId(one) for one in range(sum(counts))], sections=sections)
    assert gallery.view.grid.columns == 4
    return gallery.view


def _image(view: TileView) -> QImage:
    return view.viewport().grab().toImage()


def _press(view: TileView, at: QPoint, modifiers: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    QTest.mouseMove(view.viewport(), at)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifiers, at)


def test_the_header_of_what_is_at_the_top_stays_until_the_next_one_pushes_it_out(
    make_gallery: MakeGallery,
) -> None:
    view = _divide(make_gallery(0))
    grid, bar = view.grid, view.verticalScrollBar()
    for offset, section, y in (
        (0, 0, 0),
        (200, 0, 0),
        (grid.top_of(1) - HEADER, 0, 0),
        (grid.top_of(1) - 10, 0, 10 - HEADER),
        (grid.top_of(1), 1, 0),
        (grid.top_of(3) + 500, 3, 0),
    ):
        bar.setValue(offset)
        number, place = view.headers_in_sight()[0]
        assert (number, place.top(), place.height()) == (section, y, HEADER)


def test_scrolling_shows_what_painting_everything_would(qtbot: QtBot, make_gallery: MakeGallery) -> None:
    gallery = make_gallery(0)
    view = _divide(gallery)
    qtbot.waitUntil(lambda: not view.lacks_pictures())
    at = 0
    for step in (7, 30, 180, -13, 250, -90, 400, -33, -700, 1200, -1):
        at = max(0, at + step)
        view.verticalScrollBar().setValue(at)
        qtbot.waitUntil(lambda: not view.lacks_pictures())
        scrolled = _kept(view)
        view.viewport().update()
        assert scrolled == _kept(view), step


def _kept(view: TileView) -> QImage:
    """What is on the screen once what is due was painted; a grab would paint everything."""
    QTest.qWait(0)
    screen = view.window().backingStore().paintDevice()
    assert isinstance(screen, QImage)
    viewport = view.viewport()
    return screen.copy(QRect(viewport.mapTo(view.window(), QPoint()), viewport.size()))


def test_pressing_the_words_of_a_header_selects_its_pictures(make_gallery: MakeGallery) -> None:
    view = _divide(make_gallery(0))
    words = QPoint(view.grid.left + 20, view.grid.top_of(1) + HEADER // 2)
    _press(view, words)
    assert view.selected_ids() == [6]
    view.verticalScrollBar().setValue(60)
    _press(view, QPoint(view.grid.left + 20, HEADER // 2), Modifier.ControlModifier)
    assert view.selected_ids() == [*range(7)]
    assert view.current_id() == 0
    _press(view, QPoint(view.viewport().width() - 40, HEADER // 2))
    assert view.selected_ids() == []


def test_a_header_under_the_mouse_offers_to_select(make_gallery: MakeGallery) -> None:
    view = _divide(make_gallery(0))
    QTest.qWait(0)  # the scroll bar takes its room
    place = view.headers_in_sight()[0][1]
    before = _image(view)
    QTest.mouseMove(view.viewport(), QPoint(view.grid.left + 20, HEADER // 2))
    hot = _image(view)
    assert hot.copy(place) != before.copy(place)
    QTest.mouseMove(view.viewport(), QPoint(view.viewport().width() - 40, HEADER // 2))
    assert _image(view).copy(place) == before.copy(place)


def test_headers_follow_the_font(make_gallery: MakeGallery) -> None:
    view = _divide(make_gallery(0))
    QTest.qWait(0)
    place = view.headers_in_sight()[0][1]
    before = _image(view).copy(place)
    larger = view.font()
    larger.setPixelSize(2 * larger.pixelSize() if larger.pixelSize() > 0 else 26)
    view.setFont(larger)
    assert _image(view).copy(place) != before


def test_no_tile_is_found_below_the_header_that_covers_it(make_gallery: MakeGallery) -> None:
    view = _divide(make_gallery(0))
    below = view.cell(0).center()
    view.verticalScrollBar().setValue(below.y() - 5)
    assert not view.indexAt(QPoint(below.x(), 5)).isValid()
    assert view.indexAt(QPoint(below.x(), HEADER + 5)).row() == 0


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        (5, Qt.Key.Key_Right, 6),
        (6, Qt.Key.Key_Left, 5),
        (1, Qt.Key.Key_Down, 5),
        (3, Qt.Key.Key_Down, 5),  # the line has two
        (5, Qt.Key.Key_Down, 6),
        (6, Qt.Key.Key_Down, 7),
        (9, Qt.Key.Key_Up, 6),
        (6, Qt.Key.Key_Up, 4),
        (2, Qt.Key.Key_Up, 2),
        (9, Qt.Key.Key_Home, 0),
        (0, Qt.Key.Key_End, 55),
        (55, Qt.Key.Key_PageDown, 55),
        (1, Qt.Key.Key_PageUp, 1),
    ],
)
def test_keys_walk_across_sections(make_gallery: MakeGallery, start: int, key: Qt.Key, end: int) -> None:
    view = _divide(make_gallery(0))
    view.show_picture(PictureId(start))
    QTest.keyClick(view, key)
    assert view.currentIndex().row() == end
    place = view.visualRect(view.currentIndex())
    assert place.top() >= HEADER
    assert place.bottom() < view.viewport().height()


def test_pages_up_and_down_lead_through_all_sections_and_back(make_gallery: MakeGallery) -> None:
    view = _divide(make_gallery(0), (3, 2, 50, 1, 1, 1, 30, 2))
    view.show_picture(PictureId(0))
    seen = [0]
    while seen[-1] < 86:
        QTest.keyClick(view, Qt.Key.Key_PageDown)
        assert view.currentIndex().row() > seen[-1]
        seen.append(view.currentIndex().row())
    assert len(seen) < 14
    while seen[-1] >= 3:
        QTest.keyClick(view, Qt.Key.Key_PageUp)
        assert view.currentIndex().row() < seen[-1]
        seen.append(view.currentIndex().row())


def test_what_comes_into_a_section_moves_nothing_that_is_looked_at(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(0)
    view = _divide(gallery)
    view.show_picture(PictureId(40))
    place = view.visualRect(view.currentIndex())
    gallery.model.prepend([PictureId(1000)], Section("Day 0", "0", 1))
    gallery.model.prepend([PictureId(1001)], Section("Today", "today", 1))
    gallery.model.prepend([PictureId(1002), PictureId(1003)], Section("Today", "today", 2))
    assert view.visualRect(view.currentIndex()) == place
    assert view.selected_ids() == [40]
    assert gallery.model.section_counts == [3, 7, *COUNTS[1:]]


def test_a_rubber_band_goes_across_headers(make_gallery: MakeGallery) -> None:
    view = _divide(make_gallery(0))
    start, end = QPoint(2, HEADER + 10), view.cell(8).center()
    viewport, left = view.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(viewport, left, Modifier.NoModifier, start)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, left, Modifier.NoModifier, end)
    assert view.selected_ids() == [0, 1, 4, 5, 6, 7, 8]
