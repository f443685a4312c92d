"""An item view whose items lie on a `Grid`: what Qt asks of a view, answered by arithmetic."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QWidget

from imagine_desktop.ui.gallery.accessible import QTableView
from imagine_desktop.ui.gallery.grid import HEADER, MARGIN, Grid

MIN_TILE_PX = 120
MAX_TILE_PX = 420
_NOTCH = 120  # the wheel's own unit for one step
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
_Move = QAbstractItemView.CursorAction
_Hint = QAbstractItemView.ScrollHint


class GridView(QTableView):
    """Square cells of an adjustable size that fill the width evenly and scroll by the pixel.

    Signals:
        tile_px_changed: the least side of a cell, changed with Ctrl and the wheel.
    """

    tile_px_changed = Signal(int)

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setViewport(QWidget(self))  # for one that Qt made, PySide looks through all its classes of widgets
        self._tile_px = 200
        self._grid = Grid.of(0, 1, self._tile_px)
        self._laid_out: tuple[int, int, int, Sequence[int]] | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoScroll(False)  # a click on a cell half in sight must not move it

    @property
    def grid(self) -> Grid:
        """Where the cells lie now, in coordinates of the whole content."""
        return self._grid

    @property
    def tile_px(self) -> int:
        """The least side of a cell."""
        return self._tile_px

    def set_tile_px(self, tile_px: int) -> None:
        """Change the size of the cells; what is in the middle stays in sight."""
        self._resize_cells(tile_px, self.viewport().rect().center())

    def section_counts(self) -> Sequence[int]:
        """How many rows stand under each header; none where there are no headers."""
        return ()

    def cell(self, row: int) -> QRect:
        """The cell of a row, in coordinates of the viewport."""
        return self._grid.rect(row).translated(0, -self.verticalOffset())

    def headers_in_sight(self) -> list[tuple[int, QRect]]:
        """The sections of which a part is visible, each with the place of its header in the viewport.

        The topmost section's header stays at the top until the next one pushes it out.
        """
        grid, top = self._grid, self.verticalOffset()
        if not grid.has_headers or not grid.count:
            return []
        width, height = self.viewport().width(), self.viewport().height()
        found = []
        for section in range(grid.section_at(top), grid.section_at(top + height - 1) + 1):
            stays_until = grid.top_of(section + 1) - HEADER
            y = min(max(grid.top_of(section), top), stays_until) - top
            found.append((section, QRect(0, y, width, HEADER)))
        return found

    def rows_in_sight(self) -> range:
        """The rows of which at least a part is visible."""
        top = self.verticalOffset()
        return self._grid.rows_between(top, top + self.viewport().height() - 1)

    def choose(self, chosen: QItemSelection, *, is_added: bool = False) -> None:
        """Select these; unless they are added, what was selected is let go of first.

        Let go of in a step of its own: Qt compares what goes with what comes run by run, a second for 10,000.
        """
        if not is_added:
            self.clearSelection()
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)

    def selectAll(self) -> None:
        self.choose(self.selection_of([(0, self._grid.count - 1)] if self._grid.count else []))

    def selection_of(self, spans: Iterable[tuple[int, int]]) -> QItemSelection:
        """A selection of runs of rows, each from its first to its last."""
        made, model = QItemSelection(), self.model()
        for first, last in spans:
            made.select(model.index(first, 0), model.index(last, 0))
        return made

    def visualRect(self, index: Index) -> QRect:
        return self.cell(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        if any(place.contains(point) for _, place in self.headers_in_sight()[:1]):
            return NOWHERE  # below the header that stays at the top
        row = self._grid.row_at(point.x(), point.y() + self.verticalOffset())
        return self.model().index(row, 0) if row >= 0 else NOWHERE

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = _Hint.EnsureVisible) -> None:
        if not index.isValid():
            return
        cell, height, bar = self._grid.rect(index.row()), self.viewport().height(), self.verticalScrollBar()
        at_top, at_bottom = cell.top() - self._grid.head, cell.bottom() + MARGIN - height
        if hint is _Hint.PositionAtTop:
            bar.setValue(at_top)
        elif hint is _Hint.PositionAtBottom:
            bar.setValue(at_bottom)
        elif hint is _Hint.PositionAtCenter:
            bar.setValue(cell.center().y() - height // 2)
        else:
            bar.setValue(min(max(bar.value(), at_bottom), at_top))

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        grid = self._grid
        if grid.count == 0:
            return NOWHERE
        if not self.currentIndex().isValid():
            return self.model().index(0, 0)
        row = self.currentIndex().row()
        targets: dict[QAbstractItemView.CursorAction, Callable[[], int]] = {
            _Move.MoveLeft: lambda: row - 1,
            _Move.MovePrevious: lambda: row - 1,
            _Move.MoveRight: lambda: row + 1,
            _Move.MoveNext: lambda: row + 1,
            _Move.MoveUp: lambda: grid.row_above(row),
            _Move.MoveDown: lambda: grid.row_below(row),
            _Move.MoveHome: lambda: 0,
            _Move.MoveEnd: lambda: grid.count - 1,
            _Move.MovePageUp: lambda: self._row_a_page_from(row, -1),
            _Move.MovePageDown: lambda: self._row_a_page_from(row, 1),
        }
        return self.model().index(min(max(targets[action](), 0), grid.count - 1), 0)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        content = rect.normalized().translated(0, self.verticalOffset())
        chosen = self.selection_of(self._grid.spans_in(content))
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region, model = QRegion(), self.model()
        for row in self.rows_in_sight():
            if selection.contains(model.index(row, 0)):
                region += self.cell(row)
        return region

    def updateGeometries(self) -> None:
        """Lay the grid out anew.

        Its width leaves room for the scroll bar whether or not that is shown: else the bar, coming and
        going, would change the number of columns, and with it whether it is needed.
        """
        bar = self.verticalScrollBar()
        width = self.width() - 2 * self.frameWidth() - bar.sizeHint().width()
        wanted = (self.model().rowCount(), width, self._tile_px, self.section_counts())
        if wanted != self._laid_out:  # Qt asks several times for what is one change
            self._laid_out = wanted
            self._grid = Grid.of(*wanted)
        height = self.viewport().height()
        bar.setPageStep(height)
        bar.setSingleStep(max(16, self._grid.pitch // 4))
        bar.setRange(0, max(0, self._grid.height - height))
        super().updateGeometries()

    def reset(self) -> None:
        super().reset()
        self.updateGeometries()  # Qt does so only later, and rows that are gone would be asked for until then

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        old, offset = self._grid, self.verticalOffset()
        first = old.rows_between(offset, offset).start
        self.updateGeometries()
        if offset > 0 and start <= first < old.count:  # what is being looked at stays where it is
            moved = self._grid.rect(first + end - start + 1).top() - old.rect(first).top()
            self.verticalScrollBar().setValue(offset + moved)
        super().rowsInserted(parent, start, end)
        viewport = self.viewport().rect()
        self.viewport().update(viewport.adjusted(0, max(0, self.cell(start).top()), 0, 0))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        if self._grid.has_headers:  # the one at the top stays there, and what it covered comes into sight
            self.viewport().update(0, 0, self.viewport().width(), HEADER + max(0, dy))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._keep_in_place(QPoint(0, 0), lambda: super(GridView, self).resizeEvent(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        change = round(self._tile_px * 0.12 * event.angleDelta().y() / _NOTCH)
        self._resize_cells(self._tile_px + change, event.position().toPoint())
        event.accept()

    def _row_a_page_from(self, row: int, pages: int) -> int:
        """The row in the same column as many pages of whole lines away; itself on the last one."""
        grid = self._grid
        step = max(1, (self.viewport().height() - grid.head) // grid.pitch) * grid.pitch
        y = grid.rect(row).top() + pages * step
        if y < grid.head:
            return grid.row_at_height(row, 0)
        target = grid.row_at_height(row, y)
        return row if grid.rect(target).top() == grid.rect(row).top() else target

    def _resize_cells(self, tile_px: int, still: QPoint) -> None:
        tile_px = min(max(tile_px, MIN_TILE_PX), MAX_TILE_PX)
        if tile_px != self._tile_px:
            self._tile_px = tile_px
            self._keep_in_place(still, self.updateGeometries)
            self.viewport().update()
            self.tile_px_changed.emit(tile_px)

    def _keep_in_place(self, point: QPoint, change: Callable[[], None]) -> None:
        """Do what moves cells, and scroll so that the one at a point of the viewport does not."""
        offset = self.verticalOffset()
        row = self._grid.row_at(point.x(), point.y() + offset)
        if row < 0:
            row = self._grid.rows_between(point.y() + offset, point.y() + offset).start
        before = self._grid.rect(row).top() - offset
        change()
        if offset > 0 and row < self._grid.count:
            self.verticalScrollBar().setValue(self._grid.rect(row).top() - before)


def spans_of(selection: QItemSelection) -> list[tuple[int, int]]:
    """The first and last row of each run that is selected, in order."""
    return sorted((run.top(), run.bottom()) for run in selection.toList())


def spans_without(spans: Iterable[tuple[int, int]], gone: Sequence[int]) -> list[tuple[int, int]]:
    """Where runs of rows are once some rows are gone."""
    moved = ((first - bisect_left(gone, first), last - bisect_left(gone, last + 1)) for first, last in spans)
    return [(first, last) for first, last in moved if first <= last]
