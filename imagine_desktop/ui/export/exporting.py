"""Exports off the window's thread: asks by dialog, tells how far it is, stops when told."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QWidget

from imagine_desktop.domain.record import CollectionId, PictureId, SessionId
from imagine_desktop.domain.sight import ScopeKind, Sight
from imagine_desktop.errors import BadInput, ImagineError
from imagine_desktop.export import exhibit, naming, order
from imagine_desktop.export.copies import Style
from imagine_desktop.export.order import Kind, Order
from imagine_desktop.export.outcome import Outcome
from imagine_desktop.export.target import OnCollision
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.export.dialog import ExportDialog, Wanted, Which
from imagine_desktop.ui.shell.configuration import Configuration
from imagine_desktop.ui.shell.notices import NoticeKind, Notices
from imagine_desktop.ui.shell.saving import open_folder

_TELL_EVERY_S = 0.05
_LOOK_EVERY_S = 0.1


class Stopped(Exception):
    """The person stopped the export."""


class _Offered(NamedTuple):
    """What could be exported when the dialog was opened."""

    ids: tuple[PictureId, ...]
    session_id: SessionId | None
    shown: Sight | None

    def chosen(self, library: Library, which: Which) -> tuple[list[PictureId], str]:
        """The pictures to export, and what they are called together; reads the library."""
        title = ""
        if which is Which.BRANCH:
            return exhibit.branch(library, self.ids[0]), f"Picture {self.ids[0]}"
        if which is Which.SESSION and self.session_id is not None:
            found = exhibit.of_session(library, self.session_id)
            title = library.records.session_name(self.session_id)
        elif which is Which.SHOWN and self.shown is not None:
            found = exhibit.in_sight(library, self.shown)
            if self.shown.scope.kind is ScopeKind.COLLECTION:
                by_id = {one.id: one.name for one in library.records.collections()}
                title = by_id.get(CollectionId(self.shown.scope.id or 0), "")  # none: it was removed meanwhile
        else:
            found = exhibit.in_order(library, self.ids)
        return found, title or "Pictures"


class Exporting(QObject):
    """One export at a time, in threads of its own: a long one keeps no picture from being shown.

    Signals:
        _progressed: done and of; crosses from the export's thread to the window's.
        _name_taken: the name of a file that is there already; crosses likewise.
    """

    _progressed = Signal(int, int)
    _name_taken = Signal(str)

    def __init__(
        self, library: Library, configuration: Configuration, notices: Notices, window: QWidget
    ) -> None:
        super().__init__(window)
        self._library = library
        self._configuration = configuration
        self._notices = notices
        self._window = window
        self._background = Background(self)
        self._stop = threading.Event()
        self._answers: SimpleQueue[OnCollision] = SimpleQueue()
        self._dialog: ExportDialog | None = None
        self._name_taken.connect(self._on_name_taken, Qt.ConnectionType.QueuedConnection)
        self._progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)

    def ask(self, ids: Sequence[PictureId], session_id: SessionId | None, shown: Sight | None) -> None:
        """Let the person export the selected, the branch of the one selected, the session, or all shown.

        `shown` is None where the gallery shows nothing.
        """
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        lacking = {}
        if not ids:
            lacking[Which.SELECTION] = "No picture is selected"
        if len(ids) != 1:
            lacking[Which.BRANCH] = "Select one picture: its branch is what it came from"
        if session_id is None:
            lacking[Which.SESSION] = "There is no session yet"
        if shown is None:
            lacking[Which.SHOWN] = "The gallery shows no picture"
        elif shown.scope.kind is ScopeKind.TRASH:
            lacking[Which.SHOWN] = "What is in the trash is not exported"
        if len(lacking) == len(Which):
            self._notices.show("There is no picture to export yet.")
            return
        kept = self._configuration.values
        dialog = ExportDialog(
            Path(kept.export_folder) if kept.export_folder else _pictures(),
            kept.export_template or naming.DEFAULT.text,
            has_metadata=kept.export_metadata,
            lacking=lacking,
            parent=self._window,
        )
        dialog.wanted.connect(partial(self._start, _Offered(tuple(ids), session_id, shown)))
        dialog.stop_wanted.connect(self._stop.set)
        dialog.answered.connect(self._on_answered)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.show()

    def style(self) -> Style:
        """How copies are made, as the person chose it last."""
        kept = self._configuration.values
        try:
            template = naming.parse(kept.export_template or naming.DEFAULT.text)
        except BadInput:  # somebody wrote it into the settings file; the dialog says what is wrong with it
            template = naming.DEFAULT
        return Style(template, kept.export_metadata)

    def close(self) -> None:
        """Stop what is under way and wait for it."""
        self._stop.set()
        self._background.close()

    def _start(self, offered: "_Offered", wanted: Wanted) -> None:
        self._stop.clear()
        self._configuration.keep(export_folder=str(wanted.folder))
        if wanted.kind.has_copies:
            self._configuration.keep(
                export_template=wanted.style.template.text, export_metadata=wanted.style.has_metadata
            )
        self._background.run(lambda: self._export(offered, wanted), self._on_exported, self._on_failed)

    def _export(self, offered: "_Offered", wanted: Wanted) -> Outcome:
        chosen, title = offered.chosen(self._library, wanted.which)
        to = wanted.folder
        if wanted.kind is not Kind.FOLDER:
            to /= naming.safe(title) + wanted.kind.extensions[0]
        told_s = 0.0

        def progress(done: int, of: int) -> None:
            nonlocal told_s
            if self._stop.is_set():
                raise Stopped
            if done == of or time.monotonic() - told_s > _TELL_EVERY_S:
                told_s = time.monotonic()
                self._progressed.emit(done, of)

        return order.carry_out(
            self._library,
            Order(
                tuple(chosen),
                wanted.kind,
                to,
                title,
                wanted.style,
                wanted.on_collision or self._ask_once,
                wanted.tempo,
            ),
            progress,
        )

    def _ask_once(self, path: Path) -> OnCollision:
        """Wait in the export's thread for the person's answer, or for the end."""
        self._name_taken.emit(path.name)
        while not self._stop.is_set():
            with suppress(Empty):
                return self._answers.get(timeout=_LOOK_EVERY_S)
        raise Stopped

    def _on_name_taken(self, name: str) -> None:
        if self._dialog is not None:
            self._dialog.ask_about(name)

    def _on_answered(self, answer: OnCollision) -> None:
        self._answers.put(answer)

    def _on_progressed(self, done: int, of: int) -> None:
        if self._dialog is not None:
            self._dialog.show_progress(done, of)

    def _on_exported(self, outcome: Outcome) -> None:
        self._end()
        tell_written(self._notices, outcome)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, Stopped):
            self._end()
            self._notices.show("The export was stopped. Files that were written are whole.")
        elif isinstance(error, ImagineError) and self._dialog is not None:
            self._dialog.show_failed(error.sentences)
        else:
            self._end()
            raise error

    def _end(self) -> None:
        if self._dialog is not None:
            self._dialog.end()

    def _on_dialog_finished(self) -> None:
        self._dialog = None


def tell_written(notices: Notices, outcome: Outcome) -> None:
    """Say what was written, and where, and what the person should know of it."""
    files = outcome.files
    if not files:
        notices.show(" ".join(["Nothing was written.", *outcome.notes]))
        return
    folder = files[0].parent
    what = files[0].name if len(files) == 1 else f"{len(files):,} files"
    text = " ".join([f"{what} written to {folder}.", *outcome.notes])
    notices.show(text, NoticeKind.SUCCESS, action_text="Show in folder", action=lambda: open_folder(folder))


def _pictures() -> Path:
    """Where the system keeps pictures."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(found) / "Imagine Desktop" if found else Path.home()
