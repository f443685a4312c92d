"""The field in which the prompt is written."""

import math

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from imagine_desktop.ui.carrying.offer import offer_of
from imagine_desktop.ui.shell.theme import BASE_PX, STEP

LONGEST_PASTE = 20_000  # characters; a whole file pasted by mistake must not stop the window
_LINES = (5, 12)


class PromptField(QPlainTextEdit):
    """Plain text that grows with what is written, up to a point.

    Signals:
        send_requested: Ctrl+Enter was pressed.
        pictures_given: pictures, or what names them (`QMimeData`), were pasted here.
        cut_short: a paste was longer than is taken.
    """

    send_requested = Signal()
    pictures_given = Signal(QMimeData)
    cut_short = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Prompt")
        self.setPlaceholderText("Describe the picture, or the change to make")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setPixelSize(BASE_PX + 1)  # reading size
        self.setFont(font)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter sends, once however long it is held."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if is_enter and modifiers == Qt.KeyboardModifier.ControlModifier:
            if not event.isAutoRepeat():
                self.send_requested.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take text; for pictures the window shows where they can be dropped."""
        if offer_of(event.mimeData()).has_pictures:
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text goes into the prompt, pictures to the sources."""
        return bool(offer_of(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take text up to a length; hand pictures on."""
        offer = offer_of(source)
        if offer.picture_ids or offer.files or (offer.has_pictures and not source.hasFormat("text/plain")):
            self.pictures_given.emit(source)
        elif source.hasText():
            self.write(source.text())

    def write(self, text: str) -> None:
        """Put a text where the cursor stands, as far as there is room."""
        cursor = self.textCursor()
        selected = cursor.selectionEnd() - cursor.selectionStart()
        room = max(0, LONGEST_PASTE - self.document().characterCount() + 1 + selected)
        cursor.insertText(text[:room])
        self.ensureCursorVisible()
        if len(text) > room:
            self.cut_short.emit()

    def minimumSizeHint(self) -> QSize:
        """Its height is set by what is written; its width is the panel's."""
        return QSize(100, super().minimumSizeHint().height())

    def _grow(self) -> None:
        lines = min(max(int(self.document().size().height()), _LINES[0]), _LINES[1])
        frame = 2 * (self.frameWidth() + int(self.document().documentMargin())) + STEP
        line_px = math.ceil(QFontMetricsF(self.font()).lineSpacing())
        self.setFixedHeight(lines * line_px + frame)
