"""The pictures of the gallery as a list model: ids in an array, rows read a page at a time when seen."""

import sys
import time
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from itertools import count as counting
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.domain.sight import Section
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

    Signals:
        rows_about_to_go: the model is about to be reset, to be without some rows; carries them in order.
    """

    rows_about_to_go = Signal(object)

    def __init__(self, read_pictures: ReadPictures, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._read_pictures = read_pictures
        self._background = background
        self._front = array("q")  # the ids put in front, the newest last
        self._back = array("q")
        self._sections: list[Section] = []
        self._section_counts: list[int] = []
        self._pages: OrderedDict[int, dict[int, _Row]] = OrderedDict()
        self._places: dict[PictureId, int] = {}  # of the ids on those pages
        self._jobs: dict[PictureId, SeenJob] = {}
        self._reads = 0

    @property
    def section_counts(self) -> list[int]:
        """How many rows each section has, none where there are no sections; another list after a change."""
        return self._section_counts

    def section(self, number: int) -> Section:
        """One of the sections, counted from the top."""
        return self._sections[number]

    def set_ids(
        self, ids: Iterable[PictureId], first: Sequence[Picture] = (), sections: Iterable[Section] = ()
    ) -> None:
        """Show these pictures, in this order; `first` are rows of the first page that were read already.

        The sections, where there are any, hold all of them. An array of ids is kept, and must not change.
        """
        self.beginResetModel()
        self._front = array("q")
        self._back = ids if isinstance(ids, array) else array("q", ids)
        self._divide([section for section in sections if section.count])
        self._pages.clear()
        self._places.clear()
        if first:
            by_id = {picture.id: picture for picture in first}
            places = range(min(PAGE, len(self._back)))
            self._pages[0] = {place: _Row(0, by_id.get(self._id(place))) for place in places}
            self._places.update((self._id(place), place) for place in places)
        self.endResetModel()

    def complete(self, ids: Iterable[PictureId]) -> None:
        """Show all of what `set_ids` was given only the beginning of."""
        whole = ids[:] if isinstance(ids, array) else array("q", ids)
        count = len(self._back)
        if self._front or self._sections or whole[:count] != self._back:
            self.set_ids(map(PictureId, whole))
        elif len(whole) > count:
            self.beginInsertRows(QModelIndex(), count, len(whole) - 1)
            self._back = whole
            self.endInsertRows()

    def prepend(self, ids: Sequence[PictureId], section: Section | None = None) -> None:
        """Put pictures before those shown, in the order given.

        Where the gallery is divided they join the first section, or begin this one if its key is another.
        """
        if not ids:
            return
        self.beginInsertRows(QModelIndex(), 0, len(ids) - 1)
        is_divided = bool(self._sections) or not self.rowCount()
        if section is not None and is_divided and [one.key for one in self._sections[:1]] != [section.key]:
            self._sections.insert(0, replace(section, count=0))
        self._front.extend(reversed(ids))
        if self._sections:
            self._sections[0] = replace(self._sections[0], count=self._sections[0].count + len(ids))
            self._divide(self._sections)
        self.endInsertRows()

    def remove(self, ids: Iterable[PictureId]) -> None:
        """Show these pictures no more.

        The model is reset, once: taking rows away run by run would cost as many steps as there are runs, and
        in each everything behind it would move.
        """
        rows = self._rows_of(set(ids))
        if not rows:
            return
        self.rows_about_to_go.emit(rows)
        self.beginResetModel()
        self._lay_pages_anew(len(self._front), rows)
        starts = [0, *(row + 1 for row in rows)]
        everything, self._front, self._back = self._everything(), array("q"), array("q")
        for start, stop in zip(starts, [*rows, len(everything)], strict=True):
            self._back.extend(everything[start:stop])
        self._divide(_without(self._sections, rows))
        self.endResetModel()

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
        in_front = _find(self._front, picture_id)
        if in_front is not None:
            return offset - 1 - in_front
        behind = _find(self._back, picture_id)
        return None if behind is None else offset + behind

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
        if self._sections:
            place += f", {self._title_of(index.row())}"
        picture = self.picture(index.row())
        if picture is None:
            return place
        face = describe(picture, self._jobs.get(picture.id), time.monotonic())
        parts = [place, face.text.lower() if face else "saved", picture.aspect_ratio]
        if picture.child_count:
            parts.append("edited once" if picture.child_count == 1 else f"edited {picture.child_count} times")
        parts += ["starred"] * picture.is_starred + ["in the trash"] * (picture.trashed is not None)
        return ", ".join([*parts, prompts.first_line(picture.prompt)]).rstrip(", ")

    def _id(self, place: int) -> PictureId:
        return PictureId(self._back[place] if place >= 0 else self._front[-place - 1])

    def _divide(self, sections: list[Section]) -> None:
        self._sections = sections
        self._section_counts = [section.count for section in sections]

    def _title_of(self, row: int) -> str:
        for section in self._sections:
            row -= section.count
            if row < 0:
                return section.title
        raise IndexError(row)

    def _everything(self) -> "array[int]":
        return self._front[::-1] + self._back

    def _rows_of(self, wanted: set[PictureId]) -> list[int]:
        """The rows of those of the pictures that are shown, in order."""
        offset = len(self._front)
        if wanted <= self._places.keys():
            return sorted(self._places[one] + offset for one in wanted)
        return list(compress(counting(), map(wanted.__contains__, self._everything())))

    def _lay_pages_anew(self, offset: int, gone: Sequence[int]) -> None:
        """Keep what was read, under the places that the pictures have now that some rows are gone.

        `offset` is how many were in front; now none are, and a place is a row.
        """
        old, at = self._pages, self._places
        ids = {place: picture_id for picture_id, place in at.items()}
        self._pages, self._places = OrderedDict(), {}
        for page in old.values():
            for place, row in page.items():
                below = bisect_left(gone, place + offset)
                if below < len(gone) and gone[below] == place + offset:
                    continue
                now = place + offset - below
                self._pages.setdefault(now // PAGE, {})[now] = row
                self._places[ids[place]] = now

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
            lambda pictures: self._on_read(read, ids, pictures),
            lambda error: self._on_read_failed(read, ids, error),
        )

    def _on_read(self, read: int, ids: list[PictureId], pictures: list[Picture]) -> None:
        by_id = {picture.id: picture for picture in pictures}
        places = []
        for picture_id in ids:
            place = self._places.get(picture_id)
            row = None if place is None else self._pages[place // PAGE].get(place)
            if place is not None and row is not None and row.read == read:  # else asked for again since
                row.picture = by_id.get(picture_id)
                places.append(place)
        self._changed(places)

    def _on_read_failed(self, read: int, ids: list[PictureId], error: Exception) -> None:
        for picture_id in ids:
            place = self._places.get(picture_id)
            row = None if place is None else self._pages[place // PAGE].get(place)
            if place is not None and row is not None and row.read == read and row.picture is None:
                del self._pages[place // PAGE][place], self._places[picture_id]
        raise error

    def _changed(self, places: list[int]) -> None:
        if places:
            offset = len(self._front)
            self.dataChanged.emit(self.index(min(places) + offset), self.index(max(places) + offset))


def _find(ids: "array[int]", picture_id: PictureId) -> int | None:
    """Where an id stands; `array.index` would make a number of each it passes, in eight times the time."""
    data, needle = ids.tobytes(), picture_id.to_bytes(ids.itemsize, sys.byteorder, signed=True)
    at = data.find(needle)
    while at % ids.itemsize and at >= 0:  # across two of them
        at = data.find(needle, at + 1)
    return None if at < 0 else at // ids.itemsize


def _without(sections: Sequence[Section], gone: Sequence[int]) -> list[Section]:
    """The sections, counted without some rows; those that have none left are gone too."""
    left, first = [], 0
    for section in sections:
        stop = first + section.count
        count = section.count - (bisect_left(gone, stop) - bisect_left(gone, first))
        if count:
            left.append(section if count == section.count else replace(section, count=count))
        first = stop
    return left
