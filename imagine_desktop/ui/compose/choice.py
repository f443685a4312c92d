"""What the pickers are made of: items to choose from, their popup, and the control that opens it."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QElapsedTimer, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, CONTROL_RADIUS, PANEL_RADIUS, STEP, Colours, shades

BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
ON = (Qt.Key.Key_Right, Qt.Key.Key_Down)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TYPING_PAUSE_MS = 1000


def paint_field(painter: QPainter, field: QWidget) -> None:
    """The ground and border that every picker shares with the text fields."""
    colours = Colours.of(field.palette())
    focused, width = field.hasFocus(), 2 if field.hasFocus() else 1
    edge = colours.accent if focused else colours.line
    if field.underMouse() and field.isEnabled() and not focused:
        edge = shades(colours)["edge"]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, width))
    painter.setBrush(colours.window if field.isEnabled() else colours.panel)
    inset = width / 2
    box = QRectF(field.rect()).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(box, CONTROL_RADIUS - inset, CONTROL_RADIUS - inset)


def ink(item: QWidget, colours: Colours) -> QColor:
    """The colour of an item's text, which fades where it cannot be chosen."""
    return colours.text if item.isEnabled() else shades(colours)["faded"]


def announce(control: QWidget, value: str) -> None:
    """Tell a screen reader that a control which is on the screen has another value."""
    if not control.isVisible():
        return
    from PySide6.QtGui import QAccessible, QAccessibleValueChangeEvent

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(control, value))


class Item(QAbstractButton):
    """One thing that may be chosen, named by its value."""

    def __init__(self, value: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.value = value
        self.is_current = False
        self.setAccessibleName(value)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def mark(self, is_current: bool) -> None:
        """Show whether this is what is chosen now."""
        self.is_current = is_current
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses; the arrows are the popup's."""
        if event.key() in ENTER and not event.isAutoRepeat():
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground by state, then what the item shows."""
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = None
        if self.is_current:
            ground = shades(colours)["selected"]
        elif self.isDown() or (self.underMouse() and self.isEnabled()):
            ground = colours.raised
        painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.accent, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CONTROL_RADIUS, CONTROL_RADIUS)
        self.paint_content(painter, colours)

    def paint_content(self, painter: QPainter, colours: Colours) -> None:
        """Draw what the item shows: by default its value, centred."""
        painter.setPen(ink(self, colours))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.value)


class Popup(QWidget):
    """A panel of items under a control, walked with the arrows, by typing, or with the mouse.

    Signals:
        chosen: an item's value was chosen.
    """

    chosen = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        flags = Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        super().__init__(owner, flags)
        self.setAccessibleName(f"{owner.accessibleName()} choices")
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self._owner = owner
        self._stops: list[QWidget] = []
        self._typed = ""
        self._since_typed = QElapsedTimer()

    def add(self, stop: QWidget) -> None:
        """Let the keyboard stop at an item or at a field."""
        self._stops.append(stop)
        if isinstance(stop, Item):
            stop.clicked.connect(lambda: self.choose(stop.value))

    def choose(self, value: str) -> None:
        """Close with this value chosen."""
        self.close()
        self.chosen.emit(value)

    def open(self, value: str) -> None:
        """Show it at its owner, inside the screen, with the keyboard at what is chosen now."""
        for stop in self._stops:
            if isinstance(stop, Item):
                stop.mark(stop.value == value)
        self.adjustSize()
        room = self._owner.screen().availableGeometry()
        below = self._owner.mapToGlobal(QPoint(0, self._owner.height() + STEP))
        above = self._owner.mapToGlobal(QPoint(0, -STEP - self.height()))
        place = below if below.y() + self.height() <= room.bottom() or above.y() < room.top() else above
        left = max(room.left(), min(place.x(), room.right() - self.width()))
        self.move(left, max(room.top(), min(place.y(), room.bottom() - self.height())))
        self.show()
        current = (stop for stop in self._stops if isinstance(stop, Item) and stop.is_current)
        next(current, self._stops[0]).setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by arrows, Home and End, or to what is typed; Esc closes."""
        target: QWidget | None = None
        if event.key() in (*BACK, *ON):
            target = self._neighbour(Qt.Key(event.key()))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            target = self._stops[0 if event.key() == Qt.Key.Key_Home else -1]
        elif event.text().isprintable() and event.text():
            target = self._typed_at(event.text())
        else:
            super().keyPressEvent(event)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a panel with round corners; around them what is behind shows."""
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(shades(colours)["edge"], 1))
        painter.setBrush(colours.panel)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, PANEL_RADIUS, PANEL_RADIUS)

    def _neighbour(self, key: Qt.Key) -> QWidget | None:
        """The closest stop in an arrow's direction, sideways distance counting double."""
        here = self.focusWidget() or self._stops[0]
        start = QPointF(here.geometry().center())

        def distance(stop: QWidget) -> float:
            way = QPointF(stop.geometry().center()) - start
            is_sideways = key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            ahead, aside = (way.x(), way.y()) if is_sideways else (way.y(), way.x())
            ahead = -ahead if key in BACK else ahead
            return ahead + 2 * abs(aside) if ahead > 0 and ahead >= abs(aside) / 2 else math.inf

        found = min(self._stops, key=distance)
        return found if distance(found) < math.inf else None

    def _typed_at(self, text: str) -> QWidget | None:
        """The first item that begins with what was typed without a pause."""
        paused = not self._since_typed.isValid() or self._since_typed.elapsed() > _TYPING_PAUSE_MS
        self._typed = text if paused else self._typed + text
        self._since_typed.start()
        items = [stop for stop in self._stops if isinstance(stop, Item)]
        return next((item for item in items if item.value.startswith(self._typed.lower())), None)


class ChoiceButton(QAbstractButton):
    """A closed control that shows its value, steps with the arrows, and opens a popup.

    Signals:
        picked: the person chose another value.
    """

    picked = Signal(str)

    def __init__(self, name: str, options: Iterable[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._options = tuple(options)
        self._value = self._options[0]
        self._popup: Popup | None = None
        self.clicked.connect(self.open_popup)

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._value

    @property
    def popup(self) -> Popup | None:
        """The panel of all options, once it has been opened."""
        return self._popup

    def set_value(self, value: str) -> None:
        """Show another value."""
        if value != self._value:
            self._value = value
            self.update()
            announce(self, value)

    def set_options(self, options: Iterable[str]) -> None:
        """Offer these from now on, of which there is at least one."""
        self._options = tuple(options)
        if self._popup is not None:
            self._popup.deleteLater()
            self._popup = None
        self.update()

    def open_popup(self) -> None:
        """Show what there is to choose from."""
        if self._popup is None:
            self._popup = self.make_popup()
            self._popup.chosen.connect(self._pick)
        self._popup.open(self._value)

    def make_popup(self) -> Popup:
        """The panel of all options."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through the options without opening them; Enter opens."""
        at = self._options.index(self._value) if self._value in self._options else 0
        if event.key() in BACK:
            self._pick(self._options[max(0, at - 1)])
        elif event.key() in ON and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_popup()
        elif event.key() in ON:
            self._pick(self._options[min(len(self._options) - 1, at + 1)])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._pick(self._options[0 if event.key() == Qt.Key.Key_Home else -1])
        elif event.key() in ENTER:
            self.open_popup()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Wide enough for a short value; a long one is cut."""
        return QSize(120, CONTROL_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the field, what is chosen, and the arrow."""
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        paint_field(painter, self)
        self.paint_value(painter, QRectF(self.rect()).adjusted(10, 0, -28, 0), colours)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.quiet, 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        tip = QPointF(self.width() - 16, self.height() / 2 + 2)
        painter.drawPolyline([tip + QPointF(-4, -4), tip, tip + QPointF(4, -4)])

    def paint_value(self, painter: QPainter, box: QRectF, colours: Colours) -> None:
        """Draw what is chosen: by default the value as text."""
        self.paint_text(painter, box, colours, self._value)

    def paint_text(self, painter: QPainter, box: QRectF, colours: Colours, text: str) -> None:
        """Draw one line of text, cut where there is no more room."""
        painter.setPen(ink(self, colours))
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)

    def _pick(self, value: str) -> None:
        if value != self._value:
            self.set_value(value)
            self.picked.emit(value)
