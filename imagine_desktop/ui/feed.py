"""The engine's events as a signal, delivered from the window's event loop."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from imagine_desktop.domain.job import Event


class EngineFeed(QObject):
    """Hops through a queued signal, so that no slot of the window runs inside a step of the engine.

    Signals:
        received: one event of the engine, in the order in which it published them.
    """

    received = Signal(object)
    _published = Signal(object)

    def __init__(self, subscribe: Callable[[Callable[[Event], None]], object], parent: QObject) -> None:
        super().__init__(parent)
        self._published.connect(self.received, Qt.ConnectionType.QueuedConnection)
        subscribe(self._published.emit)
