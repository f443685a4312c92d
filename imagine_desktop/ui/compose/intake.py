"""How pictures become sources: from the library, from files, from addresses, from pixels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.request import AddressSource, FileSource, PictureSource, Source, address_problem
from imagine_desktop.domain.story import Story
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.errors import BadInput, ImagineError
from imagine_desktop.settings import Settings
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.carrying import keeping
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.images import image_of, thumbnail_of

_FILTER = "Pictures (*.jpg *.jpeg *.png *.webp *.gif)"
_CHIP_PX = 256
_MOST_FILES = 40  # each is decoded to find out whether it is a picture
_MOST_NAMES = 3


class Intake(QObject):
    """Adds sources to a draft; a file is checked before it joins.

    Signals:
        refused: an ImagineError that says why something is no source.
        taken: sources were added.
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

    def add_pictures(self, picture_ids: Sequence[PictureId]) -> None:
        """Put library pictures behind the sources that are there."""
        self._add([PictureSource(picture_id) for picture_id in picture_ids])

    def take_files(self, files: Sequence[Path]) -> None:
        """Add the person's files, those that are pictures, as far as the model takes so many sources.

        They are looked at in one go: `<IMAGE_0>` is to be the first given.
        """
        room = self._room
        self._background.run(lambda: self._examined(files, room), self._take_examined, self.fail)

    def take_addresses(self, urls: Sequence[str]) -> None:
        """Add pictures on the web."""
        for problem in filter(None, map(address_problem, urls)):
            self.refused.emit(BadInput("Sources", problem))
            return
        self._add([AddressSource(url) for url in urls])

    def take_pixels(self, pixels: keeping.Pixels) -> None:
        """Add a picture that is in no file yet; it is kept as one."""
        self._background.run(lambda: keeping.keep(pixels), lambda kept: self.take_files([kept]), self.fail)

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

    def thumbnail(self, source: Source, show: Callable[[QPixmap, str], None]) -> None:
        """Find a source's small picture and what becomes of it, off the window's thread, then `show` both."""
        if isinstance(source, AddressSource):
            show(QPixmap(), "The address is passed on; the API fetches the picture.")
            return
        originals = self.sends_originals
        self._background.run(
            lambda: self._small(source, originals),
            lambda found: show(QPixmap.fromImage(found[0]), found[1]),
            self.fail,
        )

    def _small(self, source: FileSource | PictureSource, originals: bool) -> tuple[QImage, str]:
        if isinstance(source, FileSource):
            limits = self._draft.catalog.limits
            pixels, sending = self._reader.preview(source.path, _CHIP_PX, limits, sends_originals=originals)
            return image_of(pixels), sending.sentence
        found = self._reader.thumbnails([source.picture_id], _CHIP_PX).get(source.picture_id)
        return (QImage() if found is None else thumbnail_of(found, _CHIP_PX)), ""

    @property
    def _room(self) -> int:
        """How many more sources the model takes."""
        return max(0, self._draft.offer.max_sources - len(self._draft.sources))

    def _examined(self, files: Sequence[Path], room: int) -> "_Examined":
        """Look at files until there are enough sources among them."""
        taken: list[tuple[FileSource, Story | None]] = []
        refused: list[tuple[str, ImagineError]] = []
        looked_at = 0
        limits = self._draft.catalog.limits
        for path in files[:_MOST_FILES]:
            if len(taken) == room:
                break
            looked_at += 1
            try:
                self._reader.preview(path, _CHIP_PX, limits)
                taken.append((FileSource(path), self._reader.story(path, limits)))
            except ImagineError as error:
                refused.append((path.name, error))
        return _Examined(taken, refused, len(files) - looked_at)

    def _take_examined(self, found: "_Examined") -> None:
        self._add([source for source, _ in found.taken], found.left_out, found.refused)
        stories = [
            (one, story) for one, story in found.taken if story is not None and one in self._draft.sources
        ]
        for source, story in stories[:1]:  # one offer is enough: several files are sources of an edit
            self.story_found.emit(source, story)

    def _add(
        self,
        sources: Sequence[Source],
        left_out: int = 0,
        refused: Sequence[tuple[str, ImagineError]] = (),
    ) -> None:
        """Add what there is room for; one message says what was not taken."""
        room, model = self._room, self._draft.offer
        self._draft.set_sources((*self._draft.sources, *sources[:room]))
        if sources[:room]:
            self.taken.emit()
        left_out += max(0, len(sources) - room)
        if len(refused) == 1 and not left_out:
            self.refused.emit(refused[0][1])
        elif refused or left_out:
            limit = f"of so many files {_MOST_FILES} are looked at"
            if not self._room:
                limit = f"{model.name} takes {model.max_sources} at most"
            self.refused.emit(BadInput("Sources", _not_taken(limit, left_out, refused)))

    def fail(self, error: Exception) -> None:
        """Say why something could not be taken; what nobody expected is raised."""
        if not isinstance(error, ImagineError):
            raise error
        self.refused.emit(error)


@dataclass(frozen=True, slots=True)
class _Examined:
    """What came of looking at files: sources with their stories, names and why not, and how many more."""

    taken: Sequence[tuple[FileSource, Story | None]]
    refused: Sequence[tuple[str, ImagineError]]
    left_out: int


def _not_taken(limit: str, left_out: int, refused: Sequence[tuple[str, ImagineError]]) -> str:
    """What was left out for a limit, and what was not taken and why, with the first names."""
    told = []
    if left_out:
        told.append(f"{limit}; {left_out:,} left out")
    if refused:
        names = ", ".join(name for name, _ in refused[:_MOST_NAMES])
        more = f" and {len(refused) - _MOST_NAMES:,} more" if len(refused) > _MOST_NAMES else ""
        why = refused[0][1].message.removeprefix("Sources: ")
        told.append(f"not used: {names}{more}. The first because {why}")
    return "; ".join(told)
