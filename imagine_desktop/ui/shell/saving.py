"""One picture saved as a file that the person names, and where its own file lies."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import ImagineError
from imagine_desktop.export import folder as folders
from imagine_desktop.export.outcome import Outcome
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background


class Saving(QObject):
    """Asks where to, then copies off the window's thread.

    Signals:
        saved: an Outcome: a file was written.
        export_wanted: several pictures are to be saved; carries their ids.
        failed: an ImagineError.
    """

    saved = Signal(object)
    export_wanted = Signal(object)
    failed = Signal(object)

    def __init__(self, library: Library, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._background = background
        self._window = window

    def ask_to_save(self, ids: Sequence[PictureId]) -> None:
        """Let the person name the file of one picture; several are exported."""
        if len(ids) != 1:
            self.export_wanted.emit(ids)
            return
        picture_id = ids[0]
        self._background.run(
            lambda: self._library.picture_path(picture_id),
            lambda path: self._ask_for_name(picture_id, path),
            self._on_failed,
        )

    def show_in_folder(self, picture_id: PictureId) -> None:
        """Open the folder that holds a picture's file."""
        self._background.run(
            lambda: self._library.picture_path(picture_id),
            lambda path: open_folder(path.parent),
            self._on_failed,
        )

    def _ask_for_name(self, picture_id: PictureId, path: Path) -> None:
        dialog = QFileDialog(self._window, "Save as", f"picture {picture_id}{path.suffix}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(path.suffix.removeprefix("."))

        def save(name: str) -> None:
            def work() -> Outcome:
                folders.save_as(self._library, picture_id, Path(name))
                return Outcome((Path(name),), 1)

            self._run(work)

        dialog.fileSelected.connect(save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _run(self, work: Callable[[], Outcome]) -> None:
        self._background.run(work, self.saved.emit, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        self.failed.emit(error)


def open_folder(folder: Path) -> None:
    """Show a folder in the desktop's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
