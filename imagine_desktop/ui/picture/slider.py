"""Two pictures laid on one another, with a line to draw across them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen

from imagine_desktop.ui.picture.pair import Pair
from imagine_desktop.ui.picture.stage import Mode, Stage
from imagine_desktop.ui.shell.theme import Colours

_KNOB = 28
_REACH = 18  # pixels from the line within which it is meant, where the pictures can be moved too


class SliderMode(Mode):
    """Left of the line the picture before, right of it the one after."""

    name = "Slider"
    hint = "Drag the line, or ← and →"

    _position = 0.5

    @property
    def position(self) -> float:
        """Where the line is, from 0 at the left edge of what is seen of the pictures to 1."""
        return self._position

    def set_position(self, position: float) -> None:
        """Move the line."""
        self._position = min(max(position, 0.0), 1.0)
        self.changed.emit()

    def paint(self, painter: QPainter, stage: Stage, pair: Pair) -> None:
        pane, seen = stage.panes()[0], stage.visible()
        line = self._line(seen)
        left = QRectF(pane.left(), pane.top(), line - pane.left(), pane.height())
        right = QRectF(line, pane.top(), pane.right() - line, pane.height())
        stage.paint_side(painter, pair.before, pane, left)
        stage.paint_side(painter, pair.after, pane, right)
        colours = Colours.of(stage.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter, colours, line, seen)
        half = QRectF(seen.left(), seen.top(), seen.width() / 2, seen.height())
        for is_left, word, side in ((True, "Before", pair.before), (False, "After", pair.after)):
            room = half if is_left else half.translated(half.width(), 0)
            place = stage.label_place(painter, room, word, side, is_left=is_left)
            if (place.right() < line) if is_left else (place.left() > line):  # it goes when the line comes
                stage.paint_label(painter, room, word, side, is_left=is_left)

    def take_press(self, event: QMouseEvent, stage: Stage) -> bool:
        is_meant = stage.is_fit or abs(event.position().x() - self._line(stage.visible())) <= _REACH
        if is_meant:
            self.take_move(event, stage)
        return is_meant

    def take_move(self, event: QMouseEvent, stage: Stage) -> None:
        seen = stage.visible()
        self.set_position((event.position().x() - seen.left()) / max(1.0, seen.width()))

    def _line(self, seen: QRectF) -> float:
        return seen.left() + seen.width() * self._position

    def _paint_line(self, painter: QPainter, colours: Colours, line: float, seen: QRectF) -> None:
        for colour, width in ((colours.window, 4), (colours.text, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(line, seen.top()), QPointF(line, seen.bottom()))
        knob = QRectF(line - _KNOB / 2, seen.center().y() - _KNOB / 2, _KNOB, _KNOB)
        painter.setPen(QPen(colours.line, 2))
        painter.setBrush(colours.panel)
        painter.drawEllipse(knob)
        painter.setPen(QPen(colours.text, 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        for way in (-1, 1):
            tip = QPointF(line + way * 8, knob.center().y())
            painter.drawPolyline([tip + QPointF(-way * 4, -4), tip, tip + QPointF(-way * 4, 4)])
