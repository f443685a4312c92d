"""Pictures for the gallery to show, and plain functions that read them."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import Picture, PictureId, PictureState, SessionId, TurnId
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.view import TileView
from tests.ui.gallery.samples import flat_jpeg

MakePicture = Callable[..., Picture]
MakeGallery = Callable[[int], "Gallery"]


class Gallery:
    """A model, its thumbnails and a shown view, over pictures that are made up as they are asked for."""

    def __init__(self, background: Background, owner: QObject, make_picture: MakePicture) -> None:
        self.pictures: dict[PictureId, Picture] = {}
        self.reads: list[list[PictureId]] = []
        self.thumbnail_reads: list[tuple[list[PictureId], int]] = []
        self.without_thumbnail: set[PictureId] = set()
        self._make_picture = make_picture
        self.model = GalleryModel(self._read_pictures, background, owner)
        self.thumbnails = Thumbnails(self._read_thumbnails, background, owner)
        self.view = TileView(self.model, self.thumbnails)

    def _read_pictures(self, ids: Sequence[PictureId]) -> list[Picture]:
        self.reads.append(list(ids))
        return [self.pictures.get(one) or self._make_picture(one) for one in ids]

    def _read_thumbnails(
        self, ids: Sequence[PictureId], size_px: int, *, anew: bool = False
    ) -> dict[PictureId, bytes]:
        assert not anew
        self.thumbnail_reads.append((list(ids), size_px))
        return {one: _square(one, size_px) for one in ids if one not in self.without_thumbnail}


def _square(picture_id: PictureId, size_px: int) -> bytes:
    grey = 60 + picture_id % 100  # which JPEG keeps exactly
    return flat_jpeg(QColor(grey, grey, grey), size_px, size_px)


@pytest.fixture
def make_picture() -> MakePicture:
    """Makes a saved square picture from its id; anything can be said otherwise."""

    def make(picture_id: int, **fields: Any) -> Picture:
        return replace(
            Picture(
                PictureId(picture_id),
                TurnId("T"),
                SessionId(1),
                index=0,
                state=PictureState.SAVED,
                created=0.0,
                aspect_ratio="1:1",
                path=f"{picture_id}.jpg",
                width=1024,
                height=1024,
                prompt=f"prompt {picture_id}",
            ),
            **fields,
        )

    return make


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Threads that are gone when the test is."""
    made = Background(qapp)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def make_gallery(qtbot: QtBot, background: Background, make_picture: MakePicture) -> Iterator[MakeGallery]:
    """Shows a gallery of the pictures 0, 1, 2, …, all read, in a window of 900 × 700."""
    made: list[Gallery] = []

    def make(count: int) -> Gallery:
        gallery = Gallery(background, background, make_picture)
        made.append(gallery)
        gallery.view.resize(900, 700)
        gallery.model.set_ids(PictureId(one) for one in range(count))
        gallery.view.show()
        qtbot.waitUntil(lambda: all(gallery.model.picture(row) for row in gallery.view.rows_in_sight()))
        return gallery

    yield make
    for gallery in made:
        shiboken6.delete(gallery.view)  # now, not when Python comes to it after the application's end


@pytest.fixture
def now_s() -> float:
    """The time, as jobs tell it."""
    return time.monotonic()
