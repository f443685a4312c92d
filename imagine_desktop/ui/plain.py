"""The only maker of labels, tooltips and message boxes: text from outside is never interpreted.

Qt takes any text that looks like HTML for HTML and then loads the files that it names; a prompt or a
server's message is such text.
"""

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox


class PlainLabel(QLabel):
    """A label that shows its text letter by letter."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def tip(text: str) -> str:
    """What shows `text` letter by letter where a tooltip's text is asked for."""
    return f'<qt><p style="white-space:pre-wrap">{html.escape(text)}</p></qt>' if text else ""


def set_tip(target: QWidget | QAction, text: str) -> None:
    """Give a widget or action a tooltip that shows `text` letter by letter."""
    target.setToolTip(tip(text))
    if isinstance(target, QWidget):
        target.setAccessibleDescription(text)  # a screen reader would be given the tooltip's markup


def show_tip(position: QPoint, text: str, target: QWidget) -> None:
    """Show a tooltip for a part of a widget that is only painted, at a position on the screen."""
    QToolTip.showText(position, tip(text), target)


def message_box(parent: QWidget | None, title: str, text: str) -> "QMessageBox":
    """A message box to `open()`, without buttons yet, deleted when it is closed."""
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(text)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
