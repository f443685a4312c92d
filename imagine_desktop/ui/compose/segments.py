"""A few choices that stand side by side, as one control."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from imagine_desktop.ui.compose.choice import BACK, ON, Item, announce, ink, paint_field
from imagine_desktop.ui.plain import set_tip
from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, CONTROL_RADIUS, STEP, Colours, shades


class Segment(Item):
    """One choice of a few that stand side by side."""

    def __init__(self, value: str, parent: QWidget) -> None:
        super().__init__(value, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """As wide as its word."""
        return QSize(self.fontMetrics().horizontalAdvance(self.value) + 2 * STEP, CONTROL_HEIGHT - 6)

    def minimumSizeHint(self) -> QSize:
        """A word is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a pill behind what is chosen."""
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        lit = self.isEnabled() and (self.isDown() or self.underMouse())
        if self.is_current or lit:
            painter.setBrush(shades(colours)["pressed"] if self.is_current else colours.raised)
            painter.drawRoundedRect(QRectF(self.rect()), CONTROL_RADIUS - 2, CONTROL_RADIUS - 2)
        is_quiet = self.isEnabled() and not self.is_current and not lit
        painter.setPen(colours.quiet if is_quiet else ink(self, colours))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.value)


class Segments(QWidget):
    """A few choices side by side, one control for the keyboard.

    Signals:
        picked: the person chose another value.
    """

    picked = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(CONTROL_HEIGHT)
        self._value = ""
        self._segments: list[Segment] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(3, 3, 3, 3)
        self._row.setSpacing(2)

    @property
    def value(self) -> str:
        """What is chosen; empty where nothing is."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show another value."""
        for segment in self._segments:
            segment.mark(segment.value == value)
        if value != self._value:
            self._value = value
            announce(self, value)

    def offer(self, options: Sequence[str], lacking: Mapping[str, str]) -> None:
        """Show these options; those in `lacking` cannot be chosen, for the reason given."""
        if [segment.value for segment in self._segments] != list(options):
            for segment in self._segments:
                self._row.removeWidget(segment)
                segment.hide()
                segment.deleteLater()
            self._segments = [Segment(option, self) for option in options]
            for segment in self._segments:
                segment.clicked.connect(lambda _=False, value=segment.value: self._pick(value))
                self._row.addWidget(segment)
                segment.show()
            self.set_value(self._value)
        for segment in self._segments:
            segment.setEnabled(segment.value not in lacking)
            set_tip(segment, lacking.get(segment.value, ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrows, or type how a choice begins."""
        values = [segment.value for segment in self._segments if segment.isEnabled()]
        at = values.index(self._value) if self._value in values else -1
        typed = [value for value in values if event.text() and value.startswith(event.text().lower())]
        if not values:
            super().keyPressEvent(event)
        elif event.key() in BACK:
            self._pick(values[max(0, at - 1)])
        elif event.key() in ON:
            self._pick(values[min(len(values) - 1, at + 1)])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._pick(values[0 if event.key() == Qt.Key.Key_Home else -1])
        elif typed:
            self._pick(typed[(typed.index(self._value) + 1) % len(typed) if self._value in typed else 0])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the trough in which the segments lie."""
        paint_field(QPainter(self), self)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light the border up."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Let the border rest."""
        self.update()
        super().leaveEvent(event)

    def _pick(self, value: str) -> None:
        if value != self._value:
            self.set_value(value)
            self.picked.emit(value)
