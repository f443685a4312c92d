"""One source in the tray: its picture, its number, its name."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.request import Source
from imagine_desktop.ui.plain import set_tip
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import CONTROL_RADIUS, STEP, Colours

_THUMBNAIL_HEIGHT = 64
_NAME_HEIGHT = 18
CHIP_HEIGHT = _THUMBNAIL_HEIGHT + _NAME_HEIGHT
_BADGE = 20


class Chip(QWidget):
    """A source that can be removed, dragged to another place, and named in the prompt.

    Signals:
        removed: it is to be taken away.
        stepped: it is to move one place back (-1) or on (1).
        dropped: it was dragged to that place on the screen.
        tag_requested: its tag is to be put into the prompt.
    """

    removed = Signal()
    stepped = Signal(int)
    dropped = Signal(QPointF)
    tag_requested = Signal()

    def __init__(self, source: Source, parent: QWidget) -> None:
        super().__init__(parent)
        self.source = source
        self._pixmap = QPixmap()
        self._note = ""
        self._pressed_at: QPointF | None = None
        self._is_dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._number = _Badge("", self)
        self._number.clicked.connect(self.tag_requested)
        self._remove = _Badge("x", self)
        self._remove.setAccessibleName(f"Remove {source.name}")
        set_tip(self._remove, f"Remove {source.name}\nDel")
        self._remove.clicked.connect(self.removed)

    def place(self, position: int) -> None:
        """Show the number under which the prompt can name it."""
        tag = prompts.tag(position)
        self.setAccessibleName(f"Source {position}: {self.source.name}")
        self._describe()
        self._number.setText(str(position))
        self._number.setAccessibleName(f"Insert {tag}")
        set_tip(self._number, f"Write {tag} into the prompt")
        self._number.resize(max(_BADGE, self.fontMetrics().horizontalAdvance(str(position)) + 12), _BADGE)

    @property
    def note(self) -> str:
        """What becomes of it before it is sent, as far as that is known."""
        return self._note

    def set_thumbnail(self, pixmap: QPixmap, note: str = "") -> None:
        """Show its picture, and tell what becomes of it before it is sent."""
        self._pixmap = pixmap
        self._note = note
        self._describe()
        self.update()

    def _describe(self) -> None:
        lines = (self.source.name, self._note, "Drag it, or press Alt+← and Alt+→, to change the order")
        set_tip(self, "\n".join(line for line in lines if line))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes, Alt+← and Alt+→ move, Enter writes the tag."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        is_alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif is_alt and event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.tag_requested.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag might begin."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.globalPosition()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin a drag once the mouse has gone far enough."""
        if self._pressed_at is None or self._is_dragged:
            return
        way = event.globalPosition() - self._pressed_at
        if way.manhattanLength() >= QApplication.startDragDistance():
            self._is_dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop it where the mouse is."""
        was_dragged, self._is_dragged, self._pressed_at = self._is_dragged, False, None
        self.unsetCursor()
        self.update()
        if was_dragged:
            self.dropped.emit(event.globalPosition())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep the buttons in the picture's corners."""
        self._remove.setGeometry(self.width() - _BADGE - STEP, STEP, _BADGE, _BADGE)
        self._number.move(STEP, _THUMBNAIL_HEIGHT - _BADGE - STEP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, filling its place, and the name under it."""
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if self._is_dragged:
            painter.setOpacity(0.5)
        frame = QRectF(0, 0, self.width(), _THUMBNAIL_HEIGHT)
        path = QPainterPath()
        path.addRoundedRect(frame, CONTROL_RADIUS, CONTROL_RADIUS)
        painter.fillPath(path, colours.raised)
        painter.setClipPath(path)
        if self._pixmap.isNull():
            picture = theme.icon("image", colours.quiet)
            picture.paint(painter, frame.adjusted(0, 22, 0, -22).toRect())
        else:
            painter.drawPixmap(frame, self._pixmap, _middle(self._pixmap, frame.width() / frame.height()))
        painter.setClipping(False)
        if self.hasFocus():
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), CONTROL_RADIUS - 1, CONTROL_RADIUS - 1)
        line = QRectF(0, _THUMBNAIL_HEIGHT + 2, self.width(), _NAME_HEIGHT - 2)
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(colours.quiet)
        name = painter.fontMetrics().elidedText(
            self.source.name, Qt.TextElideMode.ElideMiddle, int(line.width())
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, name)


def _middle(pixmap: QPixmap, width_over_height: float) -> QRectF:
    """The largest part of that shape from the middle of a picture."""
    width = min(pixmap.width(), pixmap.height() * width_over_height)
    part = QRectF(0, 0, width, width / width_over_height)
    part.moveCenter(QRectF(pixmap.rect()).center())
    return part


class _Badge(QAbstractButton):
    """A small button that lies on a picture: shows its text, or the icon of that name."""

    def __init__(self, icon_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its chip has the same acts on keys
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        """A small square."""
        return QSize(_BADGE, _BADGE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw on a ground that lets it be read on any picture."""
        colours = Colours.of(self.palette())
        is_lit = self.underMouse() or self.isDown()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.accent if is_lit else colours.panel)
        painter.setOpacity(1.0 if is_lit else 0.88)
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setOpacity(1.0)
        ink = colours.on_accent if is_lit else colours.text
        if self._icon_name:
            theme.icon(self._icon_name, ink).paint(painter, self.rect().adjusted(3, 3, -3, -3))
        else:
            painter.setPen(ink)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
