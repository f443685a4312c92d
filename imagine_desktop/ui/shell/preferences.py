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
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.settings import BUILT_IN, MOST_USD, Profile
from imagine_desktop.ui import plain
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.form import Form, note, whole
from imagine_desktop.ui.shell.profiles import ProfilePicker, place
from imagine_desktop.ui.shell.theme import STEP

DELIVERIES = {Delivery.URL.value: "Addresses to fetch", Delivery.BASE64.value: "Inside the answer"}
APPEARANCES = {"system": "Like the system", "light": "Light", "dark": "Dark"}
MOST_JOBS_AT_ONCE = 10
_DEFERRED_HELP = (
    "The API answers at once with an id, and the pictures are fetched under it: an answer lost on the way is "
    "found again. Off, because it is unproven on the live API. The Sandbox always does it."
)
_STORED_HELP = (
    "Each picture is also stored in the API's Files, where it is found when an answer is lost or an address "
    "has expired. Off, because it is unproven on the live API and the copies lie there for up to a day; those "
    "of saved pictures are deleted. The Sandbox always does it."
)
_ORIGINALS_HELP = (
    "A JPEG, PNG or WebP file of at most 10 MB goes out byte for byte, with all that it holds: position, "
    "camera, comments, small pictures. Off, only the pixels are sent, as they are shown."
)
_LIMITS_HELP = (
    "Checked before anything is sent; what may have been charged counts in full.\n"
    "While a limit is set, a model whose price is not known is refused."
)
_UNPROTECTED = "Every program that you start could read it there, and every backup would hold it."


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the dialog shows and changes.

    `profile` is one of `profiles`, with its own switches. `key_place` says where its key is, as the person
    knows it, empty where there is none; `may_be_filed` says that it is kept nowhere, so that a file is offered.
    `prices` says where models and prices are from. `appearance` is one of system, light, dark.
    Limits are US dollars, 0 for none.
    """

    profile: Profile
    profiles: tuple[Profile, ...]
    key_place: str
    may_be_filed: bool
    prices: str
    jobs_at_once: int
    send_originals: bool
    appearance: str
    library: Path
    warn_day_usd: float
    limit_day_usd: float
    limit_month_usd: float


class PreferencesDialog(QDialog):
    """Settings take effect as they are changed; there is nothing to confirm.

    Signals:
        changed: the preferences as they now are.
        profile_wanted: the name of a profile to show and, where it has a key, to use.
        adding_requested, renaming_requested, removal_requested: a profile of the person's is to be that.
        key_entered: a key to test and keep; empty for the one that is kept, to be tested.
        key_forgotten: the stored key is to be deleted.
        key_filed: the key is to be kept in an unprotected file.
        prices_requested: models and prices are to be asked for now.
        folder_requested: the library's folder is to be shown.
    """

    changed = Signal(object)
    profile_wanted = Signal(str)
    adding_requested = Signal()
    renaming_requested = Signal()
    removal_requested = Signal()
    key_entered = Signal(str)
    key_forgotten = Signal()
    key_filed = Signal()
    prices_requested = Signal()
    folder_requested = Signal()

    def __init__(self, values: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAccessibleName("Settings")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._values = values
        # Made in the order in which the Tab key comes to them.
        self._build_profile()
        self._build_key()
        self._delivery = _Choice("Delivery", DELIVERIES, self)
        self._deferred = QCheckBox("Ask for an id first", self)
        plain.set_tip(self._deferred, _DEFERRED_HELP)
        self._stored = QCheckBox("Keep copies there for a day", self)
        plain.set_tip(self._stored, _STORED_HELP)
        self._prices = note(self)
        self._renew = QPushButton("Refresh", self)
        self._renew.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._renew.setAccessibleName("Refresh models and prices")
        plain.set_tip(self._renew, "Ask the API for its models and prices now; this costs nothing")
        self._jobs = QSpinBox(self)
        self._jobs.setRange(1, MOST_JOBS_AT_ONCE)
        self._jobs.setAccessibleName("Jobs at once")
        self._jobs.setFixedWidth(96)
        self._jobs.lineEdit().setTextMargins(2 * STEP, 0, 0, 0)  # a style sheet's padding is not used here
        self._originals = QCheckBox("Send the original bytes", self)
        plain.set_tip(self._originals, _ORIGINALS_HELP)
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
        self._show_profile(values)
        self._show_key(values)
        self._appearance.choose(values.appearance)
        self._originals.setChecked(values.send_originals)
        self._prices.setText(values.prices)
        self._jobs.blockSignals(True)
        self._jobs.setValue(values.jobs_at_once)
        self._jobs.blockSignals(False)
        self._warn_day.show_amount(values.warn_day_usd)
        self._limit_day.show_amount(values.limit_day_usd)
        self._limit_month.show_amount(values.limit_month_usd)
        self._library.setText(str(values.library))
        self._library.setCursorPosition(0)
        self._make_room()

    def done(self, result: int) -> None:
        for amount in (self._warn_day, self._limit_day, self._limit_month):
            amount.interpretText()  # what is typed counts, also where Escape closes the dialog right after
        super().done(result)

    def set_key_message(self, text: str) -> None:
        """Say what came of a key: tested, refused, kept, forgotten."""
        self._key_place.setText(text)
        self._make_room()

    def set_prices_message(self, text: str) -> None:
        """Say where models and prices are from, or why they stay as they are."""
        self._prices.setText(text)
        self._make_room()

    def _make_room(self) -> None:
        """Grow with what is said: a dialog does not by itself where text takes more lines."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            width = max(self.width(), self.minimumWidth())
            self.resize(width, max(self.height(), layout.totalHeightForWidth(width)))

    def _show_profile(self, values: Preferences) -> None:
        profile = values.profile
        self._profile.offer(values.profiles)
        self._profile.set_value(profile.name)
        self._place.setText(place(profile))
        is_own = all(profile.name != known.name for known in BUILT_IN)
        self._rename.setVisible(is_own)
        self._remove.setVisible(is_own)
        self._delivery.choose(profile.delivery.value)
        self._deferred.setChecked(profile.defers)
        self._stored.setChecked(profile.stores)
        for box in (self._deferred, self._stored):
            box.setEnabled(not profile.is_sandbox)

    def _show_key(self, values: Preferences) -> None:
        is_sandbox, has_key = values.profile.is_sandbox, bool(values.key_place)
        self._has_key = has_key and not is_sandbox
        self._key.clear()
        self._key.setEnabled(not is_sandbox)
        self._key.setPlaceholderText(
            "None is needed" if is_sandbox else "A key is in use" if has_key else "Paste a key"
        )
        if is_sandbox:
            told = "The Sandbox takes requests without a key."
        elif has_key:
            told = f"It is in {values.key_place}."
        else:
            told = "It will be tested, and kept in this computer's keyring."
        self._key_place.setText(told)
        self._forget.setEnabled(self._has_key)
        self._filing.setVisible(values.may_be_filed and self._has_key)
        self._on_key_edited("")

    def _on_key_edited(self, text: str) -> None:
        self._store.setText("Test and keep" if text.strip() or not self._has_key else "Test")
        self._store.setEnabled(bool(text.strip()) or self._has_key)

    def _build_profile(self) -> None:
        self._profile = ProfilePicker(self)
        self._add_profile = QPushButton("Add…", self)
        self._add_profile.setAccessibleName("Add profile")
        plain.set_tip(self._add_profile, "Add another service that takes the same requests")
        self._rename = QPushButton("Rename…", self)
        self._rename.setAccessibleName("Rename profile")
        self._remove = QPushButton("Remove…", self)
        self._remove.setAccessibleName("Remove profile")
        self._place = note(self)

    def _build_key(self) -> None:
        self._key = QLineEdit(self)
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._key.setAccessibleName("API key")
        self._key.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._has_key = False
        self._store = QPushButton("Test and keep", self)
        plain.set_tip(self._store, "Ask the API whether the key is right, then keep it; this costs nothing")
        self._forget = QPushButton("Forget", self)
        self._forget.setAccessibleName("Forget the key")
        plain.set_tip(self._forget, "Delete the key that is kept")
        self._key_place = note(self)
        self._filing = QWidget(self)
        file = QPushButton("Store unprotected in a file", self._filing)
        file.clicked.connect(self.key_filed)
        meaning = note(self._filing, _UNPROTECTED)
        file.setAccessibleDescription(_UNPROTECTED)
        row = QHBoxLayout(self._filing)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addWidget(file)
        row.addWidget(meaning, 1)

    def _build(self) -> None:
        form = Form(names_px=112)
        row = _beside(self._profile, self._add_profile, self._rename, self._remove)
        form.add("Profile", self._profile, row)
        form.add_below(self._place)
        form.add("API key", self._key, _beside(self._key, self._store, self._forget))
        form.add_below(self._key_place)
        form.add_below(self._filing)
        form.add("Delivery", self._delivery)
        finding = _beside(self._deferred, self._stored, None)
        finding.setSpacing(4 * STEP)
        form.add("Lost answers", self._deferred, finding)
        form.add("Models, prices", self._renew, _beside(self._prices, self._renew))
        form.add_separator(self)
        form.add("Jobs at once", self._jobs, _beside(self._jobs, None))
        form.add("Sources", self._originals, _beside(self._originals, None))
        form.add_separator(self)
        self._add_limits(form)
        form.add_below(note(self, _LIMITS_HELP))
        form.add_separator(self)
        form.add("Appearance", self._appearance)
        form.add("Library folder", self._library, _beside(self._library, self._folder))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        inside = whole(self)
        inside.addLayout(form)
        inside.addStretch()
        inside.addWidget(buttons)
        self.setMinimumWidth(680)

    def _add_limits(self, form: Form) -> None:
        """The three amounts side by side, each under its name."""
        row = QHBoxLayout()
        row.setSpacing(4 * STEP)
        for amount in (self._warn_day, self._limit_day, self._limit_month):
            label = PlainLabel(amount.accessibleName(), self)
            label.setProperty("kind", "title")
            label.setAccessibleName(f"{amount.accessibleName()}:")
            label.setBuddy(amount)
            column = QVBoxLayout()
            column.setSpacing(STEP)
            column.addWidget(label)
            column.addWidget(amount)
            row.addLayout(column)
        row.addStretch()
        line = form.rowCount()
        form.addWidget(PlainLabel("Spending", self), line, 0, Qt.AlignmentFlag.AlignBottom)
        form.addLayout(row, line, 1)

    def _connect(self) -> None:
        self._profile.picked.connect(self.profile_wanted)
        self._add_profile.clicked.connect(self.adding_requested)
        self._rename.clicked.connect(self.renaming_requested)
        self._remove.clicked.connect(self.removal_requested)
        self._delivery.chosen.connect(lambda value: self._switch(delivery=Delivery(value)))
        self._deferred.clicked.connect(lambda on: self._switch(defers=on))
        self._stored.clicked.connect(lambda on: self._switch(stores=on))
        self._renew.clicked.connect(self.prices_requested)
        self._originals.clicked.connect(lambda on: self._change(replace(self._values, send_originals=on)))
        self._appearance.chosen.connect(lambda value: self._change(replace(self._values, appearance=value)))
        self._jobs.valueChanged.connect(lambda value: self._change(replace(self._values, jobs_at_once=value)))
        self._warn_day.valueChanged.connect(lambda usd: self._change(replace(self._values, warn_day_usd=usd)))
        self._limit_day.valueChanged.connect(lambda usd: self._change(replace(self._values, limit_day_usd=usd)))
        self._limit_month.valueChanged.connect(
            lambda usd: self._change(replace(self._values, limit_month_usd=usd))
        )
        self._key.textChanged.connect(self._on_key_edited)
        self._key.returnPressed.connect(self._on_store_clicked)
        self._store.clicked.connect(self._on_store_clicked)
        self._forget.clicked.connect(self.key_forgotten)
        self._folder.clicked.connect(self.folder_requested)

    def _switch(self, **switches: object) -> None:
        profile = replace(self._values.profile, **switches)  # type: ignore[arg-type]  # the names are a profile's
        self._change(replace(self._values, profile=profile))

    def _change(self, values: Preferences) -> None:
        if values != self._values:
            self._values = values
            self.changed.emit(values)

    def _on_store_clicked(self) -> None:
        key = self._key.text().strip()
        if key or self._has_key:
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
