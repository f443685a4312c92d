"""The gallery: paints the tiles in sight, and says what mouse and keyboard ask for."""

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import PictureId, PictureState
from imagine_desktop.engine.flaws import Flaw
from imagine_desktop.ui import plain
from imagine_desktop.ui.gallery.faces import describe, of_flaw
from imagine_desktop.ui.gallery.flaws import Flaws
from imagine_desktop.ui.gallery.gridview import Index, spans_of
from imagine_desktop.ui.gallery.headers import HeaderPainter
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.rubber import RubberBand
from imagine_desktop.ui.gallery.selectview import SelectView
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.tiles import Tile, TileButton, TilePainter, Walls, box_px, buttons_of
from imagine_desktop.ui.shell.theme import Colours

_Key = Qt.Key
_Modifier = Qt.KeyboardModifier
_OPEN_KEYS = (_Key.Key_Space, _Key.Key_Return, _Key.Key_Enter)
_NOTHING: tuple[int, TileButton | None] = (-1, None)


class TileView(SelectView):
    """Shows a `GalleryModel`. The buttons on a tile appear under the mouse.

    What is asked for from the keyboard means the selected pictures, or the current one where none are.

    Signals:
        opened, edit_requested, compare_requested, current_changed: a PictureId.
        compare_with_requested: a PictureId, which is to be compared with the current one.
        save_requested, star_requested, trash_requested: a list of PictureId.
        menu_requested: where on the screen, and a list of PictureId.
    """

    opened = Signal(object)
    edit_requested = Signal(object)
    compare_requested = Signal(object)
    compare_with_requested = Signal(object)
    current_changed = Signal(object)
    save_requested = Signal(object)
    star_requested = Signal(object)
    trash_requested = Signal(object)
    menu_requested = Signal(QPoint, object)

    def __init__(self, model: GalleryModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = model
        self._thumbnails = thumbnails
        self._kept_current: PictureId | None = None
        self._compared: PictureId | None = None
        self._flaws: Flaws | None = None
        self._hovered = self._pressed = _NOTHING  # a row and the button on it
        self._hot_header = -1  # the section whose header is under the mouse
        self._headers = HeaderPainter(self.font())
        self._walls: Walls = {}
        self._rubber = RubberBand(self)
        self._settled = QTimer(self, singleShot=True, interval=0)  # one request for all that a scroll moved
        self._settled.timeout.connect(self._want_thumbnails)
        self._tick = QTimer(self, interval=1000, timerType=Qt.TimerType.CoarseTimer)
        self._tick.timeout.connect(self._on_tick)
        self.setAccessibleName("Gallery")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.setModel(model)
        model.rows_about_to_go.connect(self.keep_without)
        model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        model.modelReset.connect(self._on_model_reset)
        thumbnails.ready.connect(self._on_pictures_known)

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

    def chosen_ids(self) -> list[PictureId]:
        """What a key acts on: the selected pictures, or the current one where none are."""
        current = self.current_id()
        return self.selected_ids() or ([] if current is None else [current])

    def set_flaws(self, flaws: Flaws) -> None:
        """Mark the pictures whose files something is wrong with."""
        self._flaws = flaws
        flaws.looked.connect(self._on_pictures_known)
        self._settled.start()

    def set_compared(self, picture_id: PictureId | None) -> None:
        """Mark the picture that the current one is compared with, or none."""
        if picture_id != self._compared:
            self._compared = picture_id
            self.viewport().update()

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
            self.go(row)
        return row is not None

    def lacks_pictures(self) -> bool:
        """Whether something in sight is still to be read."""
        pictures = [self._pictures.picture(row) for row in self.rows_in_sight()]
        return any(
            picture is None or (picture.state is PictureState.SAVED and self._thumbnails.is_awaited(picture.id))
            for picture in pictures
        )

    def section_counts(self) -> Sequence[int]:
        return self._pictures.section_counts

    def reset(self) -> None:
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

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._settled.start()
        if self.viewport().underMouse():
            self._hover(self.viewport().mapFromGlobal(QCursor.pos()))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = Colours.of(self.palette())
        painter, exposed = QPainter(self.viewport()), event.region()
        painter.fillRect(event.rect(), colours.window)
        tiles = TilePainter(
            painter,
            colours,
            self.font(),
            self.devicePixelRatioF(),
            has_focus=self.hasFocus(),
            walls=self._walls,
        )
        now_s, offset = time.monotonic(), self.verticalOffset()
        top, bottom = event.rect().top() + offset, event.rect().bottom() + offset
        is_whole = exposed.rectCount() == 1
        for row in self.grid.rows_between(top, bottom):
            cell = self.grid.rect(row)
            cell.translate(0, -offset)
            if is_whole or exposed.intersects(cell):
                tile = self._tile(row, now_s)
                tiles.paint(cell, tile)
                if tile.face and tile.face.is_counting and not self._tick.isActive():
                    self._tick.start()
        for section, place in self.headers_in_sight():
            if exposed.intersects(place):
                shown, is_hot = self._pictures.section(section), section == self._hot_header
                self._headers.paint(painter, colours, place, self.grid.left, shown, is_hot=is_hot)
        self._rubber.paint(painter, colours)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.move_by_key(event):
            return
        key, row = _Key(event.key()), self.currentIndex().row()
        if event.modifiers() & ~_Modifier.KeypadModifier or row < 0:
            event.ignore()
        elif key in _OPEN_KEYS:
            self.opened.emit(self._pictures.id_at(row))
        elif key == _Key.Key_E:
            self._press_button(row, TileButton.EDIT)
        elif key == _Key.Key_C:
            self._press_button(row, TileButton.COMPARE)
        elif key == _Key.Key_S:
            self.star_requested.emit(self.chosen_ids())
        elif key == _Key.Key_Delete:
            self.trash_requested.emit(self.chosen_ids())
        else:
            event.ignore()  # a letter is a shortcut or nothing: it searches for no item by surprise

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position, modifiers = event.position().toPoint(), event.modifiers()
        self._hover(position)
        row, button = self._hovered
        if event.button() is Qt.MouseButton.RightButton:
            if row >= 0 and not self.selectionModel().isSelected(self._pictures.index(row)):
                self.go(row)
        elif event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
        elif button is not None:
            self._pressed = self._hovered
            self._update_row(row)
        elif self._hot_header >= 0:
            self.choose_section(self._hot_header, modifiers)
        elif row >= 0 and modifiers == _Modifier.AltModifier:
            self.compare_with_requested.emit(self._pictures.id_at(row))
        elif row >= 0:
            self.click(row, modifiers)
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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._headers = HeaderPainter(self.font())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._set_hovered(_NOTHING)
            self._set_hot_header(-1)
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
        picture, chosen = self._pictures.picture(row), self.selectionModel()
        face, pixmap, flaw = None, None, None
        if picture is not None:
            face = describe(picture, self._pictures.seen_job_of(picture.id), now_s)
        if picture is not None and face is None:
            pixmap, flaw = self._thumbnails.pixmap(picture.id), self._flaw_of(picture.id)
            if pixmap is None and flaw is not None:
                face, flaw = of_flaw(flaw), None
        is_hovered = self._hovered[0] == row
        return Tile(
            picture=picture,
            pixmap=pixmap,
            face=face,
            flaw=flaw,
            is_selected=chosen.hasSelection() and chosen.isSelected(self._pictures.index(row)),
            is_current=chosen.currentIndex().row() == row,
            is_compared=picture is not None and picture.id == self._compared,
            is_hovered=is_hovered,
            hot=self._hovered[1] if is_hovered else None,
            pressed=self._pressed[1] if self._pressed[0] == row else None,
        )

    def _flaw_of(self, picture_id: PictureId) -> Flaw | None:
        """What is wrong with a picture's file; one of which no thumbnail can be made is damaged for certain."""
        flaws = self._flaws
        if flaws is None:
            return None
        is_damaged = self._thumbnails.is_absent(picture_id) and flaws.is_known(picture_id)
        return flaws.of(picture_id) or (Flaw.DAMAGED if is_damaged else None)

    def _press_button(self, row: int, button: TileButton) -> None:
        picture = self._pictures.picture(row)
        if picture is None or picture.state is not PictureState.SAVED:
            return
        if button is TileButton.STAR:
            self.star_requested.emit([picture.id])
            return
        if button is TileButton.EDIT:
            self.edit_requested.emit(picture.id)
        elif button is TileButton.COMPARE:
            self.compare_requested.emit(picture.id)
        else:
            chosen = self.selected_ids()
            self.save_requested.emit(chosen if picture.id in chosen else [picture.id])

    def _hover(self, position: QPoint) -> None:
        self._set_hot_header(self._header_under(position))
        row = self.indexAt(position).row()
        buttons = buttons_of(self.cell(row), self._pictures.picture(row)) if row >= 0 else {}
        hot = next((button for button, place in buttons.items() if place.contains(position)), None)
        self._set_hovered((row, hot))

    def _header_under(self, position: QPoint) -> int:
        """The section whose words in its header lie at a position, or -1."""
        for section, place in self.headers_in_sight():
            if place.contains(position):
                target = self._headers.target(place, self.grid.left, self._pictures.section(section))
                return section if target.contains(position) else -1
        return -1

    def _set_hot_header(self, section: int) -> None:
        if section != self._hot_header:
            changed, self._hot_header = {section, self._hot_header}, section
            for number, place in self.headers_in_sight():
                if number in changed:
                    self.viewport().update(place)

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
        flaw = self._flaw_of(picture.id) if picture else None
        words = prompts.first_line(picture.prompt, 300) if picture else ""
        text = button.tip if button else f"{flaw.detail}\n{words}" if flaw else words
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
        if self._flaws is not None:
            self._flaws.want(saved)

    def _on_pictures_known(self, picture_ids: Sequence[PictureId]) -> None:
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
        self._hot_header = -1
        if self.find_again():
            self._want_thumbnails()
            return
        row = None if self._kept_current is None else self._pictures.row_of(self._kept_current)
        if row is None:
            self.verticalScrollBar().setValue(0)
            self.selection_changed.emit()
        else:
            self.go(row)
        self._want_thumbnails()  # before the paint, which would ask for them in another size
