"""Fast through pictures whose thumbnails were never read, then a stop, then the same tiles decoded alone.

Arguments: a library, its rows, rounds. Prints JSON: for each round, the waits of an idle window and of the one
that scrolls, the milliseconds from the stop to the whole page, and those of decoding that page's tiles alone.
"""

import gc
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.sight import Found
from imagine_desktop.ui.gallery.tiles import box_px
from imagine_desktop.ui.images import thumbnail_of
from tests.scale.processes.wall import Wall, application, turn
from tests.scale.processes.watching import Watch

_EVERY_MS = 16  # a frame
_PAGE_PART = 3  # a page in three frames: 20 pages a second
_STOPS_BEFORE_END = 2
_LARGE_PX = 512


class Rush(QObject):
    """Scrolls on at every frame, to the page before the last ones."""

    def __init__(self, wall: Wall) -> None:
        super().__init__(wall.window)
        self._bar = wall.view.verticalScrollBar()
        self._end = self._bar.maximum() - _STOPS_BEFORE_END * self._bar.pageStep()
        self._loop = QEventLoop()
        self._frame = QTimer(self, interval=_EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._frame.timeout.connect(self._on_frame)

    def run(self) -> None:
        """Return when the end is reached."""
        self._frame.start()
        self._loop.exec()

    def _on_frame(self) -> None:
        if self._bar.value() >= self._end:
            self._frame.stop()
            self._loop.quit()
        else:
            self._bar.setValue(self._bar.value() + self._bar.pageStep() // _PAGE_PART)


def one_round(wall: Wall, watch: Watch) -> dict[str, object]:
    """Everything cold but the disk's cache; first an idle time as long as the last rush was, or a second."""
    found = wall.find()
    wall.show(Found())
    wall.thumbnails.forget(PictureId(one) for one in found.ids)
    wall.show(found)
    wall.settle()
    gc.collect()
    watch.restart()
    _wait(1.0)
    idle = watch.restart()
    Rush(wall).run()
    began_s = time.perf_counter()
    while wall.view.lacks_pictures():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    wall.view.viewport().repaint()
    complete_ms = (time.perf_counter() - began_s) * 1000
    work = watch.restart()
    wall.settle()
    return {
        "rush": {"idle": asdict(idle), "work": asdict(work)},
        "complete_ms": complete_ms,
        "decode_ms": _decode_ms(wall),
    }


def _decode_ms(wall: Wall) -> float:
    """The tiles in sight, one after another, from bytes that are in memory."""
    side = box_px(wall.view.grid.side, wall.view.devicePixelRatioF())
    ids = [wall.model.id_at(row) for row in wall.view.rows_in_sight()]
    jpegs = wall.reader.thumbnails(ids, side if side <= _LARGE_PX else _LARGE_PX).values()
    began_s = time.perf_counter()
    for jpeg in jpegs:
        thumbnail_of(jpeg, side)
    return (time.perf_counter() - began_s) * 1000


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def main(folder: str, rows: str, rounds: str) -> None:
    """One round after another."""
    wall = Wall(application(), Path(folder), int(rows))
    watch = Watch(wall.window)
    turn()
    print(json.dumps([one_round(wall, watch) for _ in range(int(rounds))]))
    watch.stop()
    wall.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
