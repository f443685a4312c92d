from collections.abc import Callable, Sequence
from typing import Protocol

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import PictureId
from imagine_desktop.engine.flaws import Flaw
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.flaws import Flaws
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.view import TileView

_SOON_MS = 5


class Gallery(Protocol):
    """What `make_gallery` makes."""

    model: GalleryModel
    thumbnails: Thumbnails
    without_thumbnail: set[PictureId]
    view: TileView


MakeGallery = Callable[[int], Gallery]


class Disk:
    """Files, some of them with a flaw."""

    def __init__(self, flaws: dict[int, Flaw]) -> None:
        self.flaws = {PictureId(one): flaw for one, flaw in flaws.items()}
        self.looks: list[list[PictureId]] = []
        self.error: Exception | None = None

    def look(self, ids: Sequence[PictureId]) -> dict[PictureId, Flaw]:
        self.looks.append(list(ids))
        if self.error:
            raise self.error
        return {one: self.flaws[one] for one in ids if one in self.flaws}


def _ids(first: int, stop: int) -> list[PictureId]:
    return [PictureId(one) for one in range(first, stop)]


def test_files_are_looked_at_once_and_those_with_a_flaw_again(qtbot: QtBot, background: Background) -> None:
    disk = Disk({2: Flaw.MISSING})
    flaws = Flaws(disk.look, background, background, after_ms=_SOON_MS)
    with qtbot.waitSignal(flaws.looked) as looked:
        flaws.want(_ids(0, 5))
    assert looked.args == [_ids(0, 5)]
    assert [flaws.of(one) for one in _ids(1, 4)] == [None, Flaw.MISSING, None]
    disk.flaws.clear()
    with qtbot.waitSignal(flaws.looked) as looked:
        flaws.want(_ids(0, 6))
    assert disk.looks == [_ids(0, 5), [2, 5]]
    assert looked.args == [[2, 5]]
    assert flaws.of(PictureId(2)) is None


def test_what_scrolls_by_is_not_looked_at(qtbot: QtBot, background: Background) -> None:
    disk = Disk({205: Flaw.EMPTY})
    flaws = Flaws(disk.look, background, background, after_ms=50)
    with qtbot.waitSignal(flaws.looked):
        for first in range(0, 210, 10):
            flaws.want(_ids(first, first + 10))
    assert disk.looks == [_ids(200, 210)]


def test_a_look_that_fails_is_told_and_the_next_one_works(qtbot: QtBot, background: Background) -> None:
    disk = Disk({1: Flaw.EMPTY})
    disk.error = OSError("no disk")
    flaws = Flaws(disk.look, background, background, after_ms=_SOON_MS)
    with qtbot.captureExceptions() as told:
        flaws.want(_ids(0, 3))
        qtbot.waitUntil(lambda: bool(told))
    assert [str(one[1]) for one in told] == ["no disk"]
    disk.error = None
    with qtbot.waitSignal(flaws.looked):
        flaws.want(_ids(0, 3))


def _cell(view: TileView, row: int) -> QImage:
    return view.viewport().grab(view.cell(row)).toImage()


@pytest.mark.parametrize("flaw", Flaw)
def test_a_tile_says_what_is_wrong_over_its_thumbnail_or_without_one(
    qtbot: QtBot, background: Background, make_gallery: MakeGallery, flaw: Flaw
) -> None:
    gallery = make_gallery(12)
    qtbot.waitUntil(lambda: not gallery.view.lacks_pictures())
    gallery.without_thumbnail.update((PictureId(4), PictureId(5)))
    gallery.thumbnails.forget(_ids(0, 12))
    view = gallery.view
    view.viewport().update()
    qtbot.waitUntil(lambda: not view.lacks_pictures())
    before = [_cell(view, row) for row in range(6)]
    flaws = Flaws(Disk({1: flaw, 4: flaw}).look, background, background, after_ms=_SOON_MS)
    with qtbot.waitSignal(flaws.looked):
        view.set_flaws(flaws)
    after = [_cell(view, row) for row in range(6)]
    assert [one != other for one, other in zip(before, after, strict=True)] == [
        False,
        True,
        False,
        False,
        True,
        True,
    ]  # the fifth has no thumbnail, and none can be made of a file that seems whole
    middle = before[1].rect().center()
    assert after[1].pixelColor(middle) == before[1].pixelColor(middle)
    at = view.cell(1).center()
    QApplication.sendEvent(
        view.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
    )
    assert flaw.detail.replace("'", "&#x27;") in QToolTip.text()
    QToolTip.hideText()


def test_a_grid_of_nothing_but_flaws_goes_on(
    qtbot: QtBot, background: Background, make_gallery: MakeGallery
) -> None:
    gallery = make_gallery(500)
    gallery.without_thumbnail.update(_ids(0, 500))
    gallery.thumbnails.forget(_ids(0, 500))
    view, kinds = gallery.view, list(Flaw)
    disk = Disk({one: kinds[one % len(kinds)] for one in range(500)})
    flaws = Flaws(disk.look, background, background, after_ms=_SOON_MS)
    view.set_flaws(flaws)
    for page in range(6):
        view.verticalScrollBar().setValue(page * view.viewport().height())
        qtbot.waitUntil(lambda: all(map(flaws.of, map(gallery.model.id_at, view.rows_in_sight()))))
        assert not view.viewport().grab().isNull()
