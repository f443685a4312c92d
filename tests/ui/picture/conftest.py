"""Pictures to look at, and a plain function that decodes them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from imagine_desktop.domain.pixels import PixelFormat, Pixels, Shown
from imagine_desktop.domain.record import Picture, PictureId, PictureState, SessionId, TurnId
from imagine_desktop.errors import LibraryError
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.picture.full import FullPictures
from tests.ui.gallery.samples import flat_jpeg

SIZE = (1600, 1200)
UNREADABLE = PictureId(99)


@pytest.fixture
def make_picture() -> Callable[..., Picture]:
    """Makes a saved picture of 1600 × 1200 from its id; anything can be said otherwise."""

    def make(picture_id: int, **fields: Any) -> Picture:
        return replace(
            Picture(
                PictureId(picture_id),
                TurnId("T"),
                SessionId(1),
                index=0,
                state=PictureState.SAVED,
                created=0.0,
                aspect_ratio="4:3",
                path=f"{picture_id}.jpg",
                width=SIZE[0],
                height=SIZE[1],
                cost_ticks=2 * 10**8,
                prompt=f"prompt {picture_id}",
            ),
            **fields,
        )

    return make


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[QWidget]:
    """The parent of the widgets under test; outlives the threads, as the window does."""
    made = QWidget()
    made.resize(1200, 800)
    made.show()
    yield made
    shiboken6.delete(made)


@pytest.fixture
def background(desk: QWidget) -> Iterator[Background]:
    """Threads that are gone when the test is."""
    made = Background(desk)
    yield made
    made.close()


class Reading:
    """Decodes pictures whose pixels say where they are: red is x, green y, modulo 256; blue is the id.

    `asked` are the pictures that were decoded, in order. While `gate` is not set no decode ends.
    """

    def __init__(self) -> None:
        self.asked: list[PictureId] = []
        self.urgent: list[PictureId] = []
        self.sizes: dict[PictureId, tuple[int, int]] = {}
        self.notes: dict[PictureId, str] = {}
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, picture_id: PictureId, is_urgent: bool) -> Shown:
        self.asked.append(picture_id)
        if is_urgent:
            self.urgent.append(picture_id)
        self.gate.wait(10)
        if picture_id == UNREADABLE:
            raise LibraryError("The picture's file cannot be read.", "Look for it in the library's folder.")
        width, height = self.sizes.get(picture_id, SIZE)
        across = (bytes(range(256)) * (width // 256 + 1))[:width]
        lines = []
        for y in range(height):
            line = bytearray(4 * width)
            line[0::4] = bytes((picture_id % 256,)) * width
            line[1::4] = bytes((y % 256,)) * width
            line[2::4] = across
            line[3::4] = b"\xff" * width
            lines.append(bytes(line))
        pixels = Pixels(b"".join(lines), width, height, 4 * width, PixelFormat.RGB32)
        return Shown(pixels, width, height, self.notes.get(picture_id, ""))


@pytest.fixture
def reading() -> Iterator[Reading]:
    """Decodes what the picture view asks for."""
    made = Reading()
    yield made
    made.gate.set()


@pytest.fixture
def fulls(reading: Reading, background: Background, desk: QWidget) -> FullPictures:
    """An empty cache of whole pictures."""
    return FullPictures(reading, background, desk)


@pytest.fixture
def model(background: Background, make_picture: Callable[..., Picture], desk: QWidget) -> GalleryModel:
    """A gallery without pictures; whatever ids are set, there are such pictures."""
    return GalleryModel(lambda ids: [make_picture(one) for one in ids], background, desk)


@pytest.fixture
def thumbnails(background: Background, desk: QWidget) -> Thumbnails:
    """Small pictures in one grey each, which says whose they are."""

    def grey_of(picture_id: PictureId) -> QColor:
        return QColor(*(3 * (60 + picture_id % 100,)))

    def read(ids: Sequence[PictureId], size_px: int, *, anew: bool = False) -> dict[PictureId, bytes]:
        return {one: flat_jpeg(grey_of(one), size_px, size_px * 3 // 4) for one in ids}

    return Thumbnails(read, background, desk)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    opened = Library.open(tmp_path / "library", "a test")
    yield opened
    opened.close()
