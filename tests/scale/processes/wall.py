"""The gallery's grid alone in a window, over a library's rows, and a blank view beside which it is timed."""

import gc
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, cast

from PySide6.QtCore import QEventLoop, QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QMainWindow

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.sight import Found, Headers, Scope, ScopeKind, Sight
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.view import TileView
from imagine_desktop.ui.shell import theme
from tests.scale.processes.sharing import SharingReader

_T = TypeVar("_T")
SIZE = (1440, 900)
_MOST_MS = 1000
_LOOK_S = 0.001
_OFFSCREEN_LACKS = "This plugin does not support"


def application() -> QApplication:
    """Qt as the program starts it; garbage is collected when a process says so, and not in between."""
    gc.disable()
    qInstallMessageHandler(_tell)
    made = QApplication(["benchmark", "-style", "fusion"])
    theme.apply(made, "light")
    return made


def _tell(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if not message.startswith(_OFFSCREEN_LACKS):
        print(message, file=sys.stderr)


def turn() -> None:
    """Let Qt do all that is due: timers, paints, results of threads."""
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _MOST_MS)


def ms_of(act: Callable[[], object]) -> float:
    """How long an act and the paints that follow keep the window's thread."""
    began_s = time.perf_counter()
    act()
    turn()
    return (time.perf_counter() - began_s) * 1000


class CountedBackground(Background):
    """Knows whether its threads are at work."""

    def __init__(self, parent: QApplication) -> None:
        super().__init__(parent)
        self._under_way: list[Future[Any]] = []

    @property
    def is_busy(self) -> bool:
        """Whether something was asked for whose result is still to come."""
        return not all(future.done() for future in self._under_way)

    def run(
        self,
        work: Callable[[], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> "Future[_T]":
        future = super().run(work, done, failed)
        self._under_way = [*(one for one in self._under_way if not one.done()), future]
        return future


class Wall:
    """A grid in a window of the usual size, on a library that is opened for reading."""

    def __init__(self, application: QApplication, folder: Path, rows: int) -> None:
        self.library = Library.open_reading(folder)
        self.background = CountedBackground(application)
        self.reader = SharingReader(self.library, rows)
        self.model = GalleryModel(self.library.records.pictures, self.background, application)
        self.thumbnails = Thumbnails(self.reader.thumbnails, self.background, application)
        self.view = TileView(self.model, self.thumbnails)
        self.window = QMainWindow()
        self.window.setCentralWidget(self.view)
        self.window.resize(*SIZE)
        self.window.show()
        self.settle()

    def find(self, headers: Headers = Headers.NONE) -> Found:
        """All pictures of the library, the newest first."""
        return self.library.records.found(Sight(Scope(ScopeKind.ALL)), headers)

    def show(self, found: Found) -> None:
        """Put these into the grid."""
        self.model.set_ids(cast(Iterable[PictureId], found.ids), sections=found.sections)

    def settle(self) -> None:
        """Wait until nothing is asked for any more, and all is painted."""
        turn()
        while self.background.is_busy:
            time.sleep(_LOOK_S)
            turn()
        turn()

    def scroll_to(self, page: float) -> None:
        """Go to a page, counted from the top."""
        bar = self.view.verticalScrollBar()
        bar.setValue(round(page * bar.pageStep()))

    def close(self) -> None:
        """End the threads and let go of the library."""
        self.background.close()
        self.library.close()
        self.window.close()


class BlankView(QAbstractScrollArea):
    """Scrolls by the pixel and paints nothing but its ground: what no view can do without."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self.viewport()).fillRect(event.rect(), self.palette().base())

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
