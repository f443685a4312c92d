"""Pictures opened from the gallery: until something of them is painted, and until they are painted themselves.

Arguments: a folder of JPEGs, where a library may be made, rounds. Prints JSON: for each round, the milliseconds
to the first pixels and to the full picture of each, those of Pillow's decode of the same files, and those of as
many turns of the idle loop.
"""

import asyncio
import io
import json
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEvent, QObject, QTimer

from imagine_desktop.domain.record import PictureId
from imagine_desktop.engine import importing
from imagine_desktop.library.library import Library
from imagine_desktop.ui.picture.canvas import Canvas
from imagine_desktop.ui.picture.full import FullPictures
from imagine_desktop.ui.studio import Studio
from tests.scale.processes import program

FILES = sorted(Path(sys.argv[1]).iterdir())
_REST_S = 0.5


class Painted(QObject):
    """When the canvas was painted: the first time, and the first time with the picture itself."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._full = asyncio.Event()
        self.first_s: float | None = None
        self.full_s = 0.0
        canvas.installEventFilter(self)

    def restart(self) -> None:
        """Another picture is opened."""
        self.first_s = None
        self._full.clear()

    async def complete(self) -> None:
        """Wait for the picture itself."""
        async with asyncio.timeout(30):
            await self._full.wait()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(0, self, partial(self._on_painted, self._canvas.is_sharp))
        return False

    def _on_painted(self, is_sharp: bool) -> None:
        now_s = time.perf_counter()
        self.first_s = self.first_s or now_s
        if is_sharp and not self._full.is_set():
            self.full_s = now_s
            self._full.set()


async def rest(studio: Studio) -> None:
    """Back to the gallery, until the neighbours that were being decoded ahead are done."""
    studio.window.show_view("gallery")
    await asyncio.sleep(_REST_S)


async def open_one(studio: Studio, painted: Painted, picture_id: PictureId) -> tuple[float, float]:
    """From the gallery, undecoded; milliseconds to the first pixels and to the full picture."""
    await rest(studio)
    for fulls in studio.findChildren(FullPictures):
        fulls.forget(picture_id)
    painted.restart()
    began_s = time.perf_counter()
    studio.window.gallery.grid.opened.emit(picture_id)
    await painted.complete()
    assert painted.first_s is not None
    return (painted.first_s - began_s) * 1000, (painted.full_s - began_s) * 1000


def decode_ms(path: Path) -> float:
    """Pillow's decode of a file, which is read as well."""
    began_s = time.perf_counter()
    Image.open(io.BytesIO(path.read_bytes())).load()
    return (time.perf_counter() - began_s) * 1000


async def idle_ms() -> float:
    """How late an idle loop is: what is due at once comes so much later."""
    began_s = time.perf_counter()
    await asyncio.sleep(0)
    return (time.perf_counter() - began_s) * 1000


async def drive(studio: Studio) -> int:
    """Round after round; the first opening of all is told apart."""
    grid, model, _ = program.gallery_of(studio)
    await program.until(lambda: model.rowCount() > 0 and not grid.lacks_pictures())
    ids = [model.id_at(row) for row in range(len(FILES))]
    painted = Painted(studio.window.viewer.canvas)
    found = []
    for _ in range(1 + int(sys.argv[3])):
        opened = [await open_one(studio, painted, one) for one in ids]
        await rest(studio)
        found.append(
            {
                "first": [first for first, _ in opened],
                "full": [full for _, full in opened],
                "decode": [await asyncio.to_thread(decode_ms, path) for path in FILES],
                "idle": [await idle_ms() for _ in ids],
            }
        )
    print(json.dumps(found), flush=True)
    return 0


with closing(Library.open(Path(sys.argv[2]), "benchmark")) as made:
    importing.run(made, [Path(sys.argv[1])])
program.start(Path(sys.argv[2]), drive)
