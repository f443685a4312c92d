"""Asks for one name."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from imagine_desktop.domain.act import LONGEST_NAME
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.theme import STEP


class NameDialog(QDialog):
    """A field and a button; `take` is called with what was typed, once that is more than spaces."""

    def __init__(
        self, title: str, name: str, button: str, take: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._take = take
        self._field = QLineEdit(name, self)
        self._field.setAccessibleName("Name")
        self._field.setMaxLength(LONGEST_NAME)
        self._field.selectAll()
        label = PlainLabel("Name", self)
        label.setProperty("kind", "title")
        label.setAccessibleName("Name:")
        label.setBuddy(self._field)
        buttons = QDialogButtonBox(self)
        self._done = buttons.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
        self._done.setDefault(True)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        self._field.textChanged.connect(self._on_typed)
        self._on_typed(name)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(6 * STEP, 5 * STEP, 6 * STEP, 4 * STEP)
        inside.setSpacing(2 * STEP)
        inside.addWidget(label)
        inside.addWidget(self._field)
        inside.addSpacing(2 * STEP)
        inside.addWidget(buttons)
        self.setMinimumWidth(400)

    def _on_typed(self, name: str) -> None:
        self._done.setEnabled(bool(name.strip()))

    def _on_accepted(self) -> None:
        self.accept()
        self._take(self._field.text().strip())
