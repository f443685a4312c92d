"""What stands where pictures will be: a title, a sentence, and one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.theme import STEP

_READING_WIDTH = 420


class EmptyState(QWidget):
    """Says what to do next.

    Signals:
        pressed: the button was pressed.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading, self._sentence = heading, sentence = PlainLabel(), PlainLabel()
        self._button = button = QPushButton()
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        large = heading.font()
        large.setPixelSize(heading.fontInfo().pixelSize() + STEP)
        heading.setFont(large)
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sentence.setProperty("kind", "quiet")
        sentence.setWordWrap(True)
        sentence.setMaximumWidth(_READING_WIDTH)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(sentence, _READING_WIDTH)
        middle.addStretch(1)
        button.clicked.connect(self._on_button_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6 * STEP, 6 * STEP, 6 * STEP, 6 * STEP)
        layout.setSpacing(2 * STEP)
        layout.addStretch()
        layout.addWidget(heading)
        layout.addLayout(middle)
        layout.addSpacing(2 * STEP)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def say(self, title: str, text: str, button_text: str) -> None:
        """Say this, and offer that."""
        self._heading.setText(title)
        self._sentence.setText(text)
        self._button.setText(button_text)

    def _on_button_clicked(self) -> None:
        self.pressed.emit()
