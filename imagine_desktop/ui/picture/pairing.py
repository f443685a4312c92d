"""A picture that waits for another one to be compared with: the next one that is clicked."""

import math

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.view import TileView
from imagine_desktop.ui.shell.notices import Notice, Notices


class Pairing(QObject):
    """Takes the next click in the gallery for the other picture; Esc or the notice's button gives it up.

    Signals:
        paired: two PictureId, the first chosen one first.
    """

    paired = Signal(object, object)

    def __init__(self, grid: TileView, model: GalleryModel, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._model = model
        self._notices = notices
        self._first: PictureId | None = None
        self._notice: Notice | None = None
        grid.installEventFilter(self)
        grid.viewport().installEventFilter(self)

    def begin(self, picture_id: PictureId) -> None:
        """Wait for the other picture."""
        self.end()
        self._first = picture_id
        self._grid.set_compared(picture_id)
        self._notice = self._notices.show(
            "Click the picture to compare with.", action_text="Cancel", action=self.end, timeout_s=math.inf
        )

    def take(self, picture_id: PictureId) -> bool:
        """Compare with this picture, where one waits; whether one did."""
        first = self._first
        self.end()
        if first is not None:
            self.paired.emit(first, picture_id)
        return first is not None

    def end(self) -> None:
        """Wait no longer."""
        self._first = None
        self._grid.set_compared(None)
        if self._notice is not None:
            self._notice.close()
            self._notice = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._first is None:
            return False
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.KeyPress:
                self.end()
            return True
        if event.type() is QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            index = self._grid.indexAt(event.position().toPoint())
            if event.button() is Qt.MouseButton.LeftButton and index.isValid():
                return self.take(self._model.id_at(index.row()))
        return False
