"""The menu of a picture: the same in the gallery, the history and the picture view."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QObject, QPoint, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QWidget

from imagine_desktop.domain.record import Picture, PictureId, PictureState
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.images import image_of


class PictureActs(QObject):
    """Offers what can be done with pictures.

    Signals:
        open, edit, add_source, compare, show_in_folder: a PictureId.
        save: a list of PictureId.
        use_prompt: the picture's prompt.
    """

    open = Signal(object)
    edit = Signal(object)
    add_source = Signal(object)
    compare = Signal(object)
    show_in_folder = Signal(object)
    save = Signal(object)
    use_prompt = Signal(str)

    def __init__(
        self, library: Library, reader: PictureReader, background: Background, window: QWidget
    ) -> None:
        super().__init__(window)
        self._library = library
        self._reader = reader
        self._background = background
        self._window = window

    def open_menu(self, where: QPoint, picture_ids: Sequence[PictureId]) -> None:
        """Open the menu of the first of these pictures; saving is for all of them."""
        ids = list(picture_ids)
        if ids:
            self._background.run(
                lambda: self._library.records.picture(ids[0]),
                lambda picture: None if picture is None else self._popup(where, picture, ids),
            )

    def _popup(self, where: QPoint, picture: Picture, ids: list[PictureId]) -> None:
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        is_saved = picture.state is PictureState.SAVED
        menu.addAction("Open").triggered.connect(lambda: self.open.emit(picture.id))
        for text, signal in (
            ("Edit this", self.edit),
            ("Add as source", self.add_source),
            ("Compare with parent", self.compare),
        ):
            action = menu.addAction(text)
            action.setEnabled(is_saved)
            action.triggered.connect(lambda _=False, wanted=signal: wanted.emit(picture.id))
        menu.addSeparator()
        use, copy_prompt = menu.addAction("Use prompt"), menu.addAction("Copy prompt")
        use.triggered.connect(lambda: self.use_prompt.emit(picture.prompt))
        copy_prompt.triggered.connect(lambda: _copy_text(picture.prompt))
        for action in (use, copy_prompt):
            action.setEnabled(bool(picture.prompt))
        copy = menu.addAction("Copy picture")
        copy.setEnabled(is_saved)
        copy.triggered.connect(lambda: self._copy(picture.id))
        menu.addSeparator()
        save = menu.addAction("Save as…" if len(ids) == 1 else f"Save {len(ids)} pictures…")
        save.setEnabled(is_saved)
        save.triggered.connect(lambda: self.save.emit(ids))
        folder = menu.addAction("Show in folder")
        folder.setEnabled(is_saved)
        folder.triggered.connect(lambda: self.show_in_folder.emit(picture.id))
        menu.popup(where)

    def _copy(self, picture_id: PictureId) -> None:
        path = self._library.picture_path(picture_id)

        def put(image: QImage) -> None:
            data = QMimeData()
            data.setImageData(image)
            data.setUrls([QUrl.fromLocalFile(str(path))])
            QGuiApplication.clipboard().setMimeData(data)

        self._background.run(lambda: image_of(self._reader.full(picture_id)), put)


def _copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
