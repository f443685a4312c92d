"""The list of sessions and turns, and what mouse and keyboard do in it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.history import captions
from imagine_desktop.ui.history.model import HistoryModel, Index, SessionRow
from imagine_desktop.ui.history.nodes import NodeDelegate, Thumbnails
from imagine_desktop.ui.history.tree import TurnRow


class HistoryView(QListView):
    """Shows a `HistoryModel`.

    Signals:
        session_chosen: a session's id.
        picture_chosen: a picture's id, clicked or opened with Enter.
        edit_requested: the id of the picture to edit.
        compare_requested: the id of a picture to compare with its parent.
        star_requested, trash_requested: a list of one PictureId.
        run_again_requested: the id of a turn that came to nothing.
        menu_requested: where on the screen, and the picture's id.
        rows_moved: rows came to lie elsewhere, or another one is current or under the mouse.
    """

    session_chosen = Signal(object)
    picture_chosen = Signal(object)
    edit_requested = Signal(object)
    compare_requested = Signal(object)
    star_requested = Signal(object)
    trash_requested = Signal(object)
    run_again_requested = Signal(object)
    menu_requested = Signal(QPoint, object)
    rows_moved = Signal()

    def __init__(self, model: HistoryModel, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._nodes = NodeDelegate(model, thumbnails, self)
        self._awaited: PictureId | None = None
        self._wishes: dict[int, Callable[[PictureId], None]] = {
            Qt.Key.Key_E: self.edit_requested.emit,
            Qt.Key.Key_C: self.compare_requested.emit,
            Qt.Key.Key_S: lambda picture_id: self.star_requested.emit([picture_id]),
            Qt.Key.Key_Delete: lambda picture_id: self.trash_requested.emit([picture_id]),
        }
        self.setModel(model)
        self.setItemDelegate(self._nodes)
        self.setAccessibleName("Sessions and turns")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().valueChanged.connect(self.rows_moved)
        self.activated.connect(self._on_activated)
        model.rowsInserted.connect(self._reveal)
        thumbnails.ready.connect(self._on_thumbnails_ready)

    def show_picture(self, picture_id: PictureId | None) -> None:
        """Put the ring on a picture and bring its turn into sight, now or as soon as it is here."""
        self._nodes.shown = self._awaited = picture_id
        self._reveal()
        self.viewport().update()

    def hovered_index(self) -> Index:
        """The row under the mouse."""
        return self._nodes.hovered

    def hover(self, index: QModelIndex) -> None:
        """Take a row, or none, for the one under the mouse."""
        if self._nodes.hovered != index:
            self._nodes.hovered = QPersistentModelIndex(index)
            self.viewport().update()
            self.rows_moved.emit()

    def set_button(self, size: QSize) -> None:
        """Leave so much room at the end of the rows that have a button."""
        self._nodes.button = size

    def turn_at(self, index: Index) -> TurnRow | None:
        """The turn of a row, if it is a turn's."""
        row = self._model.row_at(index) if index.isValid() else None
        return row if isinstance(row, TurnRow) else None

    def picture_of(self, row: TurnRow) -> PictureId | None:
        """The picture that a turn stands for: the shown one where it is the turn's, else the first saved."""
        saved = captions.saved_pictures(row.turn, self._model.states)
        return self._nodes.shown if self._nodes.shown in saved else next(iter(saved), None)

    def chosen(self) -> list[PictureId]:
        """The picture that the keyboard acts on."""
        row = self.turn_at(self.currentIndex())
        picture_id = None if row is None else self.picture_of(row)
        return [] if picture_id is None else [picture_id]

    def pulled_at(self, position: QPoint) -> list[PictureId]:
        """The picture that the mouse drags away from there."""
        index = self.indexAt(position)
        row = self.turn_at(index)
        picture_id = None if row is None else self._picture_at(index, row, position)
        return [] if picture_id is None else [picture_id]

    def may_run_again(self, row: TurnRow) -> bool:
        """Whether a turn has come to its end without a picture."""
        return captions.came_to_nothing(row.turn, self._model.states)

    def act_on(self, index: Index) -> None:
        """Do what a row's button says."""
        row = self.turn_at(index)
        if row is None:
            return
        if self.may_run_again(row):
            self.run_again_requested.emit(row.turn.id)
        else:
            self._edit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.turn_at(self.currentIndex())
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if row is None or not is_plain:
            super().keyPressEvent(event)
        elif event.key() in self._wishes:
            if (picture_id := self.picture_of(row)) is not None:
                self._wishes[event.key()](picture_id)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(row, 1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: single letters are shortcuts here."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.hover(self.indexAt(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        row = self._model.row_at(index)
        if isinstance(row, SessionRow):
            self.session_chosen.emit(row.session.id)
        elif (picture_id := self._picture_at(index, row, event.position().toPoint())) is not None:
            self._choose(picture_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        row = self.turn_at(index)
        if row is None:
            return
        picture_id = self._picture_at(index, row, event.pos()) if by_mouse else self.picture_of(row)
        if picture_id is not None:
            rect = self.visualRect(index)
            place = event.globalPos() if by_mouse else self.viewport().mapToGlobal(rect.center())
            self.menu_requested.emit(place, picture_id)

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        if roles:  # not how high the rows are: QListView would measure all of them again
            for row in range(top_left.row(), bottom_right.row() + 1):
                self.update(self._model.index(row))
        else:
            super().dataChanged(top_left, bottom_right, roles)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.rows_moved.emit()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.rows_moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._nodes.row_width = self.viewport().width()
        self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(320, 480)

    def _picture_at(self, index: QModelIndex, row: TurnRow, point: QPoint) -> PictureId | None:
        for tile in self._nodes.tiles(self.visualRect(index), row):
            if tile.rect.contains(point) and tile.picture_id is not None:
                return tile.picture_id
        return self.picture_of(row)

    def _edit(self, row: TurnRow) -> None:
        if (picture_id := self.picture_of(row)) is not None:
            self.edit_requested.emit(picture_id)

    def _choose(self, picture_id: PictureId) -> None:
        self.show_picture(picture_id)
        self.picture_chosen.emit(picture_id)

    def _step(self, row: TurnRow, by: int) -> None:
        """Move the ring along a turn's pictures."""
        saved = captions.saved_pictures(row.turn, self._model.states)
        if not saved:
            return
        at = saved.index(self._nodes.shown) + by if self._nodes.shown in saved else 0
        self.show_picture(saved[max(0, min(at, len(saved) - 1))])

    def _reveal(self) -> None:
        if self._awaited is None:
            return
        index = self._model.index_of_picture(self._awaited)
        if index.isValid():
            self._awaited = None
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def _on_activated(self, index: QModelIndex) -> None:
        row = self._model.row_at(index)
        if isinstance(row, SessionRow):
            self.session_chosen.emit(row.session.id)
        elif (picture_id := self.picture_of(row)) is not None:
            self._choose(picture_id)

    def _on_thumbnails_ready(self) -> None:
        self.viewport().update()
