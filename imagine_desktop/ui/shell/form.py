"""What the dialogs have in common: rows of a name and its field, quiet notes, the margins around them."""

from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.theme import STEP


class Form(QGridLayout):
    """Rows of a name and what it names; forms of the same `names_px` stand in line with each other."""

    def __init__(self, parent: QWidget | None = None, *, names_px: int = 0) -> None:
        super().__init__(*([parent] if parent is not None else []))
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(4 * STEP)
        self.setVerticalSpacing(2 * STEP)
        self.setColumnMinimumWidth(0, names_px)
        self.setColumnStretch(1, 1)

    def add(self, text: str, buddy: QWidget, row: QHBoxLayout | None = None) -> None:
        """Add a field, or the row that it stands in, under its name."""
        label = PlainLabel(text, buddy.parentWidget())
        label.setAccessibleName(f"{text}:")  # the name alone belongs to the field
        label.setBuddy(buddy)
        line = self.rowCount()
        self.addWidget(label, line, 0)
        if row is None:
            self.addWidget(buddy, line, 1)
        else:
            self.addLayout(row, line, 1)

    def add_below(self, widget: QWidget) -> None:
        """Add something that belongs to the field above it."""
        self.addWidget(widget, self.rowCount(), 1)

    def add_separator(self, parent: QWidget) -> None:
        """Add a thin line across."""
        line = QFrame(parent)
        line.setProperty("kind", "line")
        self.addWidget(line, self.rowCount(), 0, 1, 2)


def note(parent: QWidget, text: str = "") -> PlainLabel:
    """A quiet line that wraps."""
    made = PlainLabel(text, parent)
    made.setProperty("kind", "quiet")
    made.setWordWrap(True)
    return made


def whole(dialog: QDialog) -> QVBoxLayout:
    """The layout of a whole dialog."""
    made = QVBoxLayout(dialog)
    made.setContentsMargins(6 * STEP, 6 * STEP, 6 * STEP, 4 * STEP)
    made.setSpacing(4 * STEP)
    return made
