"""A ground with round corners and a thin edge, for what stands apart from the wall behind it."""

from typing import ClassVar

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import PANEL_RADIUS, Colours


class Card(QWidget):
    """Draws its ground; subclasses fill it."""

    radius: ClassVar[int] = PANEL_RADIUS
    lift: ClassVar[float] = 0.0  # from the colour of panels (0) to that of controls (1)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.blend(colours.line, colours.text, 0.1), 1))
        painter.setBrush(theme.blend(colours.panel, colours.raised, self.lift))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self.radius, self.radius)
