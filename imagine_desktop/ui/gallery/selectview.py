"""A grid whose cells are selected by mouse and keyboard, and stay so while others come and go."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QWidget

from imagine_desktop.ui.gallery.gridview import GridView, spans_of, spans_without

_Key = Qt.Key
_Modifier = Qt.KeyboardModifier
_Select = QItemSelectionModel.SelectionFlag
_Move = QAbstractItemView.CursorAction
_MOVES = {
    _Key.Key_Left: _Move.MoveLeft,
    _Key.Key_Right: _Move.MoveRight,
    _Key.Key_Up: _Move.MoveUp,
    _Key.Key_Down: _Move.MoveDown,
    _Key.Key_Home: _Move.MoveHome,
    _Key.Key_End: _Move.MoveEnd,
    _Key.Key_PageUp: _Move.MovePageUp,
    _Key.Key_PageDown: _Move.MovePageDown,
}


class _Kept(NamedTuple):
    """What is to be found again once rows are gone, in rows as they are then."""

    spans: list[tuple[int, int]]
    current: int
    is_next_selected: bool
    first_in_sight: int
    first_top: int


class SelectView(GridView):
    """Click, Shift for a range, Ctrl for one by one, both for one range more; arrows the same way.

    Signals:
        selection_changed: other cells are selected.
    """

    selection_changed = Signal()

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._anchor = QPersistentModelIndex()
        self._kept: _Kept | None = None

    def go(self, row: int, modifiers: Qt.KeyboardModifier = _Modifier.NoModifier) -> None:
        """Make a row the current one, scroll to it, and select as the modifiers say."""
        index, is_range = self.model().index(row, 0), bool(modifiers & _Modifier.ShiftModifier)
        is_added = bool(modifiers & _Modifier.ControlModifier)
        if not is_range or not self._anchor.isValid():
            previous = self.currentIndex()
            self._anchor = QPersistentModelIndex(previous if is_range and previous.isValid() else index)
        self.selectionModel().setCurrentIndex(index, _Select.NoUpdate)
        if is_range:
            first, last = sorted((self._anchor.row(), row))
            self.choose(self.selection_of([(first, last)]), is_added=is_added)
        elif not is_added:
            self.choose(self.selection_of([(row, row)]))
        self.scrollTo(index)

    def click(self, row: int, modifiers: Qt.KeyboardModifier) -> None:
        """Select as a click on a cell does."""
        if modifiers & _Modifier.ControlModifier and not modifiers & _Modifier.ShiftModifier:
            index = self.model().index(row, 0)
            self._anchor = QPersistentModelIndex(index)
            self.selectionModel().setCurrentIndex(index, _Select.Toggle)
        else:
            self.go(row, modifiers)

    def choose_section(self, section: int, modifiers: Qt.KeyboardModifier) -> None:
        """Select all rows under a header; with Ctrl or Shift besides what is selected."""
        rows = self.grid.rows_of(section)
        first = self.model().index(rows.start, 0)
        self._anchor = QPersistentModelIndex(first)
        self.selectionModel().setCurrentIndex(first, _Select.NoUpdate)
        is_added = bool(modifiers & (_Modifier.ControlModifier | _Modifier.ShiftModifier))
        self.choose(self.selection_of([(rows.start, rows.stop - 1)]), is_added=is_added)

    def move_by_key(self, event: QKeyEvent) -> bool:
        """Do what a key says that selects or moves; False where it says something else."""
        key, modifiers = _Key(event.key()), event.modifiers() & ~_Modifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif key in _MOVES:
            target = self.moveCursor(_MOVES[key], modifiers)
            if target.isValid():
                self.go(target.row(), modifiers)
        elif key == _Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
        elif key == _Key.Key_Space and modifiers == _Modifier.ControlModifier and self.currentIndex().isValid():
            self.selectionModel().select(self.currentIndex(), _Select.Toggle)
        else:
            return False
        return True

    def keep_without(self, gone: Sequence[int]) -> None:
        """Remember what to find again after the reset that takes away these rows, which are in order."""
        current, first = self.currentIndex().row(), self.rows_in_sight().start
        spans = spans_without(spans_of(self.selectionModel().selection()), gone)
        self._kept = _Kept(
            spans,
            current if current < 0 else current - bisect_left(gone, current),
            not spans and self.selectionModel().isSelected(self.currentIndex()),
            first - bisect_left(gone, first),
            self.cell(first).top(),
        )

    def find_again(self) -> bool:
        """After a reset, select and show what was to be kept; False where nothing was."""
        kept, self._kept = self._kept, None
        if kept is None:
            return False
        last = self.grid.count - 1
        if self.verticalOffset() > 0 and last >= 0:
            top = self.grid.rect(min(kept.first_in_sight, last)).top()
            self.verticalScrollBar().setValue(top - kept.first_top)
        current = min(kept.current, last)  # the one that was current, or what has taken its place
        if current >= 0:
            index = self.model().index(current, 0)
            self._anchor = QPersistentModelIndex(index)
            self.selectionModel().setCurrentIndex(index, _Select.NoUpdate)
        if kept.is_next_selected and current >= 0:
            self.choose(self.selection_of([(current, current)]))
        elif kept.spans:
            self.choose(self.selection_of(kept.spans))
        else:
            self.selection_changed.emit()
        return True

    def reset(self) -> None:
        self._anchor = QPersistentModelIndex()
        super().reset()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()
