"""The keys that copy, on a widget that shows pictures and has the focus; text fields keep their own."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from imagine_desktop.domain.record import PictureId

_Modifier = Qt.KeyboardModifier
_PROMPT_MODIFIERS = _Modifier.ControlModifier | _Modifier.ShiftModifier


class CopyKeys(QObject):
    """Ctrl+C and Ctrl+Shift+C; `chosen` are the pictures that they are about.

    Signals:
        copy_requested: a sequence of PictureId.
        copy_prompt_requested: a PictureId.
    """

    copy_requested = Signal(object)
    copy_prompt_requested = Signal(object)

    def __init__(self, widget: QWidget, chosen: Callable[[], Sequence[PictureId]]) -> None:
        super().__init__(widget)
        self._chosen = chosen
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        is_prompt = event.key() == Qt.Key.Key_C and event.modifiers() == _PROMPT_MODIFIERS
        if not (is_prompt or event.matches(QKeySequence.StandardKey.Copy)):
            return False
        ids = self._chosen()
        if ids and is_prompt:
            self.copy_prompt_requested.emit(ids[0])
        elif ids:
            self.copy_requested.emit(ids)
        return bool(ids)
