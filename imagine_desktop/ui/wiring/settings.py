"""What the settings change while the window is open."""

from PySide6.QtCore import QObject

from imagine_desktop.settings import Profile
from imagine_desktop.ui.parts import Parts
from imagine_desktop.ui.shell.actions import TABLE
from imagine_desktop.ui.shell.keys import KeysDialog


class SettingsWiring(QObject):
    """Hands what was chosen to those whom it concerns."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        configuration, engine, window = parts.configuration, parts.engine, parts.window
        window.actions_by_id["settings"].triggered.connect(configuration.open)
        window.actions_by_id["keys"].triggered.connect(self._show_keys)
        configuration.profile_changed.connect(self.show_profile)
        configuration.jobs_at_once_changed.connect(engine.set_jobs_at_once)
        configuration.budget_changed.connect(engine.set_budget)
        configuration.budget_changed.connect(parts.shelf.set_budget)
        configuration.originals_changed.connect(self._on_originals_changed)
        configuration.catalog_changed.connect(parts.draft.set_catalog)
        configuration.key_test_requested.connect(engine.check_key)
        configuration.prices_requested.connect(engine.renew_prices)
        configuration.failed.connect(window.notices.show_error)

    def show_profile(self, profile: Profile) -> None:
        """Say in the status bar where requests go."""
        sandbox = ": drawn here, nothing charged" if profile.is_sandbox else ""
        self._parts.window.set_profile(f"{profile.shown}{sandbox}")

    def _show_keys(self) -> None:
        KeysDialog(TABLE, self._parts.window).open()

    def _on_originals_changed(self, is_on: bool) -> None:
        self._parts.intake.sends_originals = is_on
        self._parts.engine.set_sends_originals(is_on)
        self._parts.window.panel.renew_notes()
