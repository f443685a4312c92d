"""Where the person writes a few words about a picture; nothing that was typed is ever dropped."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.theme import STEP

_REST_MS = 1000
_HEIGHT = 64


class _Editor(QPlainTextEdit):
    """Says when it was left; Escape leaves it.

    Signals:
        left: the keyboard went elsewhere.
    """

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
        else:
            super().keyPressEvent(event)


class NoteField(QWidget):
    """The note of one picture. What was typed is told when typing rests, the field is left, or the picture.

    Signals:
        changed: a PictureId, and the new text.
        left: Escape was pressed, or the keyboard went elsewhere.
    """

    changed = Signal(object, str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture_id: PictureId | None = None
        self._told = ""
        self._editor = _Editor(self)
        self._editor.setAccessibleName("Note")
        self._editor.setPlaceholderText("Your own words; the search finds them")
        self._editor.setFixedHeight(_HEIGHT)
        self._editor.setTabChangesFocus(True)
        label = PlainLabel("Note", self)
        label.setProperty("kind", "title")
        label.setBuddy(self._editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 2 * STEP, 0)
        column.setSpacing(STEP)
        column.addWidget(label)
        column.addWidget(self._editor)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.tell)
        self._editor.textChanged.connect(self._rest.start)
        self._editor.left.connect(self.tell)
        self._editor.left.connect(self.left)

    def show_note(self, picture_id: PictureId | None, text: str | None) -> None:
        """Show a picture's note, None where it is not known yet; what is being typed about it stays."""
        if picture_id != self._picture_id:
            self.tell()
            self._picture_id, self._told = picture_id, ""
            self._put("")
        if text is not None and self._editor.toPlainText() == self._told:
            self._told = text
            self._put(text)
        self._editor.setEnabled(picture_id is not None)

    def tell(self) -> None:
        """Tell of what was typed and not told yet."""
        self._rest.stop()
        text = self._editor.toPlainText()
        if self._picture_id is not None and text != self._told:
            self._told = text
            self.changed.emit(self._picture_id, text)

    def _put(self, text: str) -> None:
        if text != self._editor.toPlainText():
            with QSignalBlocker(self._editor):
                self._editor.setPlainText(text)
