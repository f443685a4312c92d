"""A person's own pictures into the library, by dialog; a notice tells how far it is and can stop it."""

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from imagine_desktop.domain.imports import Import, ImportChanged
from imagine_desktop.domain.job import Event
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import BadInput
from imagine_desktop.ui.feed import EngineFeed
from imagine_desktop.ui.shelf import Shelf
from imagine_desktop.ui.shell.notices import Notice, NoticeKind
from imagine_desktop.ui.shell.window import MainWindow

_MOST_LINES = 200
_MOST_NAMES = 3


class Importing(QObject):
    """Asks for a folder, has it imported, and shows the session that the pictures joined."""

    def __init__(self, engine: Engine, feed: EngineFeed, shelf: Shelf, window: MainWindow) -> None:
        super().__init__(window)
        self._engine = engine
        self._shelf = shelf
        self._window = window
        self._notice: Notice | None = None
        feed.received.connect(self._on_event)
        window.actions_by_id["import"].triggered.connect(self.ask_for_folder)

    def ask_for_folder(self) -> None:
        """Let the person choose a folder."""
        dialog = QFileDialog(self._window, "Import a folder: its pictures are copied into the library")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.take([Path(name)]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, paths: Sequence[Path], session_name: str = "") -> None:
        """Import these folders and files; without a name the sessions are called as their folders."""
        try:
            self._engine.import_pictures(paths, session_name)
        except BadInput as error:
            self._window.notices.show_error(error)
            return
        self._notice = self._window.notices.show(
            "Looking for pictures…",
            action_text="Stop import",
            action=self._engine.cancel_import,
            timeout_s=math.inf,
        )

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, ImportChanged):
            return
        state = event.state
        if not event.is_end:
            if self._notice is not None:
                self._notice.set_text(f"Importing: {state.seen_count:,} of {state.file_count:,} files.")
            return
        if self._notice is not None:
            self._notice.close()
            self._notice = None
        if event.error is not None:
            self._window.notices.show_error(event.error)
        else:
            self._tell(state)
        if state.added_count:
            self._shelf.show_session_named(state.sessions[-1])

    def _tell(self, state: Import) -> None:
        kind = NoticeKind.WARNING if state.fault_count else NoticeKind.SUCCESS
        lines = [f"{one.path}: {one.reason}" for one in state.skipped[:_MOST_LINES]]
        self._window.notices.show(summary(state), kind, detail="\n".join(lines))


def summary(state: Import) -> str:
    """What came of an import, in a sentence or two."""
    added = "1 picture" if state.added_count == 1 else f"{state.added_count:,} pictures"
    parts = [f"{added} imported."]
    if state.known_count:
        parts.append(f"{state.known_count:,} were in the library already.")
    if state.fault_count:
        parts.append(f"{state.fault_count:,} could not be imported: {_first(state)}.")
    if state.foreign_count:
        were = "file was" if state.foreign_count == 1 else "files were"
        parts.append(f"{state.foreign_count:,} other {were} left out.")
    if state.is_cancelled:
        parts.append("Stopped; the same folder again goes on from here.")
    return " ".join(parts)


def _first(state: Import) -> str:
    """The first of those that could not be imported, with the reasons."""
    faults = [one for one in state.skipped if one.is_fault][:_MOST_NAMES]
    told = "; ".join(f"{Path(one.path).name} ({one.reason})" for one in faults)
    more = state.fault_count - len(faults)
    return f"{told} and {more:,} more" if more else told
