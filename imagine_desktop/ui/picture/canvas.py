"""The surface on which one picture is zoomed and moved about."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from imagine_desktop.ui.picture.mipmap import Mipmap
from imagine_desktop.ui.shell.theme import PANEL_RADIUS, STEP, Colours

MAX_ZOOM = 32.0
_NOTCH = 120  # the wheel's own unit for one step
_STEP = 1.2


class Canvas(QWidget):
    """Zoom is device pixels to one pixel of the picture: 1 shows it exactly, whatever the screen's scale.

    Signals:
        zoom_changed: how large the picture is shown now.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._size = QSize()
        self._preview: QPixmap | None = None
        self._full: Mipmap | None = None
        self._message = ""
        self._zoom = 1.0
        self._is_fit = True
        self._centre = QPointF()  # the point of the picture that lies in the middle
        self._dragged_from: QPoint | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)

    @property
    def zoom(self) -> float:
        """Device pixels to one pixel of the picture."""
        return self._zoom

    @property
    def is_fit(self) -> bool:
        """Whether the zoom follows the size of the canvas."""
        return self._is_fit

    @property
    def message(self) -> str:
        """What is said in place of, or over, the picture."""
        return self._message

    def show_preview(self, size: QSize, preview: QPixmap | None) -> None:
        """Show a picture of that size in pixels by a smaller stand-in, until `show_full` brings itself."""
        self._size, self._preview, self._full, self._message = size, preview, None, ""
        self.fit()

    def show_full(self, full: Mipmap) -> None:
        """Put the picture itself in place of its stand-in, where it lies now."""
        self._full = full
        self.update()

    def show_message(self, message: str) -> None:
        """Say why there is no picture."""
        self._message = message
        self.update()

    def fit(self) -> None:
        """Show all of the picture, no larger than life."""
        self._is_fit = True
        self._set(self._fit_zoom(), QPointF(self._size.width() / 2, self._size.height() / 2))

    def set_zoom(self, zoom: float, still: QPointF | None = None) -> None:
        """Zoom so that the point of the picture under a position of the canvas stays there."""
        if self._size.isEmpty():
            return
        zoom = min(max(zoom, min(self._fit_zoom(), 1.0)), MAX_ZOOM)
        position = QRectF(self.rect()).center() if still is None else still
        point = self.point_at(position)
        offset = (position - QRectF(self.rect()).center()) * self.devicePixelRatioF() / zoom
        self._is_fit = False
        self._set(zoom, point - offset)

    def zoom_by(self, steps: float, still: QPointF | None = None) -> None:
        """Zoom in or, with a negative number of steps, out."""
        if steps < 0 and self._zoom * _STEP**steps <= self._fit_zoom():
            self.fit()
        else:
            self.set_zoom(self._zoom * _STEP**steps, still)

    def point_at(self, position: QPointF) -> QPointF:
        """The point of the picture, in its pixels, that lies at a position of the canvas."""
        return self._centre + (position - QRectF(self.rect()).center()) * self.devicePixelRatioF() / self._zoom

    def target(self) -> QRectF:
        """Where the whole picture lies on the canvas, its corner on a device pixel."""
        dpr = self.devicePixelRatioF()
        scale = self._zoom / dpr
        corner = QRectF(self.rect()).center() - self._centre * scale
        left, top = round(corner.x() * dpr) / dpr, round(corner.y() * dpr) / dpr
        return QRectF(QPointF(left, top), QSizeF(self._size) * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, dpr = Colours.of(self.palette()), self.devicePixelRatioF()
        painter = QPainter(self)
        painter.fillRect(event.rect(), colours.window)
        if self._full is not None:
            self._full.paint(painter, self.target(), dpr)
        elif self._preview is not None and not self._preview.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self.target(), self._preview, QRectF(self._preview.rect()))
        if self._message:
            self._paint_message(painter, colours)

    def _paint_message(self, painter: QPainter, colours: Colours) -> None:
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        margin = 6 * STEP
        room = self.rect().adjusted(margin, margin, -margin, -margin)
        words = painter.boundingRect(room, flags, self._message)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(words.adjusted(-16, -12, 16, 12), PANEL_RADIUS, PANEL_RADIUS)
        painter.setPen(colours.text)
        painter.drawText(room, flags, self._message)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange and self._is_fit:
            self.fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fit:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(event.angleDelta().y() / _NOTCH, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self._is_fit:
            self._dragged_from = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            position = event.position().toPoint()
            moved = QPointF(position - self._dragged_from) * self.devicePixelRatioF() / self._zoom
            self._dragged_from = position
            self._set(self._zoom, self._centre - moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._dragged_from is not None:
            self._dragged_from = None
            self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go from the whole picture to its own size, or back."""
        if self._is_fit:
            self.set_zoom(1.0, event.position())
        else:
            self.fit()

    def _fit_zoom(self) -> float:
        if self._size.isEmpty():
            return 1.0
        dpr, margin = self.devicePixelRatioF(), 4 * STEP
        across = (self.width() - margin) * dpr / self._size.width()
        down = (self.height() - margin) * dpr / self._size.height()
        return max(0.01, min(across, down, max(1.0, dpr)))

    def _set(self, zoom: float, centre: QPointF) -> None:
        self._centre = QPointF(
            min(max(centre.x(), 0.0), float(self._size.width())),
            min(max(centre.y(), 0.0), float(self._size.height())),
        )
        if zoom != self._zoom:
            self._zoom = zoom
            self.zoom_changed.emit(zoom)
        self.update()
