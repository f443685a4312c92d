"""How one tile looks: a picture in its own shape, or the state it is in, and what the mouse may press."""

import math
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from imagine_desktop.domain import money
from imagine_desktop.domain.record import Picture, PictureState
from imagine_desktop.engine.flaws import Flaw
from imagine_desktop.ui.gallery.faces import Face, shape
from imagine_desktop.ui.images import fitted_size
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import CONTROL_RADIUS, PANEL_RADIUS, STEP, Colours

INSET = 2 * STEP
_BUTTON = 28
_CHIP = 20
_MARK = 6  # from the picture's edge to a mark on it
_BRACKET = 16
_MOST_WALLS = 8
_TRASHED_OPACITY = 0.4
_BEND = 1 - 0.5523  # where the control points of a curve lie that is as good as a quarter of a circle
_USUAL_S = 12.0  # a guess at how long a picture takes: the bar is two thirds full by then, and never full


Walls = dict[tuple[int, int, float, int, int, int], QPixmap]  # what lies behind a tile, ready to be copied


class TileButton(Enum):
    """What can be pressed on a tile under the mouse: an icon and its tooltip. The star is at the top right."""

    EDIT = ("square-pen", "Edit this (E)")
    COMPARE = ("git-compare", "Compare with its source (C)")
    SAVE = ("download", "Save as…")
    STAR = ("star", "Star, or take the star away (S)")

    def __init__(self, icon: str, tip: str) -> None:
        self.icon = icon
        self.tip = tip


_IN_A_ROW = (TileButton.EDIT, TileButton.COMPARE, TileButton.SAVE)


class Tile(NamedTuple):
    """All that decides how a tile looks."""

    picture: Picture | None
    pixmap: QPixmap | None = None
    face: Face | None = None
    flaw: Flaw | None = None
    is_selected: bool = False
    is_current: bool = False
    is_compared: bool = False
    is_hovered: bool = False
    hot: TileButton | None = None
    pressed: TileButton | None = None

    @property
    def has_marks(self) -> bool:
        """Whether anything stands on the picture."""
        one = self.picture
        if one is None:
            return False
        is_marked = one.child_count > 0 or one.is_starred or one.trashed is not None
        return is_marked or self.is_hovered or self.flaw is not None


def box_px(side: int, dpr: float) -> int:
    """The square, in device pixels, into which the picture of a cell of that side is fitted."""
    return max(1, round((side - 2 * INSET) * dpr))


def frame_of(cell: QRect, picture: Picture | None) -> QRect:
    """Where in its cell a picture, or its placeholder, lies."""
    inner = cell.adjusted(INSET, INSET, -INSET, -INSET)
    ratio = shape(picture) if picture else 1.0
    size = fitted_size(round(ratio * 1000), 1000, max(1, inner.width()))
    made = QRect(0, 0, size.width(), size.height())
    made.moveCenter(inner.center())
    return made


def buttons_of(cell: QRect, picture: Picture | None) -> dict[TileButton, QRect]:
    """Where the buttons of a tile lie; only a saved picture has any, and not in the trash."""
    if picture is None or picture.state is not PictureState.SAVED or picture.trashed is not None:
        return {}
    room = _room_for_marks(cell, picture)
    left, top = room.left() + INSET, room.bottom() - INSET - _BUTTON
    places = {
        button: QRect(left + place * (_BUTTON + STEP), top, _BUTTON, _BUTTON)
        for place, button in enumerate(_IN_A_ROW)
    }
    return places | {TileButton.STAR: _star_of(room)}


def _star_of(room: QRect) -> QRect:
    return QRect(room.right() + 1 - _MARK - _CHIP, room.top() + _MARK, _CHIP, _CHIP)


def _room_for_marks(cell: QRect, picture: Picture) -> QRect:
    """The picture's frame, grown where it is too narrow or too flat for marks and buttons beside each other."""
    frame = frame_of(cell, picture)
    width = len(_IN_A_ROW) * (_BUTTON + STEP) - STEP + 2 * INSET
    height = _BUTTON + _CHIP + 3 * INSET
    room = QRect(0, 0, max(frame.width(), width), max(frame.height(), height))
    room.moveCenter(frame.center())
    return room


def _check_of(cell: QRect) -> QRect:
    return QRect(cell.left() + STEP, cell.top() + STEP, _CHIP, _CHIP)


@lru_cache(maxsize=64)
def _corners(width: float, height: float) -> QPainterPath:
    """What rounding the corners takes off: painted over them, it costs a tenth of a rounded clip's time."""
    made, radius = QPainterPath(), min(CONTROL_RADIUS, width / 2, height / 2)
    bend = radius * _BEND
    for x, right in ((0.0, 1), (width, -1)):
        for y, down in ((0.0, 1), (height, -1)):
            made.moveTo(x, y)
            made.lineTo(x + right * radius, y)
            made.cubicTo(x + right * bend, y, x, y + down * bend, x, y + down * radius)
            made.closeSubpath()
    return made


class TilePainter:
    """Paints tiles with one painter, in one set of colours."""

    def __init__(
        self, painter: QPainter, colours: Colours, font: QFont, dpr: float, *, has_focus: bool, walls: Walls
    ) -> None:
        """`walls` is filled and used again by the next painter."""
        self._walls = walls
        self._painter = painter
        self._colours = colours
        self._font = font
        self._small = QFont(font)
        self._small.setPixelSize(max(9, QFontInfo(font).pixelSize() - 2))
        self._dpr = dpr
        self._has_focus = has_focus
        self._ground = theme.blend(colours.window, colours.text, 0.06)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)

    def paint(self, cell: QRect, tile: Tile) -> None:
        """Paint one tile into its cell, over the window's colour."""
        wall = self._paint_wall(cell, tile)
        if tile.pixmap is not None:
            is_faint = tile.picture is not None and tile.picture.trashed is not None
            self._paint_picture(cell, tile.pixmap, wall, is_faint=is_faint)
        else:
            frame = frame_of(cell, tile.picture)
            self._fill(QRectF(frame), self._ground, CONTROL_RADIUS)
            if tile.face is not None:
                self._paint_face(frame, tile.face)
        if tile.is_compared:
            self._paint_brackets(frame_of(cell, tile.picture))
        if tile.is_current:
            self._paint_ring(frame_of(cell, tile.picture))
        if tile.is_selected:
            self._paint_check(cell)
        if tile.picture is not None and tile.has_marks:
            self._paint_marks(cell, tile.picture, tile)

    def _paint_wall(self, cell: QRect, tile: Tile) -> QColor:
        """What lies behind the picture: the mark of a selected tile, or of the one under the mouse."""
        colours = self._colours
        if tile.is_selected:
            wall = theme.blend(colours.window, colours.accent, 0.13)
            self._copy_wall(cell, wall, colours.accent)
        elif tile.is_hovered:
            wall = theme.blend(colours.window, colours.text, 0.04)
            self._copy_wall(cell, wall, wall)
        else:
            wall = colours.window
        return wall

    def _copy_wall(self, cell: QRect, wall: QColor, line: QColor) -> None:
        """Copy what is drawn once for all cells of a size; drawn for each it takes longer than the pictures."""
        key = (cell.width(), cell.height(), self._dpr, wall.rgb(), line.rgb(), self._colours.window.rgb())
        if key not in self._walls:
            if len(self._walls) >= _MOST_WALLS:
                self._walls.clear()
            made = QPixmap(round(cell.width() * self._dpr), round(cell.height() * self._dpr))
            made.setDevicePixelRatio(self._dpr)
            made.fill(self._colours.window)
            painter, self._painter = self._painter, QPainter(made)
            self._painter.setRenderHints(painter.renderHints())
            self._fill(QRectF(0, 0, cell.width(), cell.height()), wall, PANEL_RADIUS, line)
            self._painter.end()
            self._painter = painter
            self._walls[key] = made
        self._painter.drawPixmap(cell.topLeft(), self._walls[key])

    def _paint_picture(self, cell: QRect, pixmap: QPixmap, wall: QColor, *, is_faint: bool) -> None:
        """Copy a pixmap made for this box pixel by pixel; another is scaled until its own comes."""
        dpr, painter = self._dpr, self._painter
        box = box_px(cell.width(), dpr)
        width_px, height_px = pixmap.width(), pixmap.height()
        if max(width_px, height_px) != box:
            size = fitted_size(width_px, height_px, box)
            width_px, height_px = size.width(), size.height()
        left = round((cell.left() + cell.width() / 2) * dpr - width_px / 2) / dpr
        top = round((cell.top() + cell.height() / 2) * dpr - height_px / 2) / dpr
        width, height = width_px / dpr, height_px / dpr
        whole = QRectF(0, 0, pixmap.width(), pixmap.height())
        if is_faint:
            painter.setOpacity(_TRASHED_OPACITY)
        painter.drawPixmap(QRectF(left, top, width, height), pixmap, whole)
        if is_faint:
            painter.setOpacity(1.0)
        painter.fillPath(_corners(width, height).translated(left, top), wall)

    def _paint_face(self, frame: QRect, face: Face) -> None:
        colours, painter = self._colours, self._painter
        room = frame.adjusted(STEP, STEP, -STEP, -STEP)
        line, small = QFontMetrics(self._font).height(), QFontMetrics(self._small)
        words, detail = _cut_to_lines(small, face.detail, room.width(), 3)
        icon = 24
        if icon + 2 * STEP + line + detail > room.height():
            icon = 0
        if line + detail > room.height():
            detail = 0
        top = room.top() + (room.height() - line - detail - (icon + 2 * STEP if icon else 0)) // 2
        if icon:
            place = QRect(room.center().x() - icon // 2, top, icon, icon)
            theme.icon(face.icon, getattr(colours, face.colour)).paint(painter, place)
            top += icon + 2 * STEP
        painter.setFont(self._font)
        painter.setPen(colours.text)
        text = QFontMetrics(self._font).elidedText(face.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(QRect(room.left(), top, room.width(), line), Qt.AlignmentFlag.AlignCenter, text)
        if detail:
            painter.setFont(self._small)
            painter.setPen(colours.quiet)
            painter.drawText(
                QRect(room.left(), top + line + 2, room.width(), detail),
                Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap,
                words,
            )
        if face.elapsed_s is not None:
            self._paint_bar(frame, 1 - math.exp(-face.elapsed_s / _USUAL_S))

    def _paint_bar(self, frame: QRect, part: float) -> None:
        """A thin line that moves only when the seconds do."""
        margin = min(3 * STEP, frame.width() // 6)
        track = QRectF(frame.left() + margin, frame.bottom() - 2 * STEP, frame.width() - 2 * margin, 2)
        self._fill(track, self._colours.line, 1)
        track.setWidth(track.width() * part)
        self._fill(track, self._colours.waiting, 1)

    def _paint_ring(self, frame: QRect) -> None:
        colour = self._colours.accent if self._has_focus else self._colours.quiet
        self._painter.setPen(QPen(colour, 2))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = CONTROL_RADIUS + 3
        self._painter.drawRoundedRect(QRectF(frame).adjusted(-3, -3, 3, 3), radius, radius)

    def _paint_brackets(self, frame: QRect) -> None:
        """What the current picture is compared with stands between corners."""
        outer = QRectF(frame).adjusted(-4, -4, 4, 4)
        arm = min(_BRACKET, outer.width() / 3, outer.height() / 3)
        pen = QPen(self._colours.text, 3)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        self._painter.setPen(pen)
        for corner, right, down in (
            (outer.topLeft(), arm, arm),
            (outer.topRight(), -arm, arm),
            (outer.bottomLeft(), arm, -arm),
            (outer.bottomRight(), -arm, -arm),
        ):
            self._painter.drawPolyline([corner + QPointF(right, 0), corner, corner + QPointF(0, down)])

    def _paint_check(self, cell: QRect) -> None:
        disc = _check_of(cell)
        self._fill(QRectF(disc), self._colours.accent, _CHIP / 2)
        theme.icon("check", self._colours.on_accent).paint(self._painter, disc.adjusted(4, 4, -4, -4))

    def _paint_marks(self, cell: QRect, picture: Picture, tile: Tile) -> None:
        room = _room_for_marks(cell, picture)
        left, top = room.left() + _MARK, room.top() + _MARK
        if tile.is_selected:  # the check has the corner
            left = max(left, _check_of(cell).right() + 1 + STEP)
        if picture.child_count:
            text = str(picture.child_count)
            self._paint_chip(QPointF(left, top), text, "git-branch")
            left += self._chip_width(text, "git-branch") + STEP
        if picture.trashed is not None:
            self._paint_mark(_star_of(room), "trash-2", self._colours.panel, self._colours.text)
        elif picture.is_starred:
            self._paint_mark(_star_of(room), "star-filled", *self._star_colours(tile))
        bottom = room.bottom() - INSET - (_BUTTON + _CHIP) // 2
        if tile.is_hovered:
            self._paint_hovered(cell, left, picture, tile)
            bottom = room.bottom() - INSET - _BUTTON - STEP - _CHIP
        if tile.flaw is not None:
            self._paint_chip(
                QPointF(room.left() + INSET, bottom), tile.flaw.text, "circle-alert", self._colours.failed
            )

    def _paint_hovered(self, cell: QRect, top_left: int, picture: Picture, tile: Tile) -> None:
        """The buttons, and what the picture cost: at the top where the buttons leave no room beside them."""
        room, buttons = _room_for_marks(cell, picture), buttons_of(cell, picture)
        for button, place in buttons.items():
            if button is not TileButton.STAR:
                self._paint_button(place, button, tile)
            elif not picture.is_starred:
                self._paint_mark(place, "star", *self._star_colours(tile))
        if picture.cost_ticks is None:
            return
        text = money.usd(picture.cost_ticks)
        width = self._chip_width(text, "")
        left, top = room.right() - INSET - width, room.bottom() - INSET - (_BUTTON + _CHIP) // 2
        if left < max((buttons[one].right() for one in _IN_A_ROW if one in buttons), default=0) + STEP:
            left, top = _star_of(room).left() - STEP - width, room.top() + _MARK
            if left < top_left:
                return  # no room there either
        self._paint_chip(QPointF(left, top), text, "")

    def _star_colours(self, tile: Tile) -> tuple[QColor, QColor]:
        if tile.hot is TileButton.STAR:
            return self._colours.accent, self._colours.on_accent
        return self._colours.panel, self._colours.text

    def _paint_mark(self, place: QRect, icon: str, ground: QColor, ink: QColor) -> None:
        self._fill(QRectF(place), ground, _CHIP / 2, self._colours.line)
        theme.icon(icon, ink).paint(self._painter, place.adjusted(3, 3, -3, -3))

    def _paint_button(self, place: QRect, button: TileButton, tile: Tile) -> None:
        colours = self._colours
        ground, ink = colours.panel, colours.text
        if button is tile.pressed and button is tile.hot:
            ground, ink = theme.blend(colours.accent, colours.window, 0.25), colours.on_accent
        elif button is tile.hot:
            ground, ink = colours.accent, colours.on_accent
        self._fill(QRectF(place), ground, CONTROL_RADIUS, colours.line)
        theme.icon(button.icon, ink).paint(self._painter, place.adjusted(6, 6, -6, -6))

    def _paint_chip(self, position: QPointF, text: str, icon: str, ink: QColor | None = None) -> None:
        width, ink = self._chip_width(text, icon), ink or self._colours.text
        chip = QRectF(position.x(), position.y(), width, _CHIP)
        self._fill(chip, self._colours.panel, _CHIP / 2, self._colours.line)
        label = chip.adjusted(7, 0, -7, 0)
        if icon:
            place = QRect(round(chip.left()) + 6, round(chip.top()) + 4, 12, 12)
            theme.icon(icon, ink).paint(self._painter, place)
            label.setLeft(chip.left() + 20)
        self._painter.setFont(self._small)
        self._painter.setPen(ink)
        self._painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)

    def _chip_width(self, text: str, icon: str) -> int:
        return QFontMetrics(self._small).horizontalAdvance(text) + (28 if icon else 16)

    def _fill(self, place: QRectF, colour: QColor, radius: float, line: QColor | None = None) -> None:
        self._painter.setPen(QPen(line, 1) if line else Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        inset = 0.5 if line else 0
        self._painter.drawRoundedRect(place.adjusted(inset, inset, -inset, -inset), radius, radius)


def _cut_to_lines(metrics: QFontMetrics, text: str, width: int, lines: int) -> tuple[str, int]:
    """As much of a text as stands on so many lines, and its height."""
    words, shown = text.split(), text
    while True:
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        height = metrics.boundingRect(QRect(0, 0, width, 1000), flags, shown).height() if shown else 0
        if height <= lines * metrics.height() or len(words) < 2:
            return shown, min(height, lines * metrics.height())
        words.pop()
        shown = " ".join(words) + "…"
