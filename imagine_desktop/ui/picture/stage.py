"""Where two pictures are compared: one zoom for all modes, each of which paints in its own way."""

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.ui.picture.pair import Pair, Subject
from imagine_desktop.ui.picture.viewport import Viewport, paint_label
from imagine_desktop.ui.shell.theme import STEP, Colours

_LABEL = 24


class Mode(QObject):
    """A way to compare two pictures. `controls` stand in the bar while it is the one in use.

    Signals:
        changed: it would be painted otherwise now.
    """

    changed = Signal()

    name = ""
    hint = ""
    controls: QWidget | None = None

    def begin(self, pair: Pair) -> None:
        """It is the one in use from now on, or the pair is another one."""

    def end(self) -> None:
        """Another mode is in use from now on, or the comparison is not seen."""

    def panes(self, room: QRectF) -> list[QRectF]:
        """The parts of the stage through which the pictures are seen."""
        return [room]

    def paint(self, painter: QPainter, stage: "Stage", pair: Pair) -> None:
        """Paint both pictures onto the stage, whose ground is there."""
        raise NotImplementedError

    def take_press(self, event: QMouseEvent, stage: "Stage") -> bool:
        """Whether the mouse, pressed there, is this mode's and not for moving the pictures."""
        return False

    def take_move(self, event: QMouseEvent, stage: "Stage") -> None:
        """The mouse was moved, pressed as `take_press` took it."""


class Stage(Viewport):
    """Shows a pair in a mode."""

    def __init__(self, mode: Mode, parent: QWidget) -> None:
        self._mode = mode
        self._pair: Pair | None = None
        self._is_taken = False
        super().__init__(parent)

    @property
    def pair(self) -> Pair | None:
        """What is compared."""
        return self._pair

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way; zoom and place stay as far as they can."""
        self._mode = mode
        self.unsetCursor()
        self._follow(self._fit)
        self.update()

    def set_pair(self, pair: Pair) -> None:
        """Show another pair; the same two the other way round keep their zoom."""
        before, self._pair = self._pair, pair
        is_same = before is not None and {*map(id, before.sides)} == {*map(id, pair.sides)}
        if not is_same or pair.sheet != self._size:
            self.set_sheet(pair.sheet)
        self.update()

    def panes(self) -> list[QRectF]:
        return self._mode.panes(QRectF(self.rect()))

    def paint_side(self, painter: QPainter, side: Subject, pane: QRectF, clip: QRectF | None = None) -> None:
        """Paint one of the two as it is seen through a pane, or a part of that."""
        painter.save()
        painter.setClipRect(clip or pane)
        side.paint(painter, self.target(pane), self.devicePixelRatioF(), self._colours)
        painter.restore()

    def visible(self, pane: QRectF | None = None) -> QRectF:
        """The part of the sheet's place that is inside a pane."""
        pane = pane or self.panes()[0]
        return self.target(pane).intersected(pane)

    def paint_label(
        self, painter: QPainter, room: QRectF, word: str, side: Subject, *, is_left: bool = True
    ) -> None:
        """Say in an upper corner of a room which of the two is seen there."""
        text = self._label_text(painter, room, word, side)
        paint_label(painter, self.label_place(painter, room, word, side, is_left=is_left), text, self._colours)

    def label_place(
        self, painter: QPainter, room: QRectF, word: str, side: Subject, *, is_left: bool = True
    ) -> QRectF:
        """Where `paint_label` paints."""
        text = self._label_text(painter, room, word, side)
        width = painter.fontMetrics().horizontalAdvance(text) + 20
        left = room.left() + 2 * STEP if is_left else room.right() - 2 * STEP - width
        return QRectF(left, room.top() + 2 * STEP, width, _LABEL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._colours.window)
        if self._pair is not None:
            self._mode.paint(painter, self, self._pair)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._is_taken = is_left and self._mode.take_press(event, self)
        if not self._is_taken:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_taken:
            self._mode.take_move(event, self)
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_taken = False
        super().mouseReleaseEvent(event)

    @property
    def _colours(self) -> Colours:
        return Colours.of(self.palette())

    def _label_text(self, painter: QPainter, room: QRectF, word: str, side: Subject) -> str:
        said = f"{word} · {prompts.first_line(side.picture.prompt)}".rstrip(" ·")
        width = max(0, int(room.width()) - 10 * STEP)
        return painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, width)
