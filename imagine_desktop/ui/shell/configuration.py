"""The settings while the window is open: what was chosen takes effect at once and is kept."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from imagine_desktop import secrets, settings
from imagine_desktop.errors import ImagineError
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import SANDBOX, XAI, Profile, Settings
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.preferences import Preferences, PreferencesDialog
from imagine_desktop.ui.shell.saving import open_folder

_KEYRING = "this computer's keyring"
_SAVE_AFTER_MS = 500


class Configuration(QObject):
    """Keeps the settings file and the key.

    Signals:
        profile_changed: a Profile and its Secret (None for the sandbox) are to be used from now on.
        jobs_at_once_changed: how many requests may be at the API at once.
        budget_changed: the Budget to keep from now on.
        key_test_requested: a Secret to try; `on_key_tested` is told what came of it.
        failed: an ImagineError.
    """

    profile_changed = Signal(object, object)
    jobs_at_once_changed = Signal(int)
    budget_changed = Signal(object)
    key_test_requested = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        values: Settings,
        path: Path,
        library: Path,
        profile: Profile,
        key: Secret | None,
        background: Background,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.values = values
        self._path = path
        self._library = library
        self._profile = profile
        self._key = key
        self._key_place = f"the environment ({secrets.ENVIRONMENT_NAME})" if key else _KEYRING
        self._background = background
        self._window = window
        self._tested: Secret | None = None
        self._dialog: PreferencesDialog | None = None
        self._save_soon = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_soon.timeout.connect(self.save)

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

    def look_for_key(self) -> None:
        """Use xAI where a key is stored for it, unless another profile was chosen."""
        if self._key is None and self.values.profile in ("", XAI.name) and self._profile is SANDBOX:
            self._background.run(lambda: secrets.stored(XAI.name), self._on_stored_key)

    def open(self) -> None:
        """Show the dialog."""
        dialog = PreferencesDialog(self._preferences(), self._window)
        dialog.changed.connect(self._on_preferences_changed)
        dialog.key_entered.connect(self._on_key_entered)
        dialog.key_forgotten.connect(self._on_key_forgotten)
        dialog.folder_requested.connect(self._on_folder_requested)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()

    def _preferences(self) -> Preferences:
        return Preferences(
            profile=self._profile.name,
            has_key=self._key is not None,
            key_place=self._key_place,
            jobs_at_once=self.values.jobs_at_once,
            delivery=self.values.delivery,
            deferred_requests=self.values.deferred_requests,
            stored_copies=self.values.stored_copies,
            appearance=self.values.appearance,
            library=self._library,
            warn_day_usd=self.values.warn_day_usd,
            limit_day_usd=self.values.limit_day_usd,
            limit_month_usd=self.values.limit_month_usd,
        )

    def _on_preferences_changed(self, wanted: Preferences) -> None:
        if wanted.appearance != self.values.appearance:
            theme.apply(_application(), theme.scheme(wanted.appearance))
        if wanted.jobs_at_once != self.values.jobs_at_once:
            self.jobs_at_once_changed.emit(wanted.jobs_at_once)
        before, equipped = self.values.budget, settings.equipped(self._profile, self.values)
        self.keep(
            jobs_at_once=wanted.jobs_at_once,
            delivery=wanted.delivery,
            deferred_requests=wanted.deferred_requests,
            stored_copies=wanted.stored_copies,
            appearance=wanted.appearance,
            warn_day_usd=wanted.warn_day_usd,
            limit_day_usd=wanted.limit_day_usd,
            limit_month_usd=wanted.limit_month_usd,
        )
        if self.values.budget != before:
            self.budget_changed.emit(self.values.budget)
        if wanted.profile != self._profile.name:
            self._choose(wanted.profile)
        elif settings.equipped(self._profile, self.values) != equipped:
            self._use(self._profile)

    def _choose(self, name: str) -> None:
        if name == XAI.name and self._key is None:
            self._renew()
            self._say("Paste a key first: xAI is used as soon as it was tested.")
            return
        profile = XAI if name == XAI.name else SANDBOX
        self.keep(profile=profile.name)
        self._use(profile)

    def _use(self, profile: Profile) -> None:
        self._profile = profile = settings.equipped(profile, self.values)
        self.profile_changed.emit(profile, None if profile.is_sandbox else self._key)
        self._renew()

    def _on_stored_key(self, key: Secret | None) -> None:
        if key is not None:
            self._key = key
            self._use(XAI)

    def _on_key_entered(self, text: str) -> None:
        try:
            key = Secret(text)
        except ImagineError as error:
            self._say(error.sentences)
            return
        self._say("Asking the API…")
        self._tested = key
        self.key_test_requested.emit(key)

    def on_key_tested(self, error: ImagineError | None) -> None:
        """Keep the key that was tested, or say what is wrong with it."""
        key, self._tested = self._tested, None
        if key is None:
            return
        if error is not None:
            self._say(error.sentences)
            return
        self._key = key
        self.keep(profile=XAI.name)

        def stored() -> str:
            try:
                secrets.store(XAI.name, key)
            except ImagineError as reason:
                return reason.sentences
            return f"The key is right, and kept in {_KEYRING}."

        self._background.run(stored, self._on_key_stored)

    def _on_key_stored(self, text: str) -> None:
        self._key_place = _KEYRING
        self._use(XAI)
        self._say(text)

    def _on_key_forgotten(self) -> None:
        self._key = None
        self.keep(profile=SANDBOX.name)

        def forget() -> None:
            secrets.forget(XAI.name)

        def done(_: None) -> None:
            self._use(SANDBOX)
            self._say("The key is forgotten; the sandbox is used.")

        self._background.run(forget, done)

    def _on_folder_requested(self) -> None:
        open_folder(self._library)

    def _on_dialog_finished(self) -> None:
        self._dialog = None

    def _renew(self) -> None:
        if self._dialog is not None:
            self._dialog.set_values(self._preferences())

    def _say(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.set_key_message(text)


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("a window needs a QApplication")
    return application
