"""Two pictures laid on one another, with a line to draw across them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.pixels import Pixels
from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.errors import ImagineError
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.images import image_of
from imagine_desktop.ui.picture.mipmap import Mipmap
from imagine_desktop.ui.picture.strip import Strip
from imagine_desktop.ui.shell.theme import STEP, Colours

ReadFull = Callable[[PictureId], Pixels]

_KNOB = 28
_LABEL = 24
_Key = Qt.Key


@dataclass(slots=True)
class _Side:
    """One of the two: its stand-in, then itself, or why there is none."""

    picture: Picture
    preview: QPixmap | None
    full: Mipmap | None = None
    message: str = ""


class Slider(QWidget):
    """The two pictures; left of the line the first, right of it the second.

    Signals:
        position_changed: where the line is, from 0 at the left edge of the pictures to 1.
    """

    position_changed = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sides: tuple[_Side, _Side] | None = None
        self._position = 0.5
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setMinimumSize(160, 120)

    @property
    def position(self) -> float:
        """Where the line is."""
        return self._position

    @property
    def messages(self) -> tuple[str, str]:
        """What is said in place of each picture."""
        return (self._sides[0].message, self._sides[1].message) if self._sides else ("", "")

    def set_position(self, position: float) -> None:
        """Move the line."""
        position = min(max(position, 0.0), 1.0)
        if position != self._position:
            self._position = position
            self.position_changed.emit(position)
            self.update()

    def show_sides(self, sides: tuple[_Side, _Side]) -> None:
        """Lay two pictures on one another."""
        self._sides = sides
        self.update()

    def frame(self) -> QRectF:
        """What both pictures are fitted into: the shape of the second, as large as there is room."""
        room = QRectF(self.rect()).adjusted(2 * STEP, 2 * STEP, -2 * STEP, -2 * STEP)
        return room if self._sides is None else _fitted(self._sides[1].picture, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = Colours.of(self.palette()), QPainter(self)
        painter.fillRect(event.rect(), colours.window)
        if self._sides is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.frame()
        line = frame.left() + frame.width() * self._position
        for side, left, right in (
            (self._sides[0], 0.0, line),
            (self._sides[1], line, float(self.width())),
        ):
            painter.save()
            painter.setClipRect(QRectF(left, 0, right - left, self.height()))
            self._paint_side(painter, colours, side, frame)
            painter.restore()
        self._paint_line(painter, colours, line, frame)
        self._paint_labels(painter, colours, frame)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._follow(event)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event)

    def _follow(self, event: QMouseEvent) -> None:
        frame = self.frame()
        self.set_position((event.position().x() - frame.left()) / max(1.0, frame.width()))

    def _paint_side(self, painter: QPainter, colours: Colours, side: _Side, frame: QRectF) -> None:
        target = _fitted(side.picture, frame)
        if side.full is not None:
            side.full.paint(painter, target, self.devicePixelRatioF())
        elif side.preview is not None and not side.preview.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(target, side.preview, QRectF(side.preview.rect()))
        else:
            painter.fillRect(target, colours.raised)
            painter.setPen(colours.text)
            painter.drawText(target, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, side.message)

    def _paint_line(self, painter: QPainter, colours: Colours, line: float, frame: QRectF) -> None:
        painter.setPen(QPen(colours.window, 4))
        painter.drawLine(QPointF(line, frame.top()), QPointF(line, frame.bottom()))
        painter.setPen(QPen(colours.text, 2))
        painter.drawLine(QPointF(line, frame.top()), QPointF(line, frame.bottom()))
        knob = QRectF(line - _KNOB / 2, frame.center().y() - _KNOB / 2, _KNOB, _KNOB)
        painter.setPen(QPen(colours.line, 2))
        painter.setBrush(colours.panel)
        painter.drawEllipse(knob)
        painter.setPen(QPen(colours.text, 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        for way in (-1, 1):
            tip = QPointF(line + way * 8, knob.center().y())
            painter.drawPolyline([tip + QPointF(-way * 4, -4), tip, tip + QPointF(-way * 4, 4)])

    def _paint_labels(self, painter: QPainter, colours: Colours, frame: QRectF) -> None:
        """Say which is which in the upper corners; a label goes when the line comes to it."""
        if self._sides is None:
            return
        metrics = painter.fontMetrics()
        line = frame.left() + frame.width() * self._position
        room = frame.width() / 2 - 6 * STEP
        for is_left, word, side in ((True, "Before", self._sides[0]), (False, "After", self._sides[1])):
            said = f"{word} · {prompts.first_line(side.picture.prompt)}".rstrip(" ·")
            text = metrics.elidedText(said, Qt.TextElideMode.ElideRight, int(room))
            width = metrics.horizontalAdvance(text) + 20
            left = frame.left() + 2 * STEP if is_left else frame.right() - 2 * STEP - width
            label = QRectF(left, frame.top() + 2 * STEP, width, _LABEL)
            if (label.right() > line) if is_left else (label.left() < line):
                continue
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(colours.panel)
            painter.drawRoundedRect(label, _LABEL / 2, _LABEL / 2)
            painter.setPen(colours.text)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)


class CompareView(QWidget):
    """Before and after, and a strip with what can be done.

    Signals:
        closed: Escape was pressed, or Close.
    """

    closed = Signal()

    def __init__(self, read_full: ReadFull, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read_full = read_full
        self._background = background
        self._sides: tuple[_Side, _Side] | None = None
        self._slider = Slider(self)
        strip = Strip(self)
        strip.describe("Drag the line across the pictures", "← and → move it, X swaps the two, Esc closes")
        swap = strip.add_button("Swap", "Swap before and after (X)", "refresh-cw")
        close = strip.add_button("Close", "Back (Esc)", "x")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._slider, 1)
        layout.addWidget(strip)
        self.setAccessibleName("Compare")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        swap.clicked.connect(self.swap)
        close.clicked.connect(self._on_close_clicked)

    @property
    def slider(self) -> Slider:
        """The two pictures and the line between them."""
        return self._slider

    @property
    def picture_ids(self) -> tuple[PictureId, PictureId] | None:
        """The pictures before and after."""
        return (self._sides[0].picture.id, self._sides[1].picture.id) if self._sides else None

    def compare(
        self,
        before: Picture,
        after: Picture,
        before_preview: QPixmap | None = None,
        after_preview: QPixmap | None = None,
    ) -> None:
        """Lay two pictures on one another, the line in the middle."""
        self._sides = (_Side(before, before_preview), _Side(after, after_preview))
        self._slider.set_position(0.5)
        self._show()
        for side in self._sides:
            self._load(side)

    def swap(self) -> None:
        """Make the one before the one after."""
        if self._sides is not None:
            self._sides = (self._sides[1], self._sides[0])
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = _Key(event.key())
        step = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.02
        slider = self._slider
        if key == _Key.Key_Left:
            slider.set_position(slider.position - step)
        elif key == _Key.Key_Right:
            slider.set_position(slider.position + step)
        elif key == _Key.Key_Home:
            slider.set_position(0.0)
        elif key == _Key.Key_End:
            slider.set_position(1.0)
        elif key == _Key.Key_X:
            self.swap()
        elif key == _Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        if self._sides is not None:
            before, after = (prompts.first_line(side.picture.prompt) for side in self._sides)
            self.setAccessibleDescription(f"Before: {before}. After: {after}.")
            self._slider.show_sides(self._sides)

    def _load(self, side: _Side) -> None:
        picture_id = side.picture.id

        def show(full: Mipmap) -> None:
            side.full = full
            self._slider.update()

        def say(error: Exception) -> None:
            if not isinstance(error, ImagineError):
                raise error
            side.message = error.sentences
            self._slider.update()

        self._background.run(lambda: Mipmap(image_of(self._read_full(picture_id))), show, say)

    def _on_close_clicked(self) -> None:
        self.closed.emit()


def _fitted(picture: Picture, room: QRectF) -> QRectF:
    """A rectangle of a picture's shape in the middle of a room."""
    size = QSize(picture.width, picture.height)
    if size.isEmpty():
        return room
    scaled = size.scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    made = QRect(0, 0, scaled.width(), scaled.height())
    made.moveCenter(room.center().toPoint())
    return QRectF(made)
