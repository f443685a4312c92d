"""What differs between two pictures, as a map of heat: how many pixels, where, and how much."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from imagine_desktop.domain.pixels import Difference
from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import ImagineError
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.picture.mipmap import Mipmap
from imagine_desktop.ui.picture.pair import Pair
from imagine_desktop.ui.picture.stage import Mode, Stage
from imagine_desktop.ui.picture.viewport import paint_message
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell.theme import CONTROL_RADIUS, STEP, Colours, blend

Measure = Callable[[PictureId, PictureId], Difference]

_USUAL, _MOST = 16, 128  # of 255: JPEG alone changes a pixel by ten and more
_LEAST_HEAT, _MIDDLE_HEAT, _MOST_HEAT = QColor("#ffd84a"), QColor("#ff7a1a"), QColor("#e0143c")
_VEIL = 0.72  # how much of the ground's colour lies over the picture under the map
_LEGEND = (120, 6)


def heat_colours(tolerance: int) -> list[int]:
    """A colour for each of the 256 levels: none up to the tolerance, then from yellow to red."""
    made = []
    for level in range(256):
        if level <= tolerance:
            made.append(0)
            continue
        part = (level - tolerance) / (255 - tolerance)
        cool, warm, at = (
            (_LEAST_HEAT, _MIDDLE_HEAT, part * 2) if part < 0.5 else (_MIDDLE_HEAT, _MOST_HEAT, part * 2 - 1)
        )
        made.append(blend(cool, warm, at).rgba())
    return made


def heat_map(difference: Difference, tolerance: int) -> Mipmap:
    """The levels in colours; made off the window's thread."""
    width, height = difference.width, difference.height
    indexed = QImage(difference.levels, width, height, width, QImage.Format.Format_Indexed8)
    indexed.setColorTable(heat_colours(tolerance))
    return Mipmap(indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))


def part_text(part: float) -> str:
    """A part of the pixels in words; what is not nothing never reads as nothing."""
    percent = part * 100
    if 0 < percent < 0.1:
        return "< 0.1 % changed"
    return "nothing changed" if not percent else f"{percent:.1f} % changed"


class HeatMode(Mode):
    """Dims the picture after and lays the map over it."""

    name = "Difference"
    hint = "Yellow to red: how much each pixel changed"

    def __init__(self, measure: Measure, background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self._measure = measure
        self._background = background
        self._ids: tuple[PictureId, PictureId] | None = None
        self._difference: Difference | None = None
        self._map: Mipmap | None = None
        self._message = ""
        self._is_drawing = False
        self._drawn_for: int | None = None
        self.controls = controls = QWidget(parent)
        self._tolerance = QSlider(Qt.Orientation.Horizontal, controls)
        self._part = PlainLabel("", controls)
        self._build(controls)

    @property
    def part(self) -> float | None:
        """The part of the pixels that changed by more than the tolerance; None until it is known."""
        return None if self._difference is None else self._difference.changed_part(self.tolerance)

    @property
    def tolerance(self) -> int:
        """Up to which level a pixel counts as unchanged."""
        return self._tolerance.value()

    @property
    def is_drawn(self) -> bool:
        """Whether the map is there, as the tolerance is now."""
        return self._map is not None and self._drawn_for == self.tolerance

    @property
    def message(self) -> str:
        """Why there is no map."""
        return self._message

    def set_tolerance(self, level: int) -> None:
        """Let pixels count as unchanged up to another level."""
        self._tolerance.setValue(level)

    def begin(self, pair: Pair) -> None:
        ids = (pair.before.picture.id, pair.after.picture.id)
        if ids == self._ids and not self._message:
            return
        self._ids, self._difference, self._map, self._message = ids, None, None, ""
        self._show_part()
        self._background.run(
            lambda: self._measure(*ids),
            lambda difference: self._on_measured(ids, difference),
            lambda error: self._on_failed(ids, error),
        )

    def paint(self, painter: QPainter, stage: Stage, pair: Pair) -> None:
        colours, pane = Colours.of(stage.palette()), stage.panes()[0]
        target = stage.target()
        stage.paint_side(painter, pair.after, pane)
        veil = QColor(colours.window)
        veil.setAlphaF(_VEIL)
        painter.fillRect(target, veil)
        if self._map is not None:
            self._map.paint(painter, target, stage.devicePixelRatioF())
            self._paint_legend(painter, colours, stage.visible())
        elif self._message:
            paint_message(painter, pane, self._message, colours)

    def _build(self, controls: QWidget) -> None:
        self._tolerance.setRange(0, _MOST)
        self._tolerance.setValue(_USUAL)
        self._tolerance.setMinimumWidth(56)
        self._tolerance.setMaximumWidth(96)
        self._tolerance.setAccessibleName("Tolerance")
        set_tip(self._tolerance, "How far a pixel may be off and still count as the same, of 255")
        self._tolerance.valueChanged.connect(self._on_tolerance_changed)
        self._part.setProperty("kind", "figure")
        self._part.setAccessibleName("Changed pixels")
        self._part.setMinimumWidth(self._part.fontMetrics().horizontalAdvance("100.0 % changed") + STEP)
        row = QHBoxLayout(controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addWidget(self._part)
        row.addWidget(PlainLabel("Tolerance", controls))
        row.addWidget(self._tolerance)

    def _on_measured(self, ids: tuple[PictureId, PictureId], difference: Difference) -> None:
        if ids == self._ids:
            self._difference = difference
            self._show_part()
            self._draw()

    def _on_failed(self, ids: tuple[PictureId, PictureId], error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        if ids == self._ids:
            self._message = error.sentences
            self._show_part()
            self.changed.emit()

    def _on_tolerance_changed(self) -> None:
        self._show_part()
        self._draw()

    def _draw(self) -> None:
        """Draw the map for the tolerance as it is now; one at a time, however fast the slider goes."""
        difference, level, ids = self._difference, self.tolerance, self._ids
        if difference is None or self._is_drawing:
            return
        self._is_drawing = True

        def drawn(made: Mipmap) -> None:
            self._is_drawing = False
            if ids == self._ids:
                self._map, self._drawn_for = made, level
                self.changed.emit()
            if (ids, level) != (self._ids, self.tolerance):
                self._draw()

        def failed(error: Exception) -> None:
            self._is_drawing = False
            raise error

        self._background.run(lambda: heat_map(difference, level), drawn, failed)

    def _show_part(self) -> None:
        part = self.part
        text = part_text(part) if part is not None else "" if self._message else "Measuring…"
        self._part.setText(text)
        self._part.setAccessibleDescription(text)

    def _paint_legend(self, painter: QPainter, colours: Colours, seen: QRectF) -> None:
        width, height = _LEGEND
        bar = QRectF(seen.left() + 4 * STEP, seen.bottom() - 4 * STEP - height, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(
            bar.adjusted(-2 * STEP, -24, 2 * STEP, 2 * STEP), CONTROL_RADIUS, CONTROL_RADIUS
        )
        ramp = QLinearGradient(bar.topLeft(), bar.topRight())
        for at, colour in ((0.0, _LEAST_HEAT), (0.5, _MIDDLE_HEAT), (1.0, _MOST_HEAT)):
            ramp.setColorAt(at, colour)
        painter.fillRect(bar, ramp)
        words = bar.adjusted(0, -20, 0, -height - 2)
        painter.setPen(colours.text)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, "a little")
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, "all")
