"""What is looked at through one or more panes: zoomed at the pointer, moved by dragging, fitted or filling."""

from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from imagine_desktop.ui.shell.theme import PANEL_RADIUS, STEP, Colours

MAX_ZOOM = 32.0
_NOTCH = 120  # the wheel's own unit for one step
_STEP = 1.2


class Fit(Enum):
    """What the zoom follows: nothing, all of the sheet to be seen, or all of the pane to be covered."""

    NONE = 0
    WHOLE = 1
    FILL = 2


class Viewport(QWidget):
    """Shows a sheet that is measured in pixels, the same part of it in each pane.

    Zoom is device pixels to one pixel of the sheet: 1 shows it exactly, whatever the screen's scale.

    Signals:
        zoom_changed: how large the sheet is shown now.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._size = QSize()
        self._zoom = 1.0
        self._fit = Fit.WHOLE
        self._centre = QPointF()  # the point of the sheet that lies in the middle of a pane
        self._dragged_from: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)

    @property
    def zoom(self) -> float:
        """Device pixels to one pixel of the sheet."""
        return self._zoom

    @property
    def is_fit(self) -> bool:
        """Whether all of the sheet is shown, whatever the size of the panes."""
        return self._fit is Fit.WHOLE

    def panes(self) -> list[QRectF]:
        """The parts of the widget through which the sheet is seen, all of one size."""
        return [QRectF(self.rect())]

    def set_sheet(self, size: QSize) -> None:
        """Look at a sheet of another size, all of it."""
        self._size = size
        self.fit()

    def fit(self) -> None:
        """Show all of the sheet, no larger than life."""
        self._follow(Fit.WHOLE)

    def fill(self) -> None:
        """Cover the pane: of a sheet of another shape two edges are not seen."""
        self._follow(Fit.FILL)

    def set_zoom(self, zoom: float, still: QPointF | None = None) -> None:
        """Zoom so that the point of the sheet under a position of the widget stays there."""
        if self._size.isEmpty():
            return
        zoom = min(max(zoom, min(self._fit_zoom(), 1.0)), MAX_ZOOM)
        position = self.panes()[0].center() if still is None else still
        point = self.point_at(position)
        offset = (position - self._pane_at(position).center()) * self.devicePixelRatioF() / zoom
        self._fit = Fit.NONE
        self._set(zoom, point - offset)

    def zoom_by(self, steps: float, still: QPointF | None = None) -> None:
        """Zoom in or, with a negative number of steps, out."""
        if steps < 0 and self._zoom * _STEP**steps <= self._fit_zoom():
            self.fit()
        else:
            self.set_zoom(self._zoom * _STEP**steps, still)

    def point_at(self, position: QPointF) -> QPointF:
        """The point of the sheet, in its pixels, that lies at a position of the widget."""
        offset = position - self._pane_at(position).center()
        return self._centre + offset * self.devicePixelRatioF() / self._zoom

    def target(self, pane: QRectF | None = None) -> QRectF:
        """Where the whole sheet lies for a pane, its corner on a device pixel."""
        dpr = self.devicePixelRatioF()
        scale = self._zoom / dpr
        first = self.panes()[0]
        corner = first.center() - self._centre * scale
        aside = QPointF() if pane is None else pane.topLeft() - first.topLeft()
        left, top = (
            (round(start * dpr) + round(step * dpr)) / dpr  # in step, for all panes to show the very same
            for start, step in ((corner.x(), aside.x()), (corner.y(), aside.y()))
        )
        return QRectF(QPointF(left, top), QSizeF(self._size) * scale)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._follow(self._fit)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow(self._fit)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(event.angleDelta().y() / _NOTCH, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self.is_fit:
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            moved = (event.position() - self._dragged_from) * self.devicePixelRatioF() / self._zoom
            self._dragged_from = event.position()
            self._set(self._zoom, self._centre - moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._dragged_from is not None:
            self._dragged_from = None
            self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go from the whole sheet to its own size, or back."""
        if self.is_fit:
            self.set_zoom(1.0, event.position())
        else:
            self.fit()

    def _follow(self, fit: Fit) -> None:
        self._fit = fit
        middle = QPointF(self._size.width() / 2, self._size.height() / 2)
        if fit is Fit.WHOLE:
            self._set(self._fit_zoom(), middle)
        elif fit is Fit.FILL:
            self._set(self._fill_zoom(), middle)
        else:
            self.update()

    def _pane_at(self, position: QPointF) -> QRectF:
        panes = self.panes()
        return next((pane for pane in panes if pane.contains(position)), panes[0])

    def _fit_zoom(self) -> float:
        if self._size.isEmpty():
            return 1.0
        dpr, room = self.devicePixelRatioF(), self.panes()[0].size() - QSizeF(4 * STEP, 4 * STEP)
        across, down = room.width() * dpr / self._size.width(), room.height() * dpr / self._size.height()
        return max(0.01, min(across, down, max(1.0, dpr)))

    def _fill_zoom(self) -> float:
        if self._size.isEmpty():
            return 1.0
        dpr, room = self.devicePixelRatioF(), self.panes()[0]
        cover = max(room.width() / self._size.width(), room.height() / self._size.height()) * dpr
        return min(max(0.01, cover), MAX_ZOOM)

    def _set(self, zoom: float, centre: QPointF) -> None:
        self._centre = QPointF(
            min(max(centre.x(), 0.0), float(self._size.width())),
            min(max(centre.y(), 0.0), float(self._size.height())),
        )
        if zoom != self._zoom:
            self._zoom = zoom
            self.zoom_changed.emit(zoom)
        self.update()


def paint_stand_in(painter: QPainter, target: QRectF, pixmap: QPixmap | None, colours: Colours) -> None:
    """Paint a small picture in the place of the large one; where there is none, only the place."""
    if pixmap is None or pixmap.isNull():
        painter.fillRect(target, colours.raised)
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


def paint_message(painter: QPainter, pane: QRectF, message: str, colours: Colours) -> None:
    """Write into the middle of a pane why there is no picture."""
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    room = pane.adjusted(6 * STEP, 6 * STEP, -6 * STEP, -6 * STEP)
    words = painter.boundingRect(room, flags, message)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.panel)
    painter.drawRoundedRect(words.adjusted(-16, -12, 16, 12), PANEL_RADIUS, PANEL_RADIUS)
    painter.setPen(colours.text)
    painter.drawText(room, flags, message)


def paint_label(painter: QPainter, label: QRectF, text: str, colours: Colours) -> None:
    """Write a few words on a rounded ground of their own, over a picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(colours.line)
    painter.setBrush(colours.panel)
    painter.drawRoundedRect(label, label.height() / 2, label.height() / 2)
    painter.setPen(colours.text)
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
