"""Whole pictures, ready to be painted: decoded in a thread, the neighbours ahead of time, within a bound."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QPainter

from imagine_desktop.domain.pixels import Shown
from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import ImagineError
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.images import image_of
from imagine_desktop.ui.picture.mipmap import Mipmap

ReadShown = Callable[[PictureId, bool], Shown]

LIMIT_BYTES = 192_000_000
_AT_ONCE = 2  # as many as there are threads; the second one is only for what is on the screen


class Full:
    """A picture of `width` × `height` pixels, and a note where it is not shown as it was saved."""

    def __init__(self, shown: Shown) -> None:
        self._mipmap = Mipmap(image_of(shown.pixels))
        self.width, self.height, self.note = shown.width, shown.height, shown.note

    @property
    def byte_count(self) -> int:
        """What it holds of the memory."""
        return self._mipmap.byte_count

    def paint(self, painter: QPainter, target: QRectF, dpr: float) -> None:
        """Paint all of it into a rectangle."""
        self._mipmap.paint(painter, target, dpr)


class FullPictures(QObject):
    """A cache of whole pictures that lets go of those unused for longest.

    Signals:
        ready: a picture came; carries its PictureId.
        failed: a picture cannot be had; carries its PictureId and the reason.
    """

    ready = Signal(object)
    failed = Signal(object, str)

    def __init__(
        self, read: ReadShown, background: Background, parent: QObject, *, limit_bytes: int = LIMIT_BYTES
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._background = background
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[PictureId, Full] = OrderedDict()
        self._wanted: list[PictureId] = []
        self._needed: set[PictureId] = set()
        self._reading: set[PictureId] = set()
        self._stale: set[PictureId] = set()

    @property
    def kept_bytes(self) -> int:
        """How much the pictures hold now."""
        return sum(full.byte_count for full in self._kept.values())

    def get(self, picture_id: PictureId) -> Full | None:
        """A picture, if it is kept."""
        if picture_id in self._kept:
            self._kept.move_to_end(picture_id)
        return self._kept.get(picture_id)

    def want(self, needed: Sequence[PictureId], next_ones: Sequence[PictureId] = ()) -> None:
        """Decode what is on the screen, then what may be there next, the likeliest first.

        What was wanted before and has not begun is dropped: it has been passed.
        """
        self._needed = set(needed)
        self._wanted = list(dict.fromkeys([*needed, *next_ones]))
        self._start()

    def forget(self, picture_id: PictureId) -> None:
        """Let go of a picture whose file has changed."""
        self._kept.pop(picture_id, None)
        if picture_id in self._reading:
            self._stale.add(picture_id)

    def release(self) -> None:
        """Keep only what is needed: nobody is looking."""
        self.want([one for one in self._wanted if one in self._needed])
        for picture_id in [one for one in self._kept if one not in self._needed]:
            del self._kept[picture_id]

    def _start(self) -> None:
        for picture_id in self._wanted:
            is_needed = picture_id in self._needed
            if len(self._reading) >= (_AT_ONCE if is_needed else 1):
                return
            if picture_id not in self._kept and picture_id not in self._reading:
                self._decode(picture_id, is_needed)

    def _decode(self, picture_id: PictureId, is_needed: bool) -> None:
        self._reading.add(picture_id)
        self._background.run(
            lambda: Full(self._read(picture_id, is_needed)),
            lambda full: self._on_read(picture_id, full),
            lambda error: self._on_failed(picture_id, error),
        )

    def _on_read(self, picture_id: PictureId, full: Full) -> None:
        self._reading.discard(picture_id)
        if picture_id in self._stale:
            self._stale.discard(picture_id)
        else:
            self._kept[picture_id] = full
            self._make_room()
            self.ready.emit(picture_id)
        self._start()

    def _on_failed(self, picture_id: PictureId, error: Exception) -> None:
        self._reading.discard(picture_id)
        self._stale.discard(picture_id)
        is_wanted = picture_id in self._wanted
        self._wanted = [one for one in self._wanted if one != picture_id]
        self._start()
        if not isinstance(error, ImagineError):
            raise error
        if is_wanted:
            self.failed.emit(picture_id, error.sentences)

    def _make_room(self) -> None:
        """Drop first what is not wanted, then what is wanted least; what is needed stays, however large."""
        by_worth = [one for one in self._kept if one not in self._wanted]
        by_worth += [one for one in reversed(self._wanted) if one in self._kept]
        for picture_id in by_worth:
            if self.kept_bytes <= self._limit_bytes or picture_id in self._needed:
                return
            del self._kept[picture_id]
            # It would be decoded again at once, to be dropped again.
            self._wanted = [one for one in self._wanted if one != picture_id]
