"""The hand on a picture: pulled away it is dragged, let go where it was pressed it was a click."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from imagine_desktop.domain.record import PictureId

_Type = QEvent.Type


class Grip(QObject):
    """Watches the mouse on a widget that shows pictures; `pictures_at` are those that a position carries.

    A press on several selected pictures, which would leave one selected, reaches the widget only once it is
    known to be a click; with `waits` every press on a picture does, because it acts at once.

    Signals:
        pulled: these pictures (a sequence of PictureId) are dragged from now on.
    """

    pulled = Signal(object)

    def __init__(
        self, widget: QWidget, pictures_at: Callable[[QPoint], Sequence[PictureId]], *, waits: bool = False
    ) -> None:
        super().__init__(widget)
        self._pictures_at = pictures_at
        self._waits = waits
        self._held: Sequence[PictureId] = ()
        self._from = QPoint()
        self._press: QMouseEvent | None = None
        self._is_replaying = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent) or self._is_replaying:
            return False
        if event.type() is _Type.MouseButtonPress:
            return self._on_pressed(event)
        if event.type() is _Type.MouseMove and self._held:
            return self._on_moved(event)
        if event.type() is _Type.MouseButtonRelease:
            self._on_released(watched)
        return False

    def _on_pressed(self, event: QMouseEvent) -> bool:
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        self._press = None
        self._held = ()
        if event.button() is Qt.MouseButton.LeftButton and is_plain:
            self._from = event.position().toPoint()
            self._held = self._pictures_at(self._from)
            if self._held and (self._waits or len(self._held) > 1):
                self._press = event.clone()
        return self._press is not None

    def _on_moved(self, event: QMouseEvent) -> bool:
        distance = (event.position().toPoint() - self._from).manhattanLength()
        if distance >= QApplication.startDragDistance() and event.buttons() & Qt.MouseButton.LeftButton:
            held, self._held, self._press = self._held, (), None
            self.pulled.emit(held)
            return True
        return self._press is not None

    def _on_released(self, watched: QObject) -> None:
        press, self._press, self._held = self._press, None, ()
        if press is not None:
            self._is_replaying = True
            try:
                QApplication.sendEvent(watched, press)
            finally:
                self._is_replaying = False
