"""The program as a person starts it, on the library named; prints two times in monotonic seconds,
each with the processor time until then.

The first is when every tile in sight was painted with its picture, the second when the window was complete:
prompt panel, history with its turns, and an engine that takes requests.
"""

import gc
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

gc.disable()  # as the program's entrance does

from PySide6.QtCore import QEvent, QObject, QTimer  # noqa: E402

from imagine_desktop import app  # noqa: E402
from imagine_desktop.ui.opening import Opening  # noqa: E402

if TYPE_CHECKING:
    from imagine_desktop.library.library import Library
    from imagine_desktop.settings import Settings
    from imagine_desktop.ui.studio import Studio


class FirstPage(QObject):
    """Waits until the grid has painted a picture on every tile in sight."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self._opening = opening
        opening.window.gallery.grid.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._has_all():
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._on_painted)
        return False

    def _has_all(self) -> bool:
        opened = self._opening
        ids = [opened.model.id_at(row) for row in opened.window.gallery.grid.rows_in_sight()]
        return bool(ids) and all(opened.thumbnails.pixmap(picture_id) is not None for picture_id in ids)

    def _on_painted(self) -> None:
        print(time.monotonic(), time.process_time(), flush=True)


class WatchedOpening(Opening):
    """Says when its pictures are on the screen."""

    def __init__(self, library: "Library", settings: "Settings") -> None:
        super().__init__(library, settings)
        FirstPage(self)


async def drive(studio: "Studio") -> int:
    """Wait until the history shows the turns of the session; the window is closed after it."""
    import asyncio

    from imagine_desktop.ui.history.model import HistoryModel

    [history] = studio.window.findChildren(HistoryModel)
    async with asyncio.timeout(30):
        while not (history.has_turns and history.rowCount()):
            await asyncio.sleep(0.002)
    studio.window.history.repaint()
    print(time.monotonic(), time.process_time(), flush=True)
    return 0


vars(app).update(Opening=WatchedOpening, start=partial(app.start, drive=drive))
sys.exit(app.run(["--library", sys.argv[1]]))
