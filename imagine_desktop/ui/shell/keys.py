"""The list of keys."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell import actions
from imagine_desktop.ui.shell.theme import STEP, Colours


class KeyCap(PlainLabel):
    """A key, drawn like one."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setContentsMargins(2 * STEP, 2, 2 * STEP, 3)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), STEP, STEP)
        painter.end()
        super().paintEvent(event)


class KeysDialog(QDialog):
    """Every key of a table, grouped by where it works."""

    def __init__(self, table: Sequence[actions.Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAccessibleName("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        content = QWidget(self)
        content.setObjectName("content")
        columns = QHBoxLayout(content)
        columns.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        columns.setSpacing(10 * STEP)
        window_keys = QVBoxLayout()
        other_keys = QVBoxLayout()
        for scope in actions.Scope:
            entries = [entry for entry in table if entry.scope is scope]
            if entries:
                column = window_keys if scope is actions.Scope.WINDOW else other_keys
                column.addLayout(_group(scope, entries, content))
                column.addSpacing(4 * STEP)
        for column in (window_keys, other_keys):
            column.addStretch(1)
            columns.addLayout(column, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setFrameShape(QFrame.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(area, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(6 * STEP, 2 * STEP, 6 * STEP, 4 * STEP)
        foot.addWidget(buttons)
        inside.addLayout(foot)
        self.resize(content.sizeHint().width() + 6 * STEP, min(640, content.sizeHint().height() + 16 * STEP))


def _group(scope: actions.Scope, entries: Sequence[actions.Entry], parent: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setVerticalSpacing(STEP)
    grid.setHorizontalSpacing(6 * STEP)
    grid.setColumnStretch(0, 1)
    title = PlainLabel(scope.value, parent)
    title.setProperty("kind", "title")
    grid.addWidget(title, 0, 0, 1, 2)
    for line, entry in enumerate(entries, start=1):
        grid.addWidget(PlainLabel(entry.text.removesuffix("…"), parent), line, 0)
        caps = QHBoxLayout()
        caps.setSpacing(STEP)
        caps.addStretch()
        for key in entry.keys:
            caps.addWidget(KeyCap(actions.key_text(key), parent))
        grid.addLayout(caps, line, 1)
    return grid
