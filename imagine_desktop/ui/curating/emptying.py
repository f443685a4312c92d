"""Emptying the trash: asked first, done in a thread of its own, stopped when told."""

import math
import threading
import time

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from imagine_desktop.errors import ImagineError
from imagine_desktop.library.emptying import Emptied
from imagine_desktop.library.library import Library
from imagine_desktop.ui import plain
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.faces import byte_size
from imagine_desktop.ui.shell.notices import Notice, NoticeKind, Notices

_TELL_EVERY_S = 0.1


class Emptying(QObject):
    """Removes what is in the trash for good.

    Signals:
        emptied: it is done, or as much of it as was done before it was stopped.
        _progressed: done and of; crosses from the thread to the window's.
    """

    emptied = Signal()
    _progressed = Signal(int, int)

    def __init__(self, library: Library, background: Background, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._reading = background
        self._working = Background(self)
        self._notices = notices
        self._window = window
        self._stop = threading.Event()
        self._box: QMessageBox | None = None
        self._notice: Notice | None = None
        self._progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)

    def ask(self) -> None:
        """Say how much there is, and let the person decide."""
        if self._box is None and self._notice is None:
            self._reading.run(self._library.records.trash_size, lambda size: self._ask(*size), self._on_failed)

    def close(self) -> None:
        """Stop what is under way and wait for it."""
        self._stop.set()
        self._working.close()

    def _ask(self, count: int, byte_count: int) -> None:
        if not count:
            self._notices.show("The trash is empty.")
            return
        what = "the 1 picture" if count == 1 else f"all {count:,} pictures"
        box = self._box = plain.message_box(
            self._window,
            "Empty trash",
            f"Delete {what} in the trash for good, and free {byte_size(byte_count)}?\n\n"
            "What they cost and how other pictures came from them stays in the history.",
        )
        box.setWindowModality(Qt.WindowModality.NonModal)
        delete = box.addButton("Delete for good", QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton("Keep", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        delete.clicked.connect(self._start)
        box.finished.connect(self._on_answered)
        box.show()

    def _on_answered(self) -> None:
        self._box = None

    def _start(self) -> None:
        self._stop.clear()
        self._notice = self._notices.show(
            "Emptying the trash…", action_text="Stop", action=self._stop.set, timeout_s=math.inf
        )
        told_s = 0.0

        def progress(done: int, of: int) -> None:
            nonlocal told_s
            if time.monotonic() - told_s > _TELL_EVERY_S:
                told_s = time.monotonic()
                self._progressed.emit(done, of)

        self._working.run(
            lambda: self._library.curation.empty_trash(progress, self._stop.is_set),
            self._on_emptied,
            self._on_failed,
        )

    def _on_progressed(self, done: int, of: int) -> None:
        if self._notice is not None:
            self._notice.set_text(f"Emptying the trash: {done:,} of {of:,}.")

    def _on_emptied(self, emptied: Emptied) -> None:
        self._end()
        what = "1 picture was" if emptied.count == 1 else f"{emptied.count:,} pictures were"
        stopped = "Stopped. " if self._stop.is_set() else ""
        self._notices.show(
            f"{stopped}{what} deleted for good, {byte_size(emptied.byte_count)} freed.", NoticeKind.SUCCESS
        )

    def _on_failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, ImagineError):
            raise error
        self._notices.show_error(error)

    def _end(self) -> None:
        if self._notice is not None:
            self._notice.close()
            self._notice = None
            self.emptied.emit()
