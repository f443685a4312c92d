import threading
from collections.abc import Sequence
from functools import partial

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.images import thumbnail_of
from tests.ui.gallery.samples import flat_jpeg, jpeg_of

_COLOUR = QColor(120, 120, 120)  # JPEG keeps a grey exactly


def _ids(first: int, stop: int) -> list[PictureId]:
    return [PictureId(one) for one in range(first, stop)]


class Shelf:
    """Thumbnails to read; `open` lets the readers through."""

    def __init__(self) -> None:
        self.reads: list[tuple[list[PictureId], int]] = []
        self.open = threading.Event()
        self.open.set()

    def read(self, ids: Sequence[PictureId], size_px: int, *, anew: bool = False) -> dict[PictureId, bytes]:
        assert not anew
        self.reads.append((list(ids), size_px))
        assert self.open.wait(10)
        return {one: flat_jpeg(_COLOUR, size_px, size_px // 2) for one in ids if one != 13}


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def _ready(qtbot: QtBot, thumbnails: Thumbnails, ids: Sequence[PictureId]) -> None:
    qtbot.waitUntil(lambda: all(thumbnails.pixmap(one) is not None for one in ids))


def _is_kept(thumbnails: Thumbnails, picture_id: PictureId, box_px: int) -> bool:
    return thumbnails.kept_box_px(picture_id) == box_px


def test_pixmaps_are_scaled_to_the_box_they_are_painted_in(
    qtbot: QtBot, background: Background, shelf: Shelf
) -> None:
    thumbnails = Thumbnails(shelf.read, background, background)
    thumbnails.want(_ids(0, 1), 190)
    _ready(qtbot, thumbnails, _ids(0, 1))
    pixmap = thumbnails.pixmap(PictureId(0))
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (190, 95)
    assert pixmap.toImage().pixelColor(100, 50) == _COLOUR
    thumbnails.want(_ids(0, 1), 300)
    qtbot.waitUntil(lambda: (kept := thumbnails.pixmap(PictureId(0))) is not None and kept.width() == 300)
    assert [size for _, size in shelf.reads] == [256, 512]


def test_a_page_is_read_in_a_few_batches_the_first_ones_first(
    qtbot: QtBot, background: Background, shelf: Shelf
) -> None:
    thumbnails = Thumbnails(shelf.read, background, background)
    thumbnails.want(_ids(100, 135), 200)
    _ready(qtbot, thumbnails, _ids(100, 135))
    assert [len(batch) for batch, _ in shelf.reads] == [16, 16, 3]
    assert sorted(one for batch, _ in shelf.reads for one in batch) == _ids(100, 135)
    assert PictureId(100) in {one for batch, _ in shelf.reads[:2] for one in batch}


def test_what_was_scrolled_away_before_it_began_is_never_read(
    qtbot: QtBot, background: Background, shelf: Shelf
) -> None:
    thumbnails = Thumbnails(shelf.read, background, background)
    shelf.open.clear()
    thumbnails.want(_ids(0, 200), 200)
    qtbot.waitUntil(lambda: len(shelf.reads) == 2)
    thumbnails.want(_ids(1000, 1010), 200)
    shelf.open.set()
    _ready(qtbot, thumbnails, _ids(1000, 1010))
    assert {one for batch, _ in shelf.reads for one in batch} == {*_ids(0, 32), *_ids(1000, 1010)}


def test_bytes_kept_stay_within_the_bound_and_the_longest_unused_go(
    qtbot: QtBot, background: Background, shelf: Shelf
) -> None:
    one = 200 * 100 * 4
    thumbnails = Thumbnails(shelf.read, background, background, limit_bytes=10 * one)
    thumbnails.want(_ids(0, 10), 200)
    _ready(qtbot, thumbnails, _ids(0, 10))
    thumbnails.pixmap(PictureId(0))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.want(_ids(20, 25), 200)
    assert thumbnails.kept_bytes == 10 * one
    assert thumbnails.pixmap(PictureId(0)) is not None
    assert thumbnails.pixmap(PictureId(1)) is None


def test_a_picture_without_a_thumbnail_is_asked_for_once_until_it_is_forgotten(
    qtbot: QtBot, background: Background, shelf: Shelf
) -> None:
    thumbnails = Thumbnails(shelf.read, background, background)
    for _ in range(3):
        thumbnails.want(_ids(12, 14), 200)
        _ready(qtbot, thumbnails, _ids(12, 13))
    assert len(shelf.reads) == 1
    thumbnails.forget(_ids(13, 14))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.want(_ids(12, 14), 200)
    assert shelf.reads[1:] == [(_ids(13, 14), 256)]


def test_asking_for_a_pixmap_that_is_not_there_has_it_read(
    qtbot: QtBot, background: Background, shelf: Shelf
) -> None:
    thumbnails = Thumbnails(shelf.read, background, background, box_px=96)
    with qtbot.waitSignal(thumbnails.ready) as ready:
        assert [thumbnails.pixmap(one) for one in _ids(0, 4)] == [None] * 4
    assert ready.args == [_ids(0, 4)]
    assert len(shelf.reads) == 1


def test_a_damaged_thumbnail_is_made_anew_or_is_as_if_there_were_none(
    qtbot: QtBot, background: Background
) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    whole = flat_jpeg(_COLOUR, 256, 256)
    kept = {PictureId(0): b"", PictureId(1): svg, PictureId(2): whole, PictureId(3): whole[:100]}
    made: list[PictureId] = []

    def read(ids: Sequence[PictureId], _size_px: int, /, *, anew: bool = False) -> dict[PictureId, bytes]:
        if not anew:
            return kept
        made.extend(ids)
        return {PictureId(3): whole}

    thumbnails = Thumbnails(read, background, background)
    with qtbot.waitSignal(thumbnails.ready) as ready:
        thumbnails.want(kept, 200)
    assert ready.args == [_ids(2, 4)]
    assert made == [PictureId(0), PictureId(1), PictureId(3)]
    assert [thumbnails.is_absent(one) for one in kept] == [True, True, False, False]


@pytest.mark.parametrize("kind", [QImage.Format.Format_Grayscale8, QImage.Format.Format_RGB888])
def test_thumbnails_become_pixmaps_without_conversion(kind: QImage.Format) -> None:
    image = QImage(256, 256, kind)
    image.fill(_COLOUR)
    made = thumbnail_of(jpeg_of(image), 200)
    assert made.format() is QImage.Format.Format_RGB32
    assert (made.width(), made.pixelColor(100, 50)) == (200, _COLOUR)
    assert thumbnail_of(b"no picture", 200).isNull()


def test_what_is_asked_for_stays_however_large_it_is(
    qtbot: QtBot, background: Background, shelf: Shelf
) -> None:
    thumbnails = Thumbnails(shelf.read, background, background, limit_bytes=1000)
    thumbnails.want(_ids(20, 60), 200)
    _ready(qtbot, thumbnails, _ids(20, 60))
    assert all(thumbnails.kept_box_px(one) == 200 for one in _ids(20, 60))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.want(_ids(70, 71), 200)
    assert thumbnails.kept_bytes == 2 * 200 * 100 * 4


@pytest.mark.parametrize("box_px", [30, 200, 512])
def test_no_more_is_ever_kept_than_the_bound_or_twice_what_is_asked_for(
    qtbot: QtBot, background: Background, shelf: Shelf, box_px: int
) -> None:
    limit = 2_000_000
    thumbnails = Thumbnails(shelf.read, background, background, limit_bytes=limit)
    most: list[int] = []
    thumbnails.ready.connect(lambda _: most.append(thumbnails.kept_bytes))
    for first in range(0, 200, 40):
        last = PictureId(first + 19)
        thumbnails.want(_ids(first, first + 20), box_px)
        qtbot.waitUntil(partial(_is_kept, thumbnails, last, box_px))
    assert 0 < max(most) <= max(limit, 2 * 20 * box_px * (box_px // 2) * 4)
    held = [one for one in _ids(0, 200) if thumbnails.kept_box_px(one)]
    assert thumbnails.kept_bytes == len(held) * box_px * (box_px // 2) * 4
