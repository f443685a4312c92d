"""Which of the pictures in sight have files that something is wrong with; looked up in a thread."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from imagine_desktop.domain.record import PictureId
from imagine_desktop.engine.flaws import Flaw
from imagine_desktop.ui.background import Background

ReadFlaws = Callable[[Sequence[PictureId]], Mapping[PictureId, Flaw]]

_AFTER_MS = 300  # nothing is looked up while tiles scroll by
_MOST_KEPT = 20_000


class Flaws(QObject):
    """Remembers what was found; what was wrong once is looked at again each time it comes into sight.

    Signals:
        looked: some files were looked at; carries a list of PictureId.
    """

    looked = Signal(object)

    def __init__(
        self, read: ReadFlaws, background: Background, parent: QObject, *, after_ms: int = _AFTER_MS
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._background = background
        self._known: OrderedDict[PictureId, Flaw | None] = OrderedDict()
        self._wanted: list[PictureId] = []
        self._is_reading = False
        self._soon = QTimer(self, singleShot=True, interval=after_ms)
        self._soon.timeout.connect(self._start)

    def of(self, picture_id: PictureId) -> Flaw | None:
        """What is known to be wrong with a picture's file."""
        return self._known.get(picture_id)

    def is_known(self, picture_id: PictureId) -> bool:
        """Whether a picture's file was looked at."""
        return picture_id in self._known

    def want(self, picture_ids: Iterable[PictureId]) -> None:
        """Look at the files of these, once nothing else has been wanted for a moment."""
        self._wanted = list(picture_ids)
        self._soon.start()

    def _start(self) -> None:
        ids = [one for one in self._wanted if self._known.get(one) or one not in self._known]
        if ids and not self._is_reading:
            self._is_reading, self._wanted = True, []
            self._background.run(
                lambda: self._read(ids), lambda flaws: self._on_read(ids, flaws), self._on_read_failed
            )

    def _on_read(self, ids: Sequence[PictureId], flaws: Mapping[PictureId, Flaw]) -> None:
        self._is_reading = False
        for one in ids:
            self._known[one] = flaws.get(one)
            self._known.move_to_end(one)
        while len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)
        self.looked.emit(list(ids))
        self._start()

    def _on_read_failed(self, error: Exception) -> None:
        self._is_reading = False
        raise error
