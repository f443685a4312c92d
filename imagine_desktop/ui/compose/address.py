"""The field for a source's address."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from imagine_desktop.domain.request import address_problem
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.theme import STEP


class AddressRow(QWidget):
    """Asks for an address, and says what is wrong with it.

    Signals:
        entered: an address that may be used.
    """

    entered = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._field = QLineEdit(self)
        self._field.setAccessibleName("Address")
        self._field.setPlaceholderText("https://…")
        self._message = PlainLabel("", self)
        self._message.setProperty("kind", "failed")
        self._message.setWordWrap(True)
        self._field.returnPressed.connect(self._accept)
        self._field.textEdited.connect(self._message.hide)
        use = QPushButton("Use", self)
        use.setAccessibleName("Use address")
        use.clicked.connect(self._accept)
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        row.addWidget(self._field, 1)
        row.addWidget(use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, STEP, 0, 0)
        column.addLayout(row)
        column.addWidget(self._message)
        self.hide()

    def ask(self, address: str = "") -> None:
        """Show with this address in the field, and what is wrong with it."""
        self._field.setText(address)
        self._message.hide()
        self.show()
        self._field.setFocus()
        if address:
            self._accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes without."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _accept(self) -> None:
        address = self._field.text().strip()
        problem = address_problem(address) if address else "Type an address first"
        if problem is None:
            self.hide()
            self.entered.emit(address)
        else:
            self._message.setText(problem)
            self._message.show()
