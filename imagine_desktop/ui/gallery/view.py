"""The gallery: paints the tiles in sight, and says what mouse and keyboard ask for."""

import time
from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import PictureId, PictureState
from imagine_desktop.ui import plain
from imagine_desktop.ui.gallery.faces import describe
from imagine_desktop.ui.gallery.gridview import GridView, Index, spans_of
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.rubber import RubberBand
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.tiles import Tile, TileButton, TilePainter, box_px, buttons_of
from imagine_desktop.ui.shell.theme import Colours

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
_OPEN_KEYS = (_Key.Key_Space, _Key.Key_Return, _Key.Key_Enter)
_NOTHING: tuple[int, TileButton | None] = (-1, None)


class TileView(GridView):
    """Shows a `GalleryModel`. The buttons on a tile appear under the mouse.

    Signals:
        opened, edit_requested, compare_requested, current_changed: a PictureId.
        save_requested, selection_changed: a list of PictureId.
        menu_requested: where on the screen, and a list of PictureId.
    """

    opened = Signal(object)
    edit_requested = Signal(object)
    compare_requested = Signal(object)
    current_changed = Signal(object)
    save_requested = Signal(object)
    selection_changed = Signal(object)
    menu_requested = Signal(QPoint, object)

    def __init__(self, model: GalleryModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = model
        self._thumbnails = thumbnails
        self._anchor = QPersistentModelIndex()
        self._kept_current: PictureId | None = None
        self._hovered = self._pressed = _NOTHING  # a row and the button on it
        self._rubber = RubberBand(self)
        self._settled = QTimer(self, singleShot=True, interval=0)  # one request for all that a scroll moved
        self._settled.timeout.connect(self._want_thumbnails)
        self._tick = QTimer(self, interval=1000, timerType=Qt.TimerType.CoarseTimer)
        self._tick.timeout.connect(self._on_tick)
        self.setAccessibleName("Gallery")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.setModel(model)
        model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        model.modelReset.connect(self._on_model_reset)
        thumbnails.ready.connect(self._on_thumbnails_ready)

    @property
    def is_ticking(self) -> bool:
        """Whether tiles are painted anew each second, for the time on them."""
        return self._tick.isActive()

    def current_id(self) -> PictureId | None:
        """The picture that the keyboard acts on."""
        index = self.currentIndex()
        return self._pictures.id_at(index.row()) if index.isValid() else None

    def selected_ids(self) -> list[PictureId]:
        """The selected pictures, in the gallery's order."""
        return [
            one
            for first, last in spans_of(self.selectionModel().selection())
            for one in self._pictures.ids_between(first, last)
        ]

    def pulled_at(self, position: QPoint) -> list[PictureId]:
        """What the mouse drags away from there: the selection, or the one picture; nothing from a button."""
        self._hover(position)
        row, button = self._hovered
        picture = self._pictures.picture(row) if row >= 0 and button is None else None
        if picture is None or picture.state is not PictureState.SAVED:
            return []
        chosen = self.selected_ids()
        return chosen if picture.id in chosen else [picture.id]

    def show_picture(self, picture_id: PictureId) -> bool:
        """Make a picture the current one and bring it into sight; False where the gallery has it not."""
        row = self._pictures.row_of(picture_id)
        if row is not None:
            self._go(row)
        return row is not None

    def lacks_pictures(self) -> bool:
        """Whether something in sight is still to be read."""
        pictures = [self._pictures.picture(row) for row in self.rows_in_sight()]
        return any(
            picture is None or (picture.state is PictureState.SAVED and self._thumbnails.is_awaited(picture.id))
            for picture in pictures
        )

    def reset(self) -> None:
        self._anchor = QPersistentModelIndex()
        self._hovered = self._pressed = _NOTHING
        super().reset()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._settled.start()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        self._hovered = self._pressed = _NOTHING
        super().rowsInserted(parent, start, end)

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        super().dataChanged(top_left, bottom_right, roles)
        self._settled.start()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            self.viewport().update(self.visualRect(index))
        if current.isValid():
            self.current_changed.emit(self._pictures.id_at(current.row()))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit(self.selected_ids())

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._settled.start()
        if self.viewport().underMouse():
            self._hover(self.viewport().mapFromGlobal(QCursor.pos()))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = Colours.of(self.palette())
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colours.window)
        tiles = TilePainter(painter, colours, self.font(), self.devicePixelRatioF(), has_focus=self.hasFocus())
        now_s, top = time.monotonic(), event.rect().top() + self.verticalOffset()
        for row in self.grid.rows_between(top, top + event.rect().height()):
            cell = self.cell(row)
            if event.region().intersects(cell):
                tile = self._tile(row, now_s)
                tiles.paint(cell, tile)
                if tile.face and tile.face.is_counting and not self._tick.isActive():
                    self._tick.start()
        self._rubber.paint(painter, colours)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = _Key(event.key()), event.modifiers() & ~_Modifier.KeypadModifier
        row = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif key in _MOVES:
            target = self.moveCursor(_MOVES[key], modifiers)
            if target.isValid():
                self._go(target.row(), modifiers)
        elif key == _Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
        elif key == _Key.Key_Space and modifiers == _Modifier.ControlModifier and row >= 0:
            self.selectionModel().select(self.currentIndex(), _Select.Toggle)
        elif modifiers or row < 0:
            event.ignore()
        elif key in _OPEN_KEYS:
            self.opened.emit(self._pictures.id_at(row))
        elif key == _Key.Key_E:
            self._press_button(row, TileButton.EDIT)
        elif key == _Key.Key_C:
            self._press_button(row, TileButton.COMPARE)
        else:
            event.ignore()  # a letter is a shortcut or nothing: it searches for no item by surprise

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position, modifiers = event.position().toPoint(), event.modifiers()
        self._hover(position)
        row, button = self._hovered
        if event.button() is Qt.MouseButton.RightButton:
            if row >= 0 and not self.selectionModel().isSelected(self._pictures.index(row)):
                self._go(row)
        elif event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
        elif button is not None:
            self._pressed = self._hovered
            self._update_row(row)
        elif row >= 0:
            self._click(row, modifiers)
        else:
            is_added = bool(modifiers & (_Modifier.ControlModifier | _Modifier.ShiftModifier))
            if not is_added:
                self.clearSelection()
            self._rubber.begin(position, self.selectionModel().selection())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._rubber.is_drawn:
            self._rubber.stretch(event.position().toPoint())
        else:
            self._hover(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._rubber.end()
        (row, button), self._pressed = self._pressed, _NOTHING
        self._hover(event.position().toPoint())
        if button is not None:
            self._update_row(row)
            if self._hovered == (row, button):
                self._press_button(row, button)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position().toPoint())
        row, button = self._hovered
        if button is not None or event.button() is not Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
        elif row >= 0:
            self.opened.emit(self._pictures.id_at(row))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        chosen = self.selected_ids()
        if chosen:
            self.menu_requested.emit(at, chosen)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._set_hovered(_NOTHING)
        elif event.type() is QEvent.Type.DevicePixelRatioChange:
            self._settled.start()
        elif isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tip(event.pos(), event.globalPos())
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update(self.visualRect(self.currentIndex()))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update(self.visualRect(self.currentIndex()))

    def _tile(self, row: int, now_s: float) -> Tile:
        index = self._pictures.index(row)
        picture = self._pictures.picture(row)
        face = describe(picture, self._pictures.seen_job_of(picture.id), now_s) if picture else None
        return Tile(
            picture=picture,
            pixmap=self._thumbnails.pixmap(picture.id) if picture and face is None else None,
            face=face,
            is_selected=self.selectionModel().isSelected(index),
            is_current=self.currentIndex() == index,
            is_hovered=self._hovered[0] == row,
            hot=self._hovered[1] if self._hovered[0] == row else None,
            pressed=self._pressed[1] if self._pressed[0] == row else None,
        )

    def _go(self, row: int, modifiers: Qt.KeyboardModifier = _Modifier.NoModifier) -> None:
        """Make a row the current one, scroll to it, and select as the modifiers say."""
        index, chosen = self._pictures.index(row), self.selectionModel()
        if not modifiers & _Modifier.ShiftModifier or not self._anchor.isValid():
            previous = self.currentIndex()
            keep = modifiers & _Modifier.ShiftModifier and previous.isValid()
            self._anchor = QPersistentModelIndex(previous if keep else index)
        chosen.setCurrentIndex(index, _Select.NoUpdate)
        if modifiers & _Modifier.ShiftModifier:
            first, last = sorted((self._anchor.row(), row))
            chosen.select(self.selection_of([(first, last)]), _Select.ClearAndSelect)
        elif not modifiers & _Modifier.ControlModifier:
            chosen.select(index, _Select.ClearAndSelect)
        self.scrollTo(index)

    def _click(self, row: int, modifiers: Qt.KeyboardModifier) -> None:
        index = self._pictures.index(row)
        if modifiers & _Modifier.ControlModifier and not modifiers & _Modifier.ShiftModifier:
            self._anchor = QPersistentModelIndex(index)
            self.selectionModel().setCurrentIndex(index, _Select.Toggle)
        else:
            self._go(row, modifiers)

    def _press_button(self, row: int, button: TileButton) -> None:
        picture = self._pictures.picture(row)
        if picture is None or picture.state is not PictureState.SAVED:
            return
        if button is TileButton.EDIT:
            self.edit_requested.emit(picture.id)
        elif button is TileButton.COMPARE:
            self.compare_requested.emit(picture.id)
        else:
            chosen = self.selected_ids()
            self.save_requested.emit(chosen if picture.id in chosen else [picture.id])

    def _hover(self, position: QPoint) -> None:
        row = self.indexAt(position).row()
        buttons = buttons_of(self.cell(row), self._pictures.picture(row)) if row >= 0 else {}
        hot = next((button for button, place in buttons.items() if place.contains(position)), None)
        self._set_hovered((row, hot))

    def _set_hovered(self, hovered: tuple[int, TileButton | None]) -> None:
        if hovered != self._hovered:
            before, self._hovered = self._hovered, hovered
            self._update_row(before[0])
            self._update_row(hovered[0])

    def _update_row(self, row: int) -> None:
        if row >= 0:
            self.viewport().update(self.cell(row))

    def _show_tip(self, position: QPoint, at: QPoint) -> None:
        self._hover(position)
        row, button = self._hovered
        picture = self._pictures.picture(row) if row >= 0 else None
        text = button.tip if button else prompts.first_line(picture.prompt, 300) if picture else ""
        plain.show_tip(at, text, self.viewport())

    def _want_thumbnails(self) -> None:
        """Ask for what is in sight, then for one screen more on either side."""
        rows = self.rows_in_sight()
        more = len(rows)
        after = range(rows.stop, min(rows.stop + more, self.grid.count))
        before = range(max(0, rows.start - more), rows.start)
        pictures = (self._pictures.picture(row) for part in (rows, after, before) for row in part)
        saved = [one.id for one in pictures if one is not None and one.state is PictureState.SAVED]
        self._thumbnails.want(saved, box_px(self.grid.side, self.devicePixelRatioF()))

    def _on_thumbnails_ready(self, picture_ids: Sequence[PictureId]) -> None:
        ready = set(picture_ids)
        for row in self.rows_in_sight():
            if self._pictures.id_at(row) in ready:
                self._update_row(row)

    def _on_tick(self) -> None:
        """Let the seconds pass on the tiles of running jobs that are in sight; rest when there are none."""
        now_s, is_needed = time.monotonic(), False
        for row in self.rows_in_sight() if self.isVisible() else ():
            tile = self._tile(row, now_s)
            if tile.face is not None and tile.face.is_counting:
                self._update_row(row)
                is_needed = True
        if not is_needed:
            self._tick.stop()

    def _on_model_about_to_be_reset(self) -> None:
        self._kept_current = self.current_id()

    def _on_model_reset(self) -> None:
        """Go back to the picture that was current; runs after the selection model has forgotten it."""
        row = None if self._kept_current is None else self._pictures.row_of(self._kept_current)
        if row is None:
            self.verticalScrollBar().setValue(0)
            self.selection_changed.emit([])
        else:
            self._go(row)
        self._want_thumbnails()  # before the paint, which would ask for them in another size
