"""Two pictures beside one another, zoomed and moved as one."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from imagine_desktop.ui.picture.pair import Pair
from imagine_desktop.ui.picture.stage import Mode, Stage
from imagine_desktop.ui.shell.theme import Colours

_GAP = 2


class BesideMode(Mode):
    """Both show the same part; in a stage that is higher than wide they stand above one another."""

    name = "Side by side"
    hint = "Wheel and drag move both"

    def panes(self, room: QRectF) -> list[QRectF]:
        if room.height() > room.width():
            half = (room.height() - _GAP) / 2
            first = QRectF(room.left(), room.top(), room.width(), half)
            return [first, first.translated(0, half + _GAP)]
        half = (room.width() - _GAP) / 2
        first = QRectF(room.left(), room.top(), half, room.height())
        return [first, first.translated(half + _GAP, 0)]

    def paint(self, painter: QPainter, stage: Stage, pair: Pair) -> None:
        painter.fillRect(stage.rect(), Colours.of(stage.palette()).line)
        for word, side, pane in zip(("Before", "After"), pair.sides, stage.panes(), strict=True):
            painter.fillRect(pane, Colours.of(stage.palette()).window)
            stage.paint_side(painter, side, pane)
            stage.paint_label(painter, stage.visible(pane), word, side)
