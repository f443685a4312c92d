"""Which profile is in use, and with which key: found, tested, kept and forgotten while the window is open."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from imagine_desktop import secrets
from imagine_desktop.errors import ConfigurationError, ImagineError
from imagine_desktop.secrets import Kept, Place, Secret
from imagine_desktop.settings import SANDBOX, Profile
from imagine_desktop.ui.background import Background

_ENTER = "Enter one in Settings."


class Access(QObject):
    """A key is used from the moment on at which it was tested, wherever it can be kept.

    Signals:
        used_changed: a Profile and its Secret (None for the sandbox) are to be used from now on.
        shown_changed: another profile's facts are to be shown, or other facts of the same.
        chosen: the name of the profile that the person settled on.
        test_requested: a Profile and a Secret to try; `on_tested` is told what came of it.
        said: a sentence or two about the key.
        missing: a ConfigurationError; a profile that was chosen has no key.
    """

    used_changed = Signal(object, object)
    shown_changed = Signal()
    chosen = Signal(str)
    test_requested = Signal(object, object)
    said = Signal(str)
    missing = Signal(object)

    def __init__(self, profile: Profile, key: Secret | None, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self.used = profile
        self.shown = profile
        self._background = background
        self._kept: dict[str, Kept] = {}
        if key is not None:
            self._kept[profile.name] = Kept(key, Place.ENVIRONMENT)
        self._under_test: tuple[Profile, Secret] | None = None
        self._is_settled = False  # the person chose in this window: what is found later changes nothing

    @property
    def kept(self) -> Kept | None:
        """The shown profile's key, and where it is."""
        return self._kept.get(self.shown.name)

    def look_for(self, wanted: Profile, spare: Secret | None, *, is_firm: bool) -> None:
        """Use a profile once its key is found; `spare` is for one that has none of its own."""

        def found(kept: Kept | None) -> None:
            if kept is None and spare is not None:
                kept = Kept(spare, Place.ENVIRONMENT)
            if self._is_settled:
                return
            if kept is not None:
                self._kept[wanted.name] = kept
                self.use(wanted)
            elif is_firm:
                self.missing.emit(
                    ConfigurationError(f"There is no key for {wanted.shown}: the Sandbox is used.", _ENTER)
                )

        self._background.run(lambda: secrets.stored(wanted.name), found)

    def show(self, profile: Profile) -> None:
        """The person chose a profile: use it as soon as it has a key."""
        self._is_settled = True
        self.shown = profile
        if profile.is_sandbox or profile.name in self._kept:
            self._settle_on(profile)
            return
        self.shown_changed.emit()
        self.said.emit("Looking for its key…")

        def found(kept: Kept | None) -> None:
            if kept is not None:
                self._kept[profile.name] = kept
            if self.shown.name != profile.name:
                return
            if kept is not None:
                self._settle_on(self.shown)
            else:
                self.said.emit(f"Paste a key: {profile.shown} is used as soon as it was tested.")

        self._background.run(lambda: secrets.stored(profile.name), found)

    def show_used(self) -> None:
        """Show what is in use again."""
        self.shown = self.used

    def use(self, profile: Profile) -> None:
        """Send to a profile from now on; its key is known."""
        self.used = self.shown = profile
        kept = self._kept.get(profile.name)
        self.used_changed.emit(profile, None if kept is None or profile.is_sandbox else kept.key)
        self.shown_changed.emit()

    def test(self, text: str) -> None:
        """Try a key that was pasted or, with no text, the one that is kept."""
        try:
            key = Secret(text) if text else self._kept[self.shown.name].key
        except ImagineError as error:
            self.said.emit(error.sentences)
            return
        self.said.emit("Asking the API…")
        self._under_test = self.shown, key
        self.test_requested.emit(self.shown, key)

    def on_tested(self, error: ImagineError | None, about: str) -> None:
        """Keep the key that was tested, or say what is wrong with it."""
        tested, self._under_test = self._under_test, None
        if tested is None:
            return
        profile, key = tested
        known = self._kept.get(profile.name)
        if error is not None:
            self.said.emit(error.sentences)
        elif known is not None and known.key is key:
            self.said.emit(about)
        else:
            self._keep(profile, key, about)

    def keep_unprotected(self) -> None:
        """Keep the shown profile's key in a file: the person was told what that means, and chose it."""
        profile, kept = self.shown, self._kept[self.shown.name]

        def write() -> None:
            secrets.store_unprotected(profile.name, kept.key)

        def done(_: None) -> None:
            self._kept[profile.name] = Kept(kept.key, Place.FILE)
            self.shown_changed.emit()

        self._background.run(write, done, self._on_failed)

    def forget(self, then: Callable[[], None] = lambda: None) -> None:
        """Delete the shown profile's key, wherever it is kept; the sandbox takes over."""
        profile = self.shown

        def delete() -> None:
            secrets.forget(profile.name)

        def done(_: None) -> None:
            self._kept.pop(profile.name, None)
            told = f"The key of {profile.shown} is forgotten"
            if self.used.name == profile.name:
                self._settle_on(SANDBOX)
                told += "; the Sandbox is used"
            else:
                self.shown_changed.emit()
            self.said.emit(f"{told}.")
            then()

        self._background.run(delete, done, self._on_failed)

    def _keep(self, profile: Profile, key: Secret, about: str) -> None:
        def store() -> str:
            try:
                secrets.store(profile.name, key)
            except ConfigurationError as error:
                return error.message
            return ""

        def done(refusal: str) -> None:
            self._kept[profile.name] = Kept(key, Place.MEMORY if refusal else Place.KEYRING)
            self._settle_on(profile)
            self.said.emit(
                f"{about} {refusal.rstrip('.')}: it is used until the window is closed."
                if refusal
                else f"{about} It is kept in {Place.KEYRING}."
            )

        self._background.run(store, done)

    def _settle_on(self, profile: Profile) -> None:
        self._is_settled = True
        self.chosen.emit(profile.name)
        self.use(profile)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        self.said.emit(error.sentences)
