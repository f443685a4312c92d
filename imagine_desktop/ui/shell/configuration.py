"""The settings while the window is open: what was chosen takes effect at once and is kept."""

import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from imagine_desktop import settings
from imagine_desktop.domain.job import CatalogChanged, KeyChecked, PricesRefused
from imagine_desktop.errors import BadInput, ImagineError
from imagine_desktop.secrets import Place
from imagine_desktop.settings import Profile, Settings
from imagine_desktop.ui import plain
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.access import Access
from imagine_desktop.ui.shell.preferences import Preferences, PreferencesDialog
from imagine_desktop.ui.shell.profiles import ProfileEditor
from imagine_desktop.ui.shell.saving import open_folder
from imagine_desktop.ui.start import Launch

_SAVE_AFTER_MS = 500


class Configuration(QObject):
    """Keeps the settings file, the profiles and, through `access`, their keys.

    Signals:
        profile_changed: a Profile and its Secret (None for the sandbox) are to be used from now on.
        jobs_at_once_changed: how many requests may be at the API at once.
        budget_changed: the Budget to keep from now on.
        originals_changed: whether files are to be sent byte for byte.
        catalog_changed: the Catalog to choose from, from now on.
        key_test_requested: a Profile and a Secret to try; `hear` is told what came of it.
        prices_requested: models and prices are to be asked for; `hear` is told what came of it.
        failed: an ImagineError.
    """

    profile_changed = Signal(object, object)
    jobs_at_once_changed = Signal(int)
    budget_changed = Signal(object)
    originals_changed = Signal(bool)
    catalog_changed = Signal(object)
    key_test_requested = Signal(object, object)
    prices_requested = Signal()
    failed = Signal(object)

    def __init__(self, launch: Launch, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self.values = launch.settings
        self._path = launch.settings_path
        self._library = launch.library
        self._launch = launch
        self._window = window
        self._fetched_at: float | None = None
        self._dialog: PreferencesDialog | None = None
        self._save_soon = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_soon.timeout.connect(self.save)
        self.access = access = Access(launch.profile, launch.key, background, self)
        access.used_changed.connect(self.profile_changed)
        access.shown_changed.connect(self._renew)
        access.chosen.connect(lambda name: self.keep(profile=name))
        access.test_requested.connect(self.key_test_requested)
        access.said.connect(self._say)
        access.missing.connect(self.failed)

    def keep(self, **changes: object) -> None:
        """Change settings, and write them in a moment."""
        self.values = replace(self.values, **changes)  # type: ignore[arg-type]  # names are checked by replace
        self._save_soon.start()

    def save(self) -> None:
        """Write the settings now."""
        self._save_soon.stop()
        try:
            settings.save(self._path, self.values)
        except OSError as error:
            self.failed.emit(ImagineError(f"The settings could not be kept: {error.strerror}."))

    @property
    def profile(self) -> Profile:
        """The profile in use."""
        return self.access.used

    def look_for_key(self) -> None:
        """Use the profile that this run is to use, once its key is found."""
        if self._launch.wanted is not None:
            self.access.look_for(self._launch.wanted, self._launch.spare_key, is_firm=self._launch.is_firm)

    def open(self) -> None:
        """Show the dialog."""
        self.access.show_used()
        dialog = PreferencesDialog(self._preferences(), self._window)
        dialog.changed.connect(self._on_preferences_changed)
        dialog.profile_wanted.connect(self._on_profile_wanted)
        dialog.adding_requested.connect(self._ask_for_profile)
        dialog.renaming_requested.connect(self._ask_for_name)
        dialog.removal_requested.connect(self._ask_to_remove)
        dialog.key_entered.connect(self.access.test)
        dialog.key_forgotten.connect(self.access.forget)
        dialog.key_filed.connect(self.access.keep_unprotected)
        dialog.prices_requested.connect(self._on_prices_requested)
        dialog.folder_requested.connect(lambda: open_folder(self._library))
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()

    def hear(self, event: KeyChecked | CatalogChanged | PricesRefused) -> None:
        """Take what the engine tells about keys, models and prices."""
        match event:
            case KeyChecked(error, about):
                self.access.on_tested(error, about)
            case CatalogChanged(catalog, fetched_at):
                self._fetched_at = fetched_at
                self.catalog_changed.emit(catalog)
                self._say_of_prices(self._prices())
            case PricesRefused(error):
                self._say_of_prices(error.sentences)

    def _preferences(self) -> Preferences:
        values, shown, kept = self.values, self.access.shown, self.access.kept
        return Preferences(
            profile=shown,
            profiles=values.all_profiles if shown in values.all_profiles else (shown, *values.all_profiles),
            key_place="" if kept is None else kept.place,
            may_be_filed=kept is not None and kept.place is Place.MEMORY,
            prices=self._prices(),
            jobs_at_once=values.jobs_at_once,
            send_originals=values.send_originals,
            appearance=values.appearance,
            library=self._library,
            warn_day_usd=values.warn_day_usd,
            limit_day_usd=values.limit_day_usd,
            limit_month_usd=values.limit_month_usd,
        )

    def _prices(self) -> str:
        if self._fetched_at is None:
            return "As this program came with them."
        return time.strftime("As the API listed them on %Y-%m-%d at %H:%M.", time.localtime(self._fetched_at))

    def _on_preferences_changed(self, wanted: Preferences) -> None:
        before = self.values
        if wanted.appearance != before.appearance:
            theme.apply(_application(), theme.scheme(wanted.appearance))
        if wanted.profile != self.access.shown:
            self._switch(wanted.profile)
        self.keep(
            jobs_at_once=wanted.jobs_at_once,
            send_originals=wanted.send_originals,
            appearance=wanted.appearance,
            warn_day_usd=wanted.warn_day_usd,
            limit_day_usd=wanted.limit_day_usd,
            limit_month_usd=wanted.limit_month_usd,
        )
        if wanted.jobs_at_once != before.jobs_at_once:
            self.jobs_at_once_changed.emit(wanted.jobs_at_once)
        if wanted.send_originals != before.send_originals:
            self.originals_changed.emit(wanted.send_originals)
        if self.values.budget != before.budget:
            self.budget_changed.emit(self.values.budget)

    def _switch(self, changed: Profile) -> None:
        """Take over a profile's delivery and ways to find lost answers; what is in use changes at once."""
        self._take(self.values.switched(changed))
        self.access.shown = changed
        if self.access.used.name == changed.name:
            self.access.use(changed)

    def _take(self, values: Settings) -> None:
        self.values = values
        self._save_soon.start()

    def _on_profile_wanted(self, name: str) -> None:
        used = self.access.used  # it may be an address for this run, which no settings know
        self.access.show(used if used.name == name else self.values.named(name))

    def _ask_for_profile(self) -> None:
        def add(title: str, address: str) -> str:
            try:
                self._take(self.values.with_profile(title, address, others=(self.access.used,)))
            except BadInput as error:
                return error.sentences
            self.access.show(self.values.profiles[-1])
            return ""

        if self._dialog is not None:
            ProfileEditor(None, add, self._dialog).open()

    def _ask_for_name(self) -> None:
        profile = self.access.shown

        def rename(title: str, _address: str) -> str:
            try:
                self._take(self.values.renamed(profile.name, title))
            except BadInput as error:
                return error.sentences
            renamed = self.values.named(profile.name)
            self.access.shown = renamed
            if self.access.used.name == profile.name:
                self.access.use(renamed)
            self._renew()
            return ""

        if self._dialog is not None:
            ProfileEditor(profile, rename, self._dialog).open()

    def _ask_to_remove(self) -> None:
        profile = self.access.shown
        text = f"Remove the profile {profile.shown}, and forget its key?"
        box = plain.message_box(self._dialog, "Remove profile", text)
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Keep", QMessageBox.ButtonRole.RejectRole)

        def removed() -> None:
            self._take(self.values.without(profile.name))
            self.access.show(settings.SANDBOX)

        remove.clicked.connect(lambda: self.access.forget(removed))
        box.open()

    def _on_prices_requested(self) -> None:
        self._say_of_prices("Asking the API…")
        self.prices_requested.emit()

    def _on_dialog_finished(self) -> None:
        self._dialog = None

    def _renew(self) -> None:
        if self._dialog is not None:
            self._dialog.set_values(self._preferences())

    def _say(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.set_key_message(text)

    def _say_of_prices(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.set_prices_message(text)


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("a window needs a QApplication")
    return application
