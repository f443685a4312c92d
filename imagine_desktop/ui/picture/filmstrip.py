"""The gallery's pictures in one row below the one that is shown, which lies in the middle."""

import math
import time

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui import plain
from imagine_desktop.ui.gallery.faces import describe
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import STEP, Colours

CELL = 60
_GAP = STEP
_PITCH = CELL + _GAP
_HEIGHT = CELL + 4 * STEP
_AHEAD = 24  # pictures whose thumbnails are read before they come into sight
_NOTCH = 120


class Filmstrip(QWidget):
    """Only what is in sight is ever asked of the model, whatever its size.

    Signals:
        picked: a PictureId was clicked.
        compare_requested: a PictureId was clicked with Alt.
    """

    picked = Signal(object)
    compare_requested = Signal(object)

    def __init__(self, model: GalleryModel, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails
        self._current: PictureId | None = None
        self._row: int | None = None
        self._direction = 1
        self._moved_px = 0.0  # by the wheel, away from the current picture
        self._hovered: int | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Filmstrip")
        for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._on_rows_changed)
        model.dataChanged.connect(self._on_seen_changed)
        thumbnails.ready.connect(self._on_seen_changed)

    @property
    def row(self) -> int | None:
        """The row of the current picture; None where the gallery has it not."""
        return self._row

    def set_current(self, picture_id: PictureId | None, row: int | None) -> None:
        """Bring a picture into the middle; `row` is where the gallery has it."""
        if row is not None and self._row is not None and row != self._row:
            self._direction = 1 if row > self._row else -1
        self._current, self._row = picture_id, row
        self._moved_px = 0.0
        place = "" if row is None else f"Picture {row + 1:,} of {self._model.rowCount():,}"
        self.setAccessibleDescription(place)
        self._read_ahead()
        self.update()

    def rows_in_sight(self) -> range:
        """The rows of which at least a part is seen."""
        if self._row is None or not self._model.rowCount():
            return range(0)
        middle = self._row + self._moved_px / _PITCH
        half = (self.width() + CELL) / 2 / _PITCH
        first, last = math.ceil(middle - half), math.floor(middle + half)
        return range(max(0, first), min(self._model.rowCount(), last + 1))

    def cell(self, row: int) -> QRect:
        """Where a row lies."""
        steps = row - (self._row or 0)
        left = self.width() / 2 - CELL / 2 + steps * _PITCH - self._moved_px
        return QRect(round(left), (self.height() - CELL) // 2, CELL, CELL)

    def sizeHint(self) -> QSize:
        return QSize(4 * _PITCH, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = Colours.of(self.palette()), QPainter(self)
        painter.fillRect(event.rect(), colours.panel)
        painter.fillRect(0, 0, self.width(), 1, colours.line)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for row in self.rows_in_sight():
            cell = self.cell(row)
            if cell.intersects(event.rect()):
                self._paint_cell(painter, colours, row, cell)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event)
        if row is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.compare_requested.emit(self._model.id_at(row))
        else:
            self.picked.emit(self._model.id_at(row))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._row_at(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        notches = (delta.y() or delta.x()) / _NOTCH
        row, last = self._row or 0, self._model.rowCount() - 1
        moved = self._moved_px - notches * 2 * _PITCH
        self._moved_px = min(max(moved, -row * _PITCH), max(0, last - row) * _PITCH)
        self._hovered = None
        self.update()
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            row = next((one for one in self.rows_in_sight() if self.cell(one).contains(event.pos())), None)
            picture = None if row is None else self._model.picture(row)
            text = "" if picture is None else prompts.first_line(picture.prompt, 300)
            plain.show_tip(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _row_at(self, event: QMouseEvent) -> int | None:
        at = event.position().toPoint()
        return next((row for row in self.rows_in_sight() if self.cell(row).contains(at)), None)

    def _hover(self, row: int | None) -> None:
        if row != self._hovered:
            self._hovered = row
            self.update()

    def _paint_cell(self, painter: QPainter, colours: Colours, row: int, cell: QRect) -> None:
        picture = self._model.picture(row)
        pixmap = self._thumbnails.pixmap(self._model.id_at(row)) if picture else None
        place = QPainterPath()
        place.addRoundedRect(QRectF(cell), STEP, STEP)
        painter.save()
        painter.setClipPath(place)
        if pixmap is None or pixmap.isNull():
            painter.fillRect(cell, colours.raised)
            face = describe(picture, None, time.monotonic()) if picture else None
            if face is not None:
                middle = QRect(0, 0, 20, 20)
                middle.moveCenter(cell.center())
                theme.icon(face.icon, getattr(colours, face.colour)).paint(painter, middle)
        else:
            side = min(pixmap.width(), pixmap.height())
            part = QRectF((pixmap.width() - side) / 2, (pixmap.height() - side) / 2, side, side)
            painter.drawPixmap(QRectF(cell), pixmap, part)
        painter.restore()
        is_current = row == self._row
        if is_current or row == self._hovered:
            painter.setPen(QPen(colours.accent if is_current else colours.quiet, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            grow = 2 if is_current else 0
            painter.drawRoundedRect(QRectF(cell).adjusted(-grow, -grow, grow, grow), STEP + grow, STEP + grow)

    def _read_ahead(self) -> None:
        """Have the next pictures' rows and thumbnails read before they come, the nearest first."""
        if self._row is None or not self.isVisible():
            return
        count, row = self._model.rowCount(), self._row
        in_sight = self.rows_in_sight()
        further = range(1, _AHEAD + len(in_sight) // 2)
        steps = [0, *(step * way for step in further for way in (self._direction, -self._direction))]
        rows = [row + step for step in steps if 0 <= row + step < count]
        found = [self._model.id_at(one) for one in rows if self._model.picture(one) is not None]
        self._thumbnails.want(found, self._thumbnails.box_px)

    def _on_seen_changed(self, *_: object) -> None:
        self.update()

    def _on_rows_changed(self) -> None:
        self._hovered = None
        row = None if self._current is None else self._model.row_of(self._current)
        self.set_current(self._current, row)
