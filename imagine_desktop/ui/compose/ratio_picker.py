"""Choosing a shape by its look."""

from itertools import groupby

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from imagine_desktop.domain.catalog import AspectRatio, Catalog, RatioGroup
from imagine_desktop.ui.compose.choice import ChoiceButton, Item, Popup
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell.theme import STEP, Colours, blend

_COLUMNS = 4
_ORDER = (RatioGroup.LANDSCAPE, RatioGroup.PORTRAIT, RatioGroup.SQUARE, RatioGroup.AUTO)


class RatioPicker(ChoiceButton):
    """The control `Aspect ratio`: shows the shape that is chosen, and all shapes to choose from."""

    def __init__(self, catalog: Catalog, parent: QWidget) -> None:
        self._ratios = {ratio.id: ratio for ratio in catalog.ratios}
        super().__init__("Aspect ratio", self._ratios, parent)

    def make_popup(self) -> Popup:
        """All shapes, by their kind."""
        popup = Popup(self)
        grid = QGridLayout(popup)
        grid.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 3 * STEP)
        grid.setSpacing(STEP)
        row, column, may_share = 0, 0, False
        by_order = sorted(self._ratios.values(), key=lambda ratio: _ORDER.index(ratio.group))
        for group, members in groupby(by_order, lambda ratio: ratio.group):
            ratios = list(members)
            if not may_share or column + len(ratios) > _COLUMNS:
                row, column = grid.rowCount(), 0
            title = PlainLabel(group.value.capitalize(), popup)
            title.setProperty("kind", "title")
            grid.addWidget(title, row, column)
            for number, ratio in enumerate(ratios):
                cell = _Cell(ratio, popup)
                grid.addWidget(cell, row + 1 + number // _COLUMNS, column + number % _COLUMNS)
                popup.add(cell)
            column, may_share = column + len(ratios), len(ratios) < _COLUMNS
        return popup

    def paint_value(self, painter: QPainter, box: QRectF, colours: Colours) -> None:
        """Draw the shape before its name."""
        ratio = self._ratios.get(self.value)
        shape = QRectF(box.left(), box.center().y() - 9, 18, 18)
        draw_shape(painter, ratio.width_over_height if ratio else None, shape, colours, is_chosen=False)
        self.paint_text(painter, box.adjusted(28, 0, 0, 0), colours, _label(self.value))


class _Cell(Item):
    """One shape in the popup."""

    def __init__(self, ratio: AspectRatio, parent: QWidget) -> None:
        super().__init__(ratio.id, parent)
        self._shape = ratio.width_over_height
        self.setAccessibleDescription(ratio.use)
        set_tip(self, ratio.use)

    def sizeHint(self) -> QSize:
        """Room for the shape and its name."""
        return QSize(68, 60)

    def paint_content(self, painter: QPainter, colours: Colours) -> None:
        """Draw the shape above its name."""
        box = QRectF(self.width() / 2 - 14, 6, 28, 28)
        draw_shape(painter, self._shape, box, colours, is_chosen=self.is_current)
        painter.setPen(colours.text)
        line = QRectF(0, 36, self.width(), 20)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, _label(self.value))


def draw_shape(
    painter: QPainter, width_over_height: float | None, box: QRectF, colours: Colours, *, is_chosen: bool
) -> None:
    """Draw a rectangle of that shape, as large as fits the box; dashed where the model decides."""
    shape = width_over_height or 1.0
    width, height = (box.width(), box.width() / shape) if shape >= 1 else (box.height() * shape, box.height())
    if width_over_height is None:
        width, height = width * 0.8, height * 0.8
    drawn = QRectF(0, 0, width - 1.5, height - 1.5)
    drawn.moveCenter(box.center())
    colour = colours.accent if is_chosen else colours.quiet
    pen = QPen(colour, 1.5)
    if width_over_height is None:
        pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.setBrush(blend(colours.panel, colour, 0.25))
    painter.drawRoundedRect(drawn, 2, 2)


def _label(ratio_id: str) -> str:
    return ratio_id.capitalize()
