"""How pictures become sources: from the library, from files, from addresses, from the clipboard."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from imagine_desktop import paths
from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.request import AddressSource, FileSource, PictureSource, Source
from imagine_desktop.domain.story import Story
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.errors import BadInput, ImagineError, LibraryError
from imagine_desktop.settings import Settings
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.images import image_of, thumbnail_of

_FILTER = "Pictures (*.jpg *.jpeg *.png *.webp *.gif)"
_CHIP_PX = 256
_MOST_FILES = 40  # each is decoded to find out whether it is a picture


class Intake(QObject):
    """Adds sources to a draft; a file is checked before it joins.

    Signals:
        refused: an ImagineError that says why something is no source.
        taken: a source was added.
        story_found: a FileSource that was added tells how it was made; carries it and its Story.
    """

    refused = Signal(object)
    taken = Signal()
    story_found = Signal(object, object)

    def __init__(
        self,
        draft: Draft,
        reader: PictureReader,
        background: Background,
        parent: QWidget,
        settings: Settings,
    ) -> None:
        super().__init__(parent)
        self._draft = draft
        self._reader = reader
        self._background = background
        self._window = parent
        self.sends_originals = settings.send_originals

    def take_picture(self, picture_id: PictureId) -> None:
        """Make a library picture the one source: the start of an edit."""
        self._draft.set_sources([PictureSource(picture_id)])
        self.taken.emit()

    def add_picture(self, picture_id: PictureId) -> None:
        """Put a library picture behind the sources that are there."""
        self._draft.add_source(PictureSource(picture_id))
        self.taken.emit()

    def take_files(self, files: Sequence[Path]) -> None:
        """Add the person's files, those that are pictures, as far as the model takes so many sources."""
        self._check([FileSource(path) for path in files[:_MOST_FILES]])

    def take_address(self, url: str) -> None:
        """Add a picture on the web."""
        self._add(AddressSource(url))

    def load_story(self, source: FileSource, story: Story) -> None:
        """Ask for what made the file, in place of starting from it."""
        self._draft.set_sources(other for other in self._draft.sources if other != source)
        self._draft.recall(story)
        self.taken.emit()

    def ask_for_files(self) -> None:
        """Let the person choose files."""
        dialog = QFileDialog(self._window, "Add sources", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def paste(self) -> None:
        """Add what the clipboard holds: files, an address, or a picture, which is kept as a file."""
        data = QGuiApplication.clipboard().mimeData()
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        address = data.text().strip()
        if files:
            self.take_files(files)
        elif data.hasImage():
            self._keep_pasted(QImage(QGuiApplication.clipboard().image()))
        elif QUrl(address).scheme() in ("http", "https"):
            self.take_address(address)
        else:
            self.refused.emit(BadInput("Sources", "the clipboard holds no picture, file or address"))

    def thumbnail(self, source: Source, show: Callable[[QPixmap, str], None]) -> None:
        """Find a source's small picture and what becomes of it, off the window's thread, then `show` both."""
        if isinstance(source, AddressSource):
            show(QPixmap(), "The address is passed on; the API fetches the picture.")
            return
        originals = self.sends_originals
        self._background.run(
            lambda: self._small(source, originals),
            lambda found: show(QPixmap.fromImage(found[0]), found[1]),
            self._on_failed,
        )

    def _small(self, source: FileSource | PictureSource, originals: bool) -> tuple[QImage, str]:
        if isinstance(source, FileSource):
            limits = self._draft.catalog.limits
            pixels, sending = self._reader.preview(source.path, _CHIP_PX, limits, sends_originals=originals)
            return image_of(pixels), sending.sentence
        found = self._reader.thumbnails([source.picture_id], _CHIP_PX).get(source.picture_id)
        return (QImage() if found is None else thumbnail_of(found, _CHIP_PX)), ""

    def _keep_pasted(self, image: QImage) -> None:
        path = paths.home() / "pasted" / time.strftime("pasted %Y-%m-%d %H.%M.%S.png")

        def keep() -> Path:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not image.save(str(path)):
                raise LibraryError("The pasted picture could not be kept.", "Is the disk full?")
            return path

        self._background.run(keep, lambda kept: self.take_files([kept]), self._on_failed)

    def _check(self, sources: Sequence[FileSource]) -> None:
        """Add those that are pictures. They are looked at in one go: `<IMAGE_0>` is to be the first given."""
        self._background.run(
            lambda: [(source, self._examined(source)) for source in sources],
            self._take_checked,
            self._on_failed,
        )

    def _examined(self, source: FileSource) -> ImagineError | Story | None:
        """Why a file is no source, or what it tells of how it was made, if anything."""
        try:
            self._reader.preview(source.path, _CHIP_PX, self._draft.catalog.limits)
            return self._reader.story(source.path, self._draft.catalog.limits)
        except ImagineError as error:
            return error

    def _take_checked(self, checked: Sequence[tuple[FileSource, ImagineError | Story | None]]) -> None:
        model = self._draft.offer
        left_out = 0
        told = []
        for source, found in checked:
            if isinstance(found, ImagineError):
                self.refused.emit(found)
            elif len(self._draft.sources) < model.max_sources:
                self._add(source)
                told += [(source, found)] if found is not None else []
            else:
                left_out += 1
        for source, story in told[:1]:  # one offer is enough: several files are sources of an edit
            self.story_found.emit(source, story)
        if left_out:
            message = f"{model.name} takes {model.max_sources} at most; {left_out} left out"
            self.refused.emit(BadInput("Sources", message))

    def _add(self, source: Source) -> None:
        self._draft.add_source(source)
        self.taken.emit()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        self.refused.emit(error)
