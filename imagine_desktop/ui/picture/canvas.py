"""The surface on which one picture is zoomed and moved about."""

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QWidget

from imagine_desktop.ui.picture.full import Full
from imagine_desktop.ui.picture.viewport import Viewport, paint_label, paint_message, paint_stand_in
from imagine_desktop.ui.shell.theme import STEP, Colours

_NOTE = 24


class Canvas(Viewport):
    """One picture: first a stand-in, then itself in the same place, or a message that says why not.

    Signals:
        seen: something of another picture is on the screen now.
    """

    seen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._preview: QPixmap | None = None
        self._full: Full | None = None
        self._message = ""
        self._seen = QTimer(self, singleShot=True, interval=0)  # after all that is to be painted with it
        self._seen.timeout.connect(self.seen)
        self._is_new = False

    @property
    def message(self) -> str:
        """What is said in place of, or over, the picture."""
        return self._message

    @property
    def note(self) -> str:
        """What is said below the picture that is shown."""
        return self._full.note if self._full else ""

    @property
    def is_sharp(self) -> bool:
        """Whether the picture itself is shown, not a stand-in."""
        return self._full is not None

    def show_picture(self, size: QSize, preview: QPixmap | None, full: Full | None = None) -> None:
        """Show a picture of that size in pixels, by a smaller stand-in where it is not there itself yet."""
        self._preview, self._full, self._message = preview, None, ""
        self._is_new = True
        self.set_sheet(size)
        if full is not None:
            self.show_full(full)

    def show_preview(self, preview: QPixmap) -> None:
        """Put a stand-in, which came late, into the place."""
        self._preview = preview
        self.update()

    def show_full(self, full: Full) -> None:
        """Put the picture itself in place of its stand-in, where it lies now."""
        self._full, self._message = full, ""
        size = QSize(full.width, full.height)
        if size != self._size:  # its file was replaced by another one
            self.set_sheet(size)
        self.update()

    def show_message(self, message: str) -> None:
        """Say why there is no picture."""
        self._message = message
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._is_new = True

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_new:
            self._is_new = False
            self._seen.start()
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.fillRect(event.rect(), colours.window)
        if self._full is not None:
            self._full.paint(painter, self.target(), self.devicePixelRatioF())
        elif not self._message or (self._preview is not None and not self._preview.isNull()):
            paint_stand_in(painter, self.target(), self._preview, colours)
        if self._message:
            paint_message(painter, QRectF(self.rect()), self._message, colours)
        elif self.note:
            self._paint_note(painter, colours)

    def _paint_note(self, painter: QPainter, colours: Colours) -> None:
        width = min(self.width() - 4 * STEP, painter.fontMetrics().horizontalAdvance(self.note) + 6 * STEP)
        label = QRectF((self.width() - width) / 2, self.height() - _NOTE - 3 * STEP, width, _NOTE)
        paint_label(painter, label, self.note, colours)
