"""The row of pictures: as much work for 100,000 pictures as for ten."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import PAGE, GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.picture.filmstrip import Filmstrip
from tests.ui.picture.test_viewer import MakePicture

_LEFT, _ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def strip(model: GalleryModel, thumbnails: Thumbnails, desk: QWidget) -> Filmstrip:
    made = Filmstrip(model, thumbnails, desk)
    made.resize(600, made.height())
    made.show()
    return made


def _fill(model: GalleryModel, strip: Filmstrip, count: int, row: int) -> None:
    model.set_ids(PictureId(1000 + one) for one in range(count))
    strip.set_current(PictureId(1000 + row), row)


def _colour_at(strip: Filmstrip, row: int) -> QColor:
    return strip.grab().toImage().pixelColor(strip.cell(row).center())


@pytest.mark.parametrize("count", [11, 100_000])
def test_only_what_is_in_sight_is_read(
    qtbot: QtBot,
    background: Background,
    thumbnails: Thumbnails,
    desk: QWidget,
    make_picture: MakePicture,
    count: int,
) -> None:
    read: list[PictureId] = []

    def read_pictures(ids: Sequence[PictureId]) -> list[Picture]:
        read.extend(ids)
        return [make_picture(one) for one in ids]

    model = GalleryModel(read_pictures, background, desk)
    strip = Filmstrip(model, thumbnails, desk)
    strip.resize(600, strip.height())
    strip.show()
    row = count // 2
    _fill(model, strip, count, row)
    qtbot.waitUntil(lambda: _colour_at(strip, row) == QColor(*(3 * (60 + (1000 + row) % 100,))))
    assert len(strip.rows_in_sight()) <= 11
    assert len(read) <= 2 * PAGE


def test_the_current_picture_lies_in_the_middle(strip: Filmstrip, model: GalleryModel) -> None:
    for row in (0, 500, 999):
        _fill(model, strip, 1000, row)
        assert strip.cell(row).center().x() == pytest.approx(300, abs=1)
        assert row in strip.rows_in_sight()
    assert strip.rows_in_sight().stop == 1000


def test_a_click_picks_and_one_with_alt_compares(qtbot: QtBot, strip: Filmstrip, model: GalleryModel) -> None:
    _fill(model, strip, 1000, 500)
    with qtbot.waitSignal(strip.picked) as picked:
        QTest.mouseClick(strip, _LEFT, pos=strip.cell(502).center())
    assert picked.args == [1502]
    with qtbot.waitSignal(strip.compare_requested) as compared, qtbot.assertNotEmitted(strip.picked):
        QTest.mouseClick(strip, _LEFT, _ALT, strip.cell(498).center())
    assert compared.args == [1498]


def test_the_wheel_moves_the_row_and_stops_at_its_ends(strip: Filmstrip, model: GalleryModel) -> None:
    _fill(model, strip, 20, 10)

    def wheel(notches: int) -> None:
        at = QPointF(300, 30)
        delta = QPoint(0, 120 * notches)
        none = Qt.MouseButton.NoButton
        event = QWheelEvent(
            at, strip.mapToGlobal(at), QPoint(), delta, none, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(strip, event)

    wheel(-1)
    assert strip.cell(12).center().x() == pytest.approx(300, abs=1)
    wheel(-50)
    assert strip.cell(19).center().x() == pytest.approx(300, abs=1)
    wheel(50)
    assert strip.cell(0).center().x() == pytest.approx(300, abs=1)
    strip.set_current(PictureId(1010), 10)
    assert strip.cell(10).center().x() == pytest.approx(300, abs=1)


def test_it_stays_on_its_picture_while_others_come_and_go(strip: Filmstrip, model: GalleryModel) -> None:
    _fill(model, strip, 100, 50)
    model.prepend([PictureId(1), PictureId(2)])
    assert (strip.row, strip.accessibleDescription()) == (52, "Picture 53 of 102")
    model.set_ids([PictureId(7)])
    assert (strip.row, strip.rows_in_sight()) == (None, range(0))
    strip.grab()
