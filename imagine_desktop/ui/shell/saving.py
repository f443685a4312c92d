"""Pictures out of the library, by dialog: one as a file, several into a folder."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from imagine_desktop.domain.record import PictureId, SessionId
from imagine_desktop.errors import ImagineError
from imagine_desktop.export import folder as folders
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background


class Saving(QObject):
    """Asks where to, then copies off the window's thread.

    Signals:
        saved: files were written; carries a list of Path.
        failed: an ImagineError.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, library: Library, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._background = background
        self._window = window

    def ask_to_export(self, ids: Sequence[PictureId], session_id: SessionId | None) -> None:
        """Let the person choose a folder for these pictures, or for all of a session where there are none."""
        dialog = QFileDialog(self._window, "Export to a folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.export(ids, session_id, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, ids: Sequence[PictureId], session_id: SessionId | None, folder: Path) -> None:
        """Copy the pictures, or all of the session, into a folder."""

        def work() -> list[Path]:
            chosen = list(ids) or list(reversed(self._library.records.gallery(session_id)))
            return list(folders.export(self._library, chosen, folder).files)

        self._run(work)

    def ask_to_save(self, ids: Sequence[PictureId]) -> None:
        """Let the person name the file of one picture, or choose the folder of several."""
        if len(ids) != 1:
            self.ask_to_export(ids, None)
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
            def work() -> list[Path]:
                folders.save_as(self._library, picture_id, Path(name))
                return [Path(name)]

            self._run(work)

        dialog.fileSelected.connect(save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _run(self, work: Callable[[], list[Path]]) -> None:
        self._background.run(work, self.saved.emit, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        self.failed.emit(error)


def open_folder(folder: Path) -> None:
    """Show a folder in the desktop's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
