"""Work that must not hold up the window: runs a function in a thread, hands its result back to the window."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Background(QObject):
    """Two threads for reading rows and decoding pixels.

    Signals:
        _finished: a function is done; crosses from its thread to the window's.
    """

    _finished = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_closed = False
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="background")
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> "Future[_T]":
        """Run `work` in a thread, then `done` with its result in the window's thread.

        Without `failed`, an exception of `work` goes to the program's exception hook. The future can be
        cancelled as long as the work has not begun; neither function is called then. After `close` it
        comes back cancelled: a timer of a widget on its way out may still ask.
        """
        if self._is_closed:
            dropped: Future[_T] = Future()
            dropped.cancel()
            return dropped
        future = self._pool.submit(work)

        def deliver() -> None:
            if future.cancelled():
                return
            error = future.exception()
            if error is None:
                done(future.result())
            elif failed is not None and isinstance(error, Exception):
                failed(error)
            else:
                raise error

        future.add_done_callback(lambda _: self._finished.emit(deliver))
        return future

    def close(self) -> None:
        """Drop what has not begun and wait for what has."""
        self._is_closed = True
        self._finished.disconnect()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _on_finished(self, deliver: Callable[[], None]) -> None:
        deliver()
