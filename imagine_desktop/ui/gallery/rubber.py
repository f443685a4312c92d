"""The rectangle drawn with the mouse that selects the cells it touches."""

from PySide6.QtCore import QItemSelection, QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QColor, QPainter, QPen

from imagine_desktop.ui.gallery.gridview import GridView
from imagine_desktop.ui.shell.theme import Colours

_SCROLL_EVERY_MS = 30


class RubberBand(QObject):
    """Is drawn from where it began, in coordinates of the content, so that scrolling stretches it."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self._origin: QPoint | None = None
        self._mouse = QPoint()
        self._kept = QItemSelection()
        self._touched: list[tuple[int, int]] = []  # the runs of rows that it selects now
        self._scroll = QTimer(self, interval=_SCROLL_EVERY_MS)
        self._scroll.timeout.connect(self._on_scroll_timeout)

    @property
    def is_drawn(self) -> bool:
        """Whether the mouse is drawing it."""
        return self._origin is not None

    def begin(self, position: QPoint, kept: QItemSelection) -> None:
        """Start at a position of the viewport; what is `kept` stays selected."""
        self._origin = position + QPoint(0, self._view.verticalOffset())
        self._kept, self._touched = kept, []
        self._mouse = position

    def stretch(self, position: QPoint) -> None:
        """Follow the mouse; beyond the edge of the view this scrolls."""
        before = self._rect()
        self._mouse = position
        self._select()
        self._view.viewport().update(before.united(self._rect()).adjusted(-2, -2, 2, 2))
        if self._beyond_edge():
            self._scroll.start()

    def end(self) -> None:
        """Let go; the selection stays."""
        self._scroll.stop()
        self._view.viewport().update(self._rect().adjusted(-2, -2, 2, 2))
        self._origin = None

    def paint(self, painter: QPainter, colours: Colours) -> None:
        """Draw it where it is drawn just now."""
        if self._origin is None:
            return
        inside = QColor(colours.accent)
        inside.setAlpha(40)
        painter.setPen(QPen(colours.accent, 1))
        painter.setBrush(inside)
        painter.drawRect(self._rect())

    def _rect(self) -> QRect:
        if self._origin is None:
            return QRect()
        origin = self._origin - QPoint(0, self._view.verticalOffset())
        return QRect(origin, self._mouse).normalized()

    def _select(self) -> None:
        content = self._rect().translated(0, self._view.verticalOffset())
        touched = self._view.grid.spans_in(content)
        if touched != self._touched:
            self._touched = touched
            self._view.choose(self._kept)
            self._view.choose(self._view.selection_of(touched), is_added=True)

    def _beyond_edge(self) -> int:
        height = self._view.viewport().height()
        return min(self._mouse.y(), 0) or max(self._mouse.y() - height, 0)

    def _on_scroll_timeout(self) -> None:
        distance = self._beyond_edge()
        if not distance:
            self._scroll.stop()
            return
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + distance // 2)
        self._select()
        self._view.viewport().update()
