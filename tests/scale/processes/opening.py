"""The program as a person starts it, on the library named; prints when its first tiles were painted.

That is when every tile in sight shows its picture, in monotonic seconds.
"""

import asyncio
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer

from imagine_desktop import app, diagnostics, paths, settings
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.view import TileView
from imagine_desktop.ui.studio import Studio


class FirstPage(QObject):
    """Waits until the grid has painted a picture on every tile in sight."""

    def __init__(self, grid: TileView, model: GalleryModel, thumbnails: Thumbnails) -> None:
        super().__init__(grid)
        self.painted: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._grid, self._model, self._thumbnails = grid, model, thumbnails
        grid.viewport().installEventFilter(self)
        grid.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._has_all():
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._on_painted)
        return False

    def _has_all(self) -> bool:
        ids = [self._model.id_at(row) for row in self._grid.rows_in_sight()]
        return bool(ids) and all(self._thumbnails.pixmap(picture_id) is not None for picture_id in ids)

    def _on_painted(self) -> None:
        self.painted.set_result(time.monotonic())


async def drive(studio: Studio) -> int:
    """Wait for the first page; the window is closed after it."""
    [model], [thumbnails, *_] = studio.findChildren(GalleryModel), studio.findChildren(Thumbnails)
    print(await FirstPage(studio.window.gallery.grid, model, thumbnails).painted, flush=True)
    return 0


diagnostics.start_log(paths.log())
launch = app.Launch(
    library=Path(sys.argv[1]),
    settings_path=paths.settings(),
    settings=settings.load(paths.settings()),
    profile=settings.SANDBOX,
)
sys.exit(app.start(launch, drive))
