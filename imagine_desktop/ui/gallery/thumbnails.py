"""Small pictures for the gallery: read and scaled in a thread, kept within a number of bytes."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.images import thumbnail_of

_BATCH = 16
_BATCHES_AT_ONCE = 2
_SIZES_PX = (256, 512)
LIMIT_BYTES = 32_000_000  # two windows full; what was dropped is read again in a millisecond a tile


class ReadThumbnails(Protocol):
    """Reads thumbnails as JPEG, that long or the next size there is; or makes them `anew`, of those damaged."""

    def __call__(
        self, picture_ids: Sequence[PictureId], size_px: int, /, *, anew: bool = False
    ) -> Mapping[PictureId, bytes]: ...


class Thumbnails(QObject):
    """A cache of pixmaps that lets go of those unused for longest.

    Each is scaled in its thread to the box it is painted in, so that painting is a plain copy.

    Signals:
        ready: pixmaps came; carries a list of PictureId.
    """

    ready = Signal(object)

    def __init__(
        self,
        read: ReadThumbnails,
        background: Background,
        parent: QObject,
        *,
        box_px: int = _SIZES_PX[0],
        limit_bytes: int = LIMIT_BYTES,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._background = background
        self._limit_bytes = limit_bytes
        self._kept_bytes = 0
        self._pixmaps: OrderedDict[PictureId, tuple[int, QPixmap]] = OrderedDict()
        self._wanted: list[PictureId] = []
        self._near: frozenset[PictureId] = frozenset()
        self._box_px = box_px
        self._reading: set[PictureId] = set()
        self._batches = 0
        self._absent: set[PictureId] = set()
        self._next = QTimer(self, singleShot=True, interval=0)  # gathers what one paint asks for
        self._next.timeout.connect(self._start)

    @property
    def kept_bytes(self) -> int:
        """How much the pixmaps hold now."""
        return self._kept_bytes

    @property
    def box_px(self) -> int:
        """The square that thumbnails are scaled to fit now."""
        return self._box_px

    def pixmap(self, picture_id: PictureId) -> QPixmap | None:
        """What is kept of a picture, at once; where there is nothing it is read and `ready` says so.

        It may have been scaled for another box.
        """
        kept = self._pixmaps.get(picture_id)
        if kept is None:
            if picture_id not in self._absent and picture_id not in self._wanted:
                self._wanted.append(picture_id)
                self._next.start()
            return None
        self._pixmaps.move_to_end(picture_id)
        return kept[1]

    def kept_box_px(self, picture_id: PictureId) -> int:
        """The box that the kept pixmap of a picture fits, in device pixels; 0 where there is none."""
        return self._pixmaps[picture_id][0] if picture_id in self._pixmaps else 0

    def is_absent(self, picture_id: PictureId) -> bool:
        """Whether a picture was found to have no thumbnail, and none could be made."""
        return picture_id in self._absent

    def is_awaited(self, picture_id: PictureId) -> bool:
        """Whether there is no pixmap of a picture yet, but may be one."""
        return picture_id not in self._pixmaps and picture_id not in self._absent

    def want(self, picture_ids: Iterable[PictureId], box_px: int) -> None:
        """Read these, the first ones first, to fit a square of `box_px` device pixels.

        What was wanted before and has not begun is dropped: it has been scrolled away. These are kept whatever
        they measure: on a large screen they may be more than the bound.
        """
        self._box_px = box_px
        self._wanted = list(picture_ids)
        self._near = frozenset(self._wanted)
        self._next.start()

    def forget(self, picture_ids: Iterable[PictureId]) -> None:
        """Drop what is kept of pictures whose thumbnails have changed."""
        for picture_id in picture_ids:
            self._absent.discard(picture_id)
            self._drop(picture_id)

    def _start(self) -> None:
        self._wanted = [
            one for one in self._wanted if one not in self._absent and self.kept_box_px(one) != self._box_px
        ]
        while self._batches < _BATCHES_AT_ONCE:
            batch = [one for one in self._wanted if one not in self._reading][:_BATCH]
            if not batch:
                return
            self._reading.update(batch)
            self._batches += 1
            self._run(batch, self._box_px)

    def _run(self, batch: list[PictureId], box_px: int) -> None:
        size_px = next((size for size in _SIZES_PX if size >= box_px), _SIZES_PX[-1])

        def work() -> dict[PictureId, QImage]:
            images = _decoded(self._read(batch, size_px), box_px)
            damaged = [one for one, image in images.items() if image.isNull()]
            if damaged:
                images |= _decoded(self._read(damaged, size_px, anew=True), box_px)
            return {one: image for one, image in images.items() if not image.isNull()}

        self._background.run(
            work,
            lambda images: self._on_read(batch, box_px, images),
            lambda error: self._on_read_failed(batch, error),
        )

    def _on_read(self, batch: list[PictureId], box_px: int, images: Mapping[PictureId, QImage]) -> None:
        self._end(batch)
        self._absent.update(one for one in batch if one not in images)
        for picture_id, image in images.items():
            self._drop(picture_id)
            self._pixmaps[picture_id] = (box_px, QPixmap.fromImage(image))
            self._kept_bytes += image.sizeInBytes()
        self._make_room()
        self._start()
        self.ready.emit(list(images))

    def _make_room(self) -> None:
        """Drop those unused for longest; as much again as is asked for remains for other views."""
        near = [one for one in self._near if one in self._pixmaps]
        bound = max(self._limit_bytes, 2 * sum(_byte_count(self._pixmaps[one][1]) for one in near))
        for picture_id in [one for one in self._pixmaps if one not in self._near]:
            if self._kept_bytes <= bound:
                return
            self._drop(picture_id)

    def _on_read_failed(self, batch: list[PictureId], error: Exception) -> None:
        self._end(batch)
        self._absent.update(batch)
        self._start()
        raise error

    def _end(self, batch: list[PictureId]) -> None:
        self._batches -= 1
        self._reading.difference_update(batch)

    def _drop(self, picture_id: PictureId) -> None:
        kept = self._pixmaps.pop(picture_id, None)
        if kept is not None:
            self._kept_bytes -= _byte_count(kept[1])


def _byte_count(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _decoded(jpegs: Mapping[PictureId, bytes], box_px: int) -> dict[PictureId, QImage]:
    return {one: thumbnail_of(jpeg, box_px) for one, jpeg in jpegs.items()}
