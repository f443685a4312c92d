"""The pictures of the gallery as a list model: ids in an array, rows read a page at a time when seen."""

import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.faces import SeenJob, describe

if TYPE_CHECKING:
    from imagine_desktop.domain.job import Job

ReadPictures = Callable[[Sequence[PictureId]], list[Picture]]

PAGE = 256
_MAX_PAGES = 64
_NO_PARENT = QModelIndex()
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


@dataclass(slots=True)
class _Row:
    """What is known of one place: its picture once that was read, and the latest read asked for."""

    read: int
    picture: Picture | None = None


class GalleryModel(QAbstractListModel):
    """A place counts from the first id that was set: it stays the same when ids are put in front.

    Pages, and all that is kept of them, go by places; rows are places plus the number put in front.
    """

    def __init__(self, read_pictures: ReadPictures, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._read_pictures = read_pictures
        self._background = background
        self._front = array("q")  # the ids put in front, the newest last
        self._back = array("q")
        self._pages: OrderedDict[int, dict[int, _Row]] = OrderedDict()
        self._places: dict[PictureId, int] = {}  # of the ids on those pages
        self._jobs: dict[PictureId, SeenJob] = {}
        self._reads = 0

    def set_ids(self, ids: Iterable[PictureId], first: Sequence[Picture] = ()) -> None:
        """Show these pictures, in this order; `first` are rows of the first page that were read already."""
        self.beginResetModel()
        self._front = array("q")
        self._back = ids[:] if isinstance(ids, array) else array("q", ids)
        self._pages.clear()
        self._places.clear()
        if first:
            by_id = {picture.id: picture for picture in first}
            places = range(min(PAGE, len(self._back)))
            self._pages[0] = {place: _Row(0, by_id.get(self._id(place))) for place in places}
            self._places.update((self._id(place), place) for place in places)
        self.endResetModel()

    def append(self, ids: Sequence[PictureId]) -> None:
        """Put pictures behind those shown."""
        if ids:
            count = self.rowCount()
            self.beginInsertRows(QModelIndex(), count, count + len(ids) - 1)
            self._back.extend(ids)
            self.endInsertRows()

    def prepend(self, ids: Sequence[PictureId]) -> None:
        """Put pictures before those shown, in the order given."""
        if ids:
            self.beginInsertRows(QModelIndex(), 0, len(ids) - 1)
            self._front.extend(reversed(ids))
            self.endInsertRows()

    def refresh(self, ids: Iterable[PictureId]) -> None:
        """Read these pictures anew where their rows are kept."""
        self._read([place for place in map(self._places.get, ids) if place is not None])

    def set_job(self, job: "Job") -> None:
        """Show how far a job has come on the tiles of its pictures."""
        from imagine_desktop.domain.job import JobState

        for picture_id in job.picture_ids:
            if job.state is JobState.DONE:
                self._jobs.pop(picture_id, None)
            else:
                self._jobs[picture_id] = SeenJob(job, time.monotonic())
        self._changed([place for place in map(self._places.get, job.picture_ids) if place is not None])

    def job_of(self, picture_id: PictureId) -> "Job | None":
        """The job that makes a picture, until it is done; one that failed stays."""
        seen = self._jobs.get(picture_id)
        return seen.job if seen else None

    def seen_job_of(self, picture_id: PictureId) -> SeenJob | None:
        """The same, with when it was heard of."""
        return self._jobs.get(picture_id)

    def picture(self, row: int) -> Picture | None:
        """The picture at a row, or None until it is read; asks for its page where nobody has yet."""
        place = row - len(self._front)
        page = self._pages.get(place // PAGE)
        if page is None or place not in page:
            self._ask(place // PAGE)
            return None
        self._pages.move_to_end(place // PAGE)
        return page[place].picture

    def id_at(self, row: int) -> PictureId:
        """The id at a row."""
        return self._id(row - len(self._front))

    def ids_between(self, first: int, last: int) -> list[PictureId]:
        """The ids from one row to another, both among them."""
        offset = len(self._front)
        front = self._front[max(0, offset - 1 - last) : max(0, offset - first)]
        front.reverse()
        back = self._back[max(0, first - offset) : max(0, last + 1 - offset)]
        return cast(list[PictureId], (front + back).tolist())

    def row_of(self, picture_id: PictureId) -> int | None:
        """The row of a picture, or None where it is not shown; looks through all ids if it must."""
        place = self._places.get(picture_id)
        if place is not None:
            return place + len(self._front)
        offset = len(self._front)
        with suppress(ValueError):
            return offset - 1 - self._front.index(picture_id)
        with suppress(ValueError):
            return offset + self._back.index(picture_id)
        return None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._front) + len(self._back)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.AccessibleTextRole or not index.isValid():
            return None
        place = f"Picture {index.row() + 1} of {self.rowCount()}"
        picture = self.picture(index.row())
        if picture is None:
            return place
        face = describe(picture, self._jobs.get(picture.id), time.monotonic())
        parts = [place, face.text.lower() if face else "saved", picture.aspect_ratio]
        if picture.child_count:
            parts.append("edited once" if picture.child_count == 1 else f"edited {picture.child_count} times")
        return ", ".join([*parts, prompts.first_line(picture.prompt)]).rstrip(", ")

    def _id(self, place: int) -> PictureId:
        return PictureId(self._back[place] if place >= 0 else self._front[-place - 1])

    def _ask(self, number: int) -> None:
        """Read what is not known of a page, and let go of the page not looked at for longest."""
        page = self._pages.setdefault(number, {})
        self._pages.move_to_end(number)
        first = max(number * PAGE, -len(self._front))
        stop = min((number + 1) * PAGE, len(self._back))
        self._read([place for place in range(first, stop) if place not in page])
        if len(self._pages) > _MAX_PAGES:
            _, dropped = self._pages.popitem(last=False)
            for place in dropped:
                self._places.pop(self._id(place), None)

    def _read(self, places: list[int]) -> None:
        if not places:
            return
        self._reads += 1
        read = self._reads
        ids = [self._id(place) for place in places]
        for place, picture_id in zip(places, ids, strict=True):
            self._pages[place // PAGE].setdefault(place, _Row(read)).read = read
            self._places[picture_id] = place
        self._background.run(
            lambda: self._read_pictures(ids),
            lambda pictures: self._on_read(read, places, pictures),
            lambda error: self._on_read_failed(read, places, error),
        )

    def _on_read(self, read: int, places: list[int], pictures: list[Picture]) -> None:
        by_id = {picture.id: picture for picture in pictures}
        answered = []
        for place in places:
            row = self._pages.get(place // PAGE, {}).get(place)
            if row is not None and row.read == read:  # else let go of, or asked for again since
                row.picture = by_id.get(self._id(place))
                answered.append(place)
        self._changed(answered)

    def _on_read_failed(self, read: int, places: list[int], error: Exception) -> None:
        for place in places:
            page = self._pages.get(place // PAGE, {})
            if place in page and page[place].read == read and page[place].picture is None:
                del page[place]
        raise error

    def _changed(self, places: list[int]) -> None:
        if places:
            offset = len(self._front)
            self.dataChanged.emit(self.index(min(places) + offset), self.index(max(places) + offset))
