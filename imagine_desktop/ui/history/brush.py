"""The strokes that a row of the history is drawn with."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from imagine_desktop.domain.record import TurnState
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import CONTROL_RADIUS, Colours

_QUIET_PX = 12
_TILE_RADIUS = 4
_BEND = 6


class Brush:
    """Draws into one row with the colours and fonts of its view."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, *, is_hovered: bool) -> None:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._painter = painter
        self._colours = Colours.of(option.palette)
        self.rect = option.rect
        self.font = option.font
        self.metrics = QFontMetrics(option.font)
        self.is_hovered = is_hovered
        self.is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        self._has_focus = self.is_current and bool(option.state & QStyle.StateFlag.State_HasFocus)
        self._quiet_font = QFont(option.font)
        self._quiet_font.setPixelSize(_QUIET_PX)
        rail = theme.blend(self._colours.line, self._colours.quiet, 0.35)
        # Flat ends, so that the pieces of neighbouring rows do not darken where they meet.
        self._rail = QPen(rail, 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)

    def ground(self) -> None:
        """The row's own ground: what is current, and what the keyboard is at."""
        colours = self._colours
        shade = colours.raised if self.is_current else theme.blend(colours.panel, colours.raised, 0.5)
        if self.is_current or self.is_hovered:
            self._painter.setPen(QPen(colours.accent, 2) if self._has_focus else Qt.PenStyle.NoPen)
            self._painter.setBrush(shade)
            self._painter.drawRoundedRect(
                QRectF(self.rect).adjusted(5, 2, -5, -2), CONTROL_RADIUS, CONTROL_RADIUS
            )

    def separator(self) -> None:
        """A thin line along the row's top."""
        self._painter.fillRect(
            QRect(self.rect.left(), self.rect.top(), self.rect.width(), 1), self._colours.line
        )

    def line(self, x: int, top: int, bottom: int) -> None:
        """A piece of a branch's line."""
        self._painter.setPen(self._rail)
        self._painter.drawLine(QPointF(x + 0.5, top), QPointF(x + 0.5, bottom))

    def elbow(self, from_x: int, top: int, x: int, y: int) -> None:
        """Where a branch leaves the line of its fork."""
        left, middle = from_x + 0.5, y + 0.5
        path = QPainterPath(QPointF(left, top))
        path.lineTo(left, middle - _BEND)
        path.quadTo(left, middle, left + _BEND, middle)
        path.lineTo(x, middle)
        self._painter.setPen(self._rail)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(path)

    def node(self, x: int, y: int, state: TurnState, *, is_empty: bool = False) -> None:
        """A turn's dot on its line: full where there are pictures, a ring where there are none."""
        ground = self._colours.raised if self.is_current else self._colours.panel
        shade = self._colours.accent if self.is_current else self._state_colour(state)
        self._painter.setPen(QPen(shade, 1.5))
        self._painter.setBrush(shade if state is TurnState.CHARGED and not is_empty else ground)
        self._painter.drawEllipse(QPointF(x + 0.5, y + 0.5), 3.5, 3.5)

    def picture(self, rect: QRect, pixmap: QPixmap) -> None:
        """A picture that fills a square with its middle."""
        ratio = self._painter.device().devicePixelRatioF()
        width, height = pixmap.width(), pixmap.height()
        side = min(width, height)
        middle = pixmap.copy((width - side) // 2, (height - side) // 2, side, side)
        size = round(rect.width() * ratio)
        scaled = middle.scaled(
            size, size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        texture = QBrush(scaled)
        texture.setTransform(QTransform(1 / ratio, 0, 0, 1 / ratio, rect.x(), rect.y()))
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(texture)
        self._painter.drawRoundedRect(rect, _TILE_RADIUS, _TILE_RADIUS)

    def state_tile(self, rect: QRect, icon_name: str) -> None:
        """A square without a picture, and why."""
        self._square(rect)
        side = 16
        middle = QRect(
            rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2, side, side
        )
        self.icon(middle, icon_name)

    def more(self, rect: QRect, count: int) -> None:
        """A square that stands for further pictures."""
        self._square(rect)
        self._painter.setFont(self._quiet_font)
        self._painter.setPen(self._colours.text)
        self._painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"+{count}")

    def ring(self, rect: QRect) -> None:
        """The mark of the picture that is being looked at."""
        outer = QRectF(rect).adjusted(-1, -1, 1, 1)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(self._colours.accent, 2))
        self._painter.drawRoundedRect(outer, _TILE_RADIUS + 1, _TILE_RADIUS + 1)
        self._painter.setPen(QPen(self._colours.panel, 1))
        self._painter.drawRoundedRect(outer.adjusted(1.5, 1.5, -1.5, -1.5), _TILE_RADIUS, _TILE_RADIUS)

    def icon(self, rect: QRect, name: str) -> None:
        """An icon in the quiet colour."""
        theme.icon(name, self._colours.quiet).paint(self._painter, rect)

    def text(self, rect: QRect, line: str, *, is_quiet: bool = False) -> None:
        """One line of words, cut where it is too long."""
        self._painter.setFont(self.font)
        self._painter.setPen(self._colours.quiet if is_quiet else self._colours.text)
        self._painter.drawText(
            rect,
            Qt.TextFlag.TextSingleLine,
            self.metrics.elidedText(line, Qt.TextElideMode.ElideRight, rect.width()),
        )

    def quiet_text(
        self,
        rect: QRect,
        line: str,
        state: TurnState = TurnState.CHARGED,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignTop,
    ) -> int:
        """One small line, in its state's colour where something is amiss; returns how wide it came out."""
        metrics = QFontMetrics(self._quiet_font)
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, rect.width())
        self._painter.setFont(self._quiet_font)
        self._painter.setPen(self._state_colour(state))
        self._painter.drawText(rect, alignment | Qt.TextFlag.TextSingleLine, shown)
        return metrics.horizontalAdvance(shown)

    def _square(self, rect: QRect) -> None:
        colours = self._colours
        self._painter.setPen(QPen(colours.line, 1))
        self._painter.setBrush(colours.window if self.is_current else colours.raised)
        self._painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), _TILE_RADIUS, _TILE_RADIUS)

    def _state_colour(self, state: TurnState) -> QColor:
        colours = self._colours
        return {
            TurnState.QUEUED: colours.waiting,
            TurnState.SENDING: colours.waiting,
            TurnState.WAITING: colours.waiting,
            TurnState.NOT_SENT: colours.failed,
            TurnState.REJECTED: colours.failed,
            TurnState.CHARGED_NO_IMAGE: colours.withheld,
            TurnState.UNKNOWN: colours.unknown,
        }.get(state, colours.quiet)
