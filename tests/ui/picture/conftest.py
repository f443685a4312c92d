"""Pictures to look at, and a plain function that decodes them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QWidget

from imagine_desktop.domain.pixels import PixelFormat, Pixels
from imagine_desktop.domain.record import Picture, PictureId, PictureState, SessionId, TurnId
from imagine_desktop.errors import LibraryError
from imagine_desktop.ui.background import Background

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


@pytest.fixture
def read_full() -> Callable[[PictureId], Pixels]:
    """Decodes a picture whose pixels say where they are: red is x, green y, modulo 256; blue is the id."""

    def read(picture_id: PictureId) -> Pixels:
        if picture_id == UNREADABLE:
            raise LibraryError("The picture's file cannot be read.", "Look for it in the library's folder.")
        width, height = SIZE
        lines = []
        for y in range(height):
            line = bytearray(4 * width)
            line[0::4] = bytes((picture_id % 256,)) * width
            line[1::4] = bytes((y % 256,)) * width
            line[2::4] = bytes(x % 256 for x in range(256)) * (width // 256) + bytes(range(width % 256))
            line[3::4] = b"\xff" * width
            lines.append(bytes(line))
        return Pixels(b"".join(lines), width, height, 4 * width, PixelFormat.RGB32)

    return read
