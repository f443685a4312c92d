"""The studio completes the opened window and holds it until it is closed.

What the parts tell each other stands in `wiring`, one module for each feature.
"""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.job import Job, JobState
from imagine_desktop.domain.record import Picture, PictureId, SessionId
from imagine_desktop.domain.sight import Scope, ScopeKind, Sight
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import ImagineError
from imagine_desktop.library.integrity import Wrong
from imagine_desktop.library.library import check_up
from imagine_desktop.ui.opening import Opening
from imagine_desktop.ui.parts import Parts
from imagine_desktop.ui.shell.notices import NoticeKind
from imagine_desktop.ui.start import Launch
from imagine_desktop.ui.wiring.carrying import CarryingWiring
from imagine_desktop.ui.wiring.compose import ComposeWiring
from imagine_desktop.ui.wiring.curating import CuratingWiring
from imagine_desktop.ui.wiring.gallery import GalleryWiring
from imagine_desktop.ui.wiring.history import HistoryWiring
from imagine_desktop.ui.wiring.jobs import JobsWiring
from imagine_desktop.ui.wiring.picture import PictureWiring
from imagine_desktop.ui.wiring.saving import SavingWiring
from imagine_desktop.ui.wiring.settings import SettingsWiring


class Studio(QObject):
    """Owns the window and its parts.

    Signals:
        connection_wanted: a Profile and its Secret, or None, are to be used from now on.
        close_wanted: the person wants to close the window, and has been asked where that is due.
    """

    connection_wanted = Signal(object, object)
    close_wanted = Signal()

    def __init__(self, opening: Opening, engine: Engine, catalog: Catalog, launch: Launch) -> None:
        super().__init__()
        self._parts = Parts(opening, engine, catalog, launch, self)
        self._library = opening.library
        self.background, self.window, self.draft = opening.background, opening.window, self._parts.draft

    @property
    def steps(self) -> tuple[Callable[[], object], ...]:
        """What completes the window, in this order; the window is on the screen, and is painted in between."""
        parts = self._parts
        return (
            self.window.gallery.furnish,
            parts.make_panel,
            parts.make_history,
            parts.make_views,
            parts.make_rest,
            partial(ComposeWiring, parts),
            partial(GalleryWiring, parts),
            partial(CuratingWiring, parts),
            partial(PictureWiring, parts),
            partial(HistoryWiring, parts),
            self._connect_jobs,
            partial(SavingWiring, parts),
            partial(CarryingWiring, parts),
            self._connect_settings,
            self._connect_window,
            self._begin,
        )

    @property
    def session_id(self) -> SessionId | None:
        """The session that new turns join; None until the first one is made."""
        return self._parts.shelf.session_id

    def saved_pictures(self) -> list[Picture]:
        """The saved pictures of the current session, the oldest first; blocks for a read."""
        shown = self._library.records.found(Sight(Scope(ScopeKind.SESSION, self.session_id)))
        saved = [p for p in self._library.records.pictures(list(map(PictureId, shown.ids))) if p.is_whole]
        return sorted(saved, key=lambda picture: picture.id)

    def live_jobs(self) -> tuple[Job, ...]:
        """The jobs under way, as last heard of."""
        return self._jobs.live

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be sent or kept."""
        return bool(self._library.read_only)

    def after_first_frame(self) -> None:
        """What may wait until the window is on the screen."""
        self._parts.configuration.look_for_key()
        self._parts.giving.tidy()
        if not self.is_read_only:
            self.background.run(partial(check_up, self._library), self._on_checked_up, self._on_check_failed)

    def come_forward(self, files: list[Path]) -> None:
        """The program was started again on this library: show its window, and take the files."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        self._parts.intake.take_files(files)

    def close(self) -> None:
        """Keep what is to be kept and end the threads; the window goes last."""
        self._parts.keeper.keep()
        self._parts.configuration.save()
        self._parts.exporting.close()
        self._parts.emptying.close()
        self.background.close()
        self._parts.giving.close()
        self.window.let_close()
        self.window.deleteLater()
        self.deleteLater()

    def tell_unexpected(self, report_id: str) -> None:
        """Show that something went wrong which no code expected."""
        self.window.notices.show(
            f"Something went wrong that should not. The log has it under {report_id}.", NoticeKind.ERROR
        )

    def _connect_jobs(self) -> None:
        self._jobs = JobsWiring(self._parts)

    def _connect_settings(self) -> None:
        self._settings = SettingsWiring(self._parts)
        self._parts.configuration.profile_changed.connect(self.connection_wanted)

    def _connect_window(self) -> None:
        self.window.actions_by_id["new_session"].triggered.connect(self._parts.shelf.start_session)
        self.window.close_requested.connect(self._on_close_requested)
        self.window.connect_actions()
        self.window.arranged.connect(self._keep_arrangement)

    def _begin(self) -> None:
        parts = self._parts
        self._settings.show_profile(parts.launch.profile)
        parts.shelf.fill(parts.opening.newest)
        parts.intake.take_files(parts.launch.files)
        if self.is_read_only:
            text = f"The library is open for reading only. {self._library.read_only}"
            self.window.notices.show(text, NoticeKind.WARNING, timeout_s=math.inf)
            for action_id in ("new_session", "import"):
                self.window.actions_by_id[action_id].setEnabled(False)

    def _on_close_requested(self) -> None:
        self._keep_arrangement()
        if any(job.state is JobState.SENDING for job in self.live_jobs()):
            self.window.notices.show(
                "Paid pictures are still on their way; the window closes as soon as they are saved."
            )
        self.close_wanted.emit()

    def _keep_arrangement(self) -> None:
        geometry, panels = self.window.arrangement()
        self._parts.configuration.keep(window=geometry, panels=panels)

    def _on_checked_up(self, wrong: tuple[Wrong, ...]) -> None:
        if wrong:
            more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            text = f"{wrong[0].text}{more} `imagine-desktop library verify` lists all."
            self.window.notices.show(text, NoticeKind.WARNING)

    def _on_check_failed(self, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        self.window.notices.show_error(error)
