"""Choosing a profile in the settings, and naming one of the person's own."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.settings import SANDBOX, Profile
from imagine_desktop.ui.compose.choice import ChoiceButton, Item, Popup, ink
from imagine_desktop.ui.shell.form import Form, note, whole
from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, STEP, Colours

_WARNING = (
    "The key that you enter for it, your prompts and your sources go to this address. "
    "It is https, or http on this computer."
)


def place(profile: Profile) -> str:
    """Where a profile's requests go, in words."""
    if profile.is_sandbox:
        return "Drawn on this computer; nothing is charged."
    return f"Key, prompts and sources go to {profile.base_url}"


class ProfilePicker(ChoiceButton):
    """The control `Profile`: the program's profiles and the person's own."""

    def __init__(self, parent: QWidget) -> None:
        self._profiles: dict[str, Profile] = {SANDBOX.name: SANDBOX}
        super().__init__("Profile", self._profiles, parent)

    def offer(self, profiles: Sequence[Profile]) -> None:
        """Show these to choose from."""
        if list(self._profiles.values()) != list(profiles):
            self._profiles = {profile.name: profile for profile in profiles}
            self.set_options(self._profiles)

    def make_popup(self) -> Popup:
        """The profiles with their addresses."""
        popup = Popup(self)
        column = QVBoxLayout(popup)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        for profile in self._profiles.values():
            row = _Row(profile, popup)
            column.addWidget(row)
            popup.add(row)
        return popup

    def paint_value(self, painter: QPainter, box: QRectF, colours: Colours) -> None:
        """Draw what the person calls it."""
        chosen = self._profiles.get(self.value)
        self.paint_text(painter, box, colours, chosen.shown if chosen else self.value)


class _Row(Item):
    """One profile in the popup: what it is called, and where it is."""

    def __init__(self, profile: Profile, parent: QWidget) -> None:
        super().__init__(profile.name, parent)
        self._profile = profile
        self.setAccessibleName(profile.shown)
        self.setAccessibleDescription(place(profile))

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(312, CONTROL_HEIGHT + 4 * STEP)

    def paint_content(self, painter: QPainter, colours: Colours) -> None:
        """Draw the name, and the address under it."""
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        upper = QRectF(10, 5, self.width() - 20, 20)
        painter.setPen(ink(self, colours))
        painter.drawText(upper, left, self._profile.shown)
        painter.setPen(colours.quiet)
        address = self._profile.base_url or "On this computer"
        cut = painter.fontMetrics().elidedText(address, Qt.TextElideMode.ElideMiddle, int(upper.width()))
        painter.drawText(upper.translated(0, 19), left, cut)


class ProfileEditor(QDialog):
    """Asks for a profile's name and, for a new one, its address; `submit` returns what is wrong, or nothing."""

    def __init__(self, profile: Profile | None, submit: Callable[[str, str], str], parent: QWidget) -> None:
        super().__init__(parent)
        title = "Add profile" if profile is None else "Rename profile"
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._submit = submit
        self._name = QLineEdit(profile.shown if profile else "", self)
        self._address = QLineEdit((profile.base_url or "") if profile else "", self)
        self._address.setPlaceholderText("https://api.example.com/v1")
        self._address.setReadOnly(profile is not None)  # a key belongs to the address that it was given for
        self._message = note(self, "" if profile else _WARNING)
        self._message.setVisible(profile is None)
        form = Form()
        for text, field in (("Name", self._name), ("Address", self._address)):
            field.setAccessibleName(text)
            form.add(text, field)
        form.add_below(self._message)
        buttons = QDialogButtonBox(self)
        done = buttons.addButton("Add" if profile is None else "Rename", QDialogButtonBox.ButtonRole.AcceptRole)
        done.setDefault(True)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        inside = whole(self)
        inside.addLayout(form)
        inside.addStretch()
        inside.addWidget(buttons)
        self.setMinimumWidth(480)
        self._name.selectAll()

    def _on_accepted(self) -> None:
        wrong = self._submit(self._name.text(), self._address.text())
        if wrong:
            self._message.setText(wrong)
            self._message.show()
        else:
            self.accept()
