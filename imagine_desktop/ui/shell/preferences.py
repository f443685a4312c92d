"""The settings dialog; it works on plain values and stores nothing itself."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.settings import MOST_USD
from imagine_desktop.ui import plain
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.theme import STEP

PROFILES = {"xai": "xAI", "sandbox": "Sandbox"}
DELIVERIES = {Delivery.URL.value: "Addresses to fetch", Delivery.BASE64.value: "Inside the answer"}
APPEARANCES = {"system": "Like the system", "light": "Light", "dark": "Dark"}
MOST_JOBS_AT_ONCE = 10
_DEFERRED_HELP = (
    "The API answers at once with an id, and the pictures are fetched under it: an answer lost on the way is "
    "found again. Off, because it is unproven on the live API."
)
_STORED_HELP = (
    "Each picture is also stored in xAI's Files, where it is found when an answer is lost or an address has "
    "expired. Off, because it is unproven on the live API and the copies lie at xAI for up to a day; those of "
    "saved pictures are deleted."
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the dialog shows and changes.

    `profile` is xai or sandbox. `key_place` says where a key is or would be kept, as the person knows
    it. `delivery` is a value of `domain.request.Delivery`, `appearance` one of system, light, dark.
    Limits are US dollars, 0 for none.
    `deferred_requests` and `stored_copies` are xAI's: the sandbox has both always.
    """

    profile: str
    has_key: bool
    key_place: str
    jobs_at_once: int
    delivery: str
    deferred_requests: bool
    stored_copies: bool
    appearance: str
    library: Path
    warn_day_usd: float
    limit_day_usd: float
    limit_month_usd: float


class PreferencesDialog(QDialog):
    """Settings take effect as they are changed; there is nothing to confirm.

    Signals:
        changed: the preferences as they now are.
        key_entered: a key to test and keep.
        key_forgotten: the stored key is to be deleted.
        folder_requested: the library's folder is to be shown.
    """

    changed = Signal(object)
    key_entered = Signal(str)
    key_forgotten = Signal()
    folder_requested = Signal()

    def __init__(self, values: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAccessibleName("Settings")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._values = values
        # Made in the order in which the Tab key comes to them.
        self._profile = _Choice("Profile", PROFILES, self)
        self._build_key()
        self._jobs = QSpinBox(self)
        self._jobs.setRange(1, MOST_JOBS_AT_ONCE)
        self._jobs.setAccessibleName("Jobs at once")
        self._jobs.setFixedWidth(96)
        self._jobs.lineEdit().setTextMargins(2 * STEP, 0, 0, 0)  # a style sheet's padding is not used here
        self._delivery = _Choice("Delivery", DELIVERIES, self)
        self._deferred = QCheckBox("Ask for an id first", self)
        plain.set_tip(self._deferred, _DEFERRED_HELP)
        self._stored = QCheckBox("Keep copies at xAI for a day", self)
        plain.set_tip(self._stored, _STORED_HELP)
        self._warn_day = _Amount("Daily warning", "Say so when a day's spending passes this", self)
        self._limit_day = _Amount("Daily limit", "Send nothing that would exceed this on a day", self)
        self._limit_month = _Amount("Monthly limit", "Send nothing that would exceed this in a month", self)
        self._appearance = _Choice("Appearance", APPEARANCES, self)
        self._library = QLineEdit(self)
        self._library.setReadOnly(True)
        self._library.setAccessibleName("Library folder")
        self._folder = QPushButton("Show in folder", self)
        self._build()
        self.set_values(values)
        self._profile.setFocus()
        self._connect()

    def set_values(self, values: Preferences) -> None:
        """Show these values, without reporting them as changed."""
        self._values = values
        self._profile.choose(values.profile)
        self._delivery.choose(values.delivery)
        self._appearance.choose(values.appearance)
        self._deferred.setChecked(values.deferred_requests)
        self._stored.setChecked(values.stored_copies)
        self._jobs.blockSignals(True)
        self._jobs.setValue(values.jobs_at_once)
        self._jobs.blockSignals(False)
        self._warn_day.show_amount(values.warn_day_usd)
        self._limit_day.show_amount(values.limit_day_usd)
        self._limit_month.show_amount(values.limit_month_usd)
        self._library.setText(str(values.library))
        self._library.setCursorPosition(0)
        self._key.clear()
        self._key.setPlaceholderText(
            f"A key is in use, from {values.key_place}" if values.has_key else "Paste your xAI key"
        )
        self._key_place.setText(
            f"Kept in {values.key_place}." if values.has_key else f"It will be kept in {values.key_place}."
        )
        self._forget.setEnabled(values.has_key)

    def done(self, result: int) -> None:
        for amount in (self._warn_day, self._limit_day, self._limit_month):
            amount.interpretText()  # what is typed counts, also where Escape closes the dialog right after
        super().done(result)

    def set_key_message(self, text: str) -> None:
        """Say what came of a key: tested, refused, kept, forgotten."""
        self._key_place.setText(text)

    def _build_key(self) -> None:
        self._key = QLineEdit(self)
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._key.setAccessibleName("API key")
        self._key.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._store = QPushButton("Test and keep", self)
        self._store.setEnabled(False)
        plain.set_tip(self._store, "Ask the API whether the key is right, then keep it; this costs nothing")
        self._forget = QPushButton("Forget", self)
        self._forget.setAccessibleName("Forget the key")
        plain.set_tip(self._forget, "Delete the key that is kept")
        self._key_place = PlainLabel("", self)
        self._key_place.setProperty("kind", "quiet")
        self._key_place.setWordWrap(True)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4 * STEP)
        grid.setVerticalSpacing(2 * STEP)
        grid.setColumnMinimumWidth(0, 112)
        grid.setColumnStretch(1, 1)
        self._add(grid, "Profile", self._profile, self._profile)
        self._add(grid, "API key", self._key, _beside(self._key, self._store, self._forget))
        grid.addWidget(self._key_place, grid.rowCount(), 1)
        grid.addWidget(_separator(self), grid.rowCount(), 0, 1, 2)
        self._add(grid, "Jobs at once", self._jobs, _beside(self._jobs, None))
        self._add(grid, "Delivery", self._delivery, self._delivery)
        finding = _beside(self._deferred, self._stored, None)
        finding.setSpacing(4 * STEP)
        self._add(grid, "Lost answers", self._deferred, finding)
        grid.addWidget(_separator(self), grid.rowCount(), 0, 1, 2)
        for amount in (self._warn_day, self._limit_day, self._limit_month):
            self._add(grid, amount.accessibleName(), amount, _beside(amount, None))
        grid.addWidget(self._limits_note(), grid.rowCount(), 1)
        grid.addWidget(_separator(self), grid.rowCount(), 0, 1, 2)
        self._add(grid, "Appearance", self._appearance, self._appearance)
        self._add(grid, "Library folder", self._library, _beside(self._library, self._folder))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(6 * STEP, 6 * STEP, 6 * STEP, 4 * STEP)
        inside.setSpacing(4 * STEP)
        inside.addLayout(grid)
        inside.addStretch()
        inside.addWidget(buttons)
        self.setMinimumWidth(600)

    def _limits_note(self) -> PlainLabel:
        note = PlainLabel(
            "Checked before anything is sent; what may have been charged counts in full.\n"
            "While a limit is set, a model whose price is not known is refused.",
            self,
        )
        note.setProperty("kind", "quiet")
        return note

    def _add(self, grid: QGridLayout, text: str, buddy: QWidget, field: QWidget | QHBoxLayout) -> None:
        label = PlainLabel(text, self)
        label.setBuddy(buddy)
        line = grid.rowCount()
        grid.addWidget(label, line, 0)
        if isinstance(field, QWidget):
            grid.addWidget(field, line, 1)
        else:
            grid.addLayout(field, line, 1)

    def _connect(self) -> None:
        self._profile.chosen.connect(lambda value: self._change(replace(self._values, profile=value)))
        self._delivery.chosen.connect(lambda value: self._change(replace(self._values, delivery=value)))
        self._deferred.clicked.connect(lambda on: self._change(replace(self._values, deferred_requests=on)))
        self._stored.clicked.connect(lambda on: self._change(replace(self._values, stored_copies=on)))
        self._appearance.chosen.connect(lambda value: self._change(replace(self._values, appearance=value)))
        self._jobs.valueChanged.connect(lambda value: self._change(replace(self._values, jobs_at_once=value)))
        self._warn_day.valueChanged.connect(lambda usd: self._change(replace(self._values, warn_day_usd=usd)))
        self._limit_day.valueChanged.connect(lambda usd: self._change(replace(self._values, limit_day_usd=usd)))
        self._limit_month.valueChanged.connect(
            lambda usd: self._change(replace(self._values, limit_month_usd=usd))
        )
        self._key.textChanged.connect(lambda text: self._store.setEnabled(bool(text.strip())))
        self._key.returnPressed.connect(self._on_store_clicked)
        self._store.clicked.connect(self._on_store_clicked)
        self._forget.clicked.connect(self.key_forgotten)
        self._folder.clicked.connect(self.folder_requested)

    def _change(self, values: Preferences) -> None:
        if values != self._values:
            self._values = values
            self.changed.emit(values)

    def _on_store_clicked(self) -> None:
        if key := self._key.text().strip():
            self.key_entered.emit(key)


class _Amount(QDoubleSpinBox):
    """An amount in dollars, told when it is typed to its end; none where it is 0."""

    def __init__(self, name: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        plain.set_tip(self, tip)
        self.setRange(0, MOST_USD)
        self.setPrefix("$")
        self.setSpecialValueText("None")
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)  # the 1 of a 10 being typed is no limit
        self.setFixedWidth(136)
        self.lineEdit().setTextMargins(2 * STEP, 0, 0, 0)  # a style sheet's padding is not used here

    def show_amount(self, usd: float) -> None:
        """Show an amount, without reporting it as changed."""
        self.blockSignals(True)
        self.setValue(usd)
        self.blockSignals(False)


class _Choice(QWidget):
    """A few radio buttons in a row.

    Signals:
        chosen: the value that the person picked.
    """

    chosen = Signal(str)

    def __init__(self, name: str, texts: dict[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 * STEP)
        for value, text in texts.items():
            button = QRadioButton(text, self)
            button.clicked.connect(lambda _=False, value=value: self.chosen.emit(value))
            self._group.addButton(button)
            self._buttons[value] = button
            row.addWidget(button)
        row.addStretch()
        self.setFocusProxy(next(iter(self._buttons.values())))

    def choose(self, value: str) -> None:
        """Show a value as chosen; one that is not offered leaves all as it was."""
        if value in self._buttons:
            self._buttons[value].setChecked(True)
            self.setFocusProxy(self._buttons[value])


def _beside(*parts: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is a gap that takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(2 * STEP)
    for part in parts:
        if part is None:
            row.addStretch()
        else:
            row.addWidget(part)
    return row


def _separator(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("kind", "line")
    return line
