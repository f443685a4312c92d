"""How long the window's thread lets a timer and posted events wait."""

import threading
import time
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

BEAT_MS = 5
_POSTED = QEvent.Type(QEvent.registerEventType())


@dataclass(slots=True)
class Waits:
    """Between two beats of a timer, and between the posting of an event and its delivery; milliseconds."""

    beats: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)


class Posted(QEvent):
    """An event that knows when it was posted."""

    def __init__(self) -> None:
        super().__init__(_POSTED)
        self.posted_s = time.perf_counter()


class Watch(QObject):
    """Beats in the window's thread, and takes events that another thread posts, as the window system does."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.waits = Waits()
        self._last_s = time.perf_counter()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._post, name="events")
        beat = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        beat.timeout.connect(self._on_beat)
        beat.start()
        self._thread.start()

    def restart(self) -> Waits:
        """What was seen so far; begin anew."""
        seen, self.waits = self.waits, Waits()
        return seen

    def stop(self) -> None:
        """End the posting thread."""
        self._ended.set()
        self._thread.join()

    def customEvent(self, event: QEvent) -> None:
        if isinstance(event, Posted):
            self.waits.events.append((time.perf_counter() - event.posted_s) * 1000)

    def _on_beat(self) -> None:
        now_s = time.perf_counter()
        self.waits.beats.append((now_s - self._last_s) * 1000)
        self._last_s = now_s

    def _post(self) -> None:
        while not self._ended.wait(BEAT_MS / 1000):
            QCoreApplication.postEvent(self, Posted())
