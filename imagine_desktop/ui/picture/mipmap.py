"""A picture together with halves of it, so that it is painted well at any size."""

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

_LEAST_SIDE = 256
_PIXELS_SHOW_FROM = 3.0  # from this zoom on single pixels are shown as squares


class Mipmap:
    """Levels of half the size each; made off the window's thread, painted on it."""

    def __init__(self, image: QImage) -> None:
        self._levels = [image]
        while max(image.width(), image.height()) >= 2 * _LEAST_SIDE:
            image = _half(image)
            self._levels.append(image)

    @property
    def byte_count(self) -> int:
        """What all levels hold of the memory."""
        return sum(level.sizeInBytes() for level in self._levels)

    def paint(self, painter: QPainter, target: QRectF, dpr: float) -> None:
        """Paint the whole picture into a rectangle, from the smallest level that is not smaller than it."""
        full = self._levels[0]
        zoom = target.width() * dpr / full.width()
        level = 0 if zoom >= 1 else min(len(self._levels) - 1, math.floor(-math.log2(zoom) + 1e-6))
        is_smooth = zoom < _PIXELS_SHOW_FROM and abs(zoom - 1) > 1e-6
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        image = self._levels[level]
        painter.drawImage(target, image, QRectF(image.rect()))


def _half(image: QImage) -> QImage:
    """Averages of four pixels. `QImage.scaled` needs twice the time, in which no other thread runs Python."""
    made = QImage(max(1, image.width() // 2), max(1, image.height() // 2), image.format())
    painter = QPainter(made)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(made.rect()), image, QRectF(image.rect()))
    painter.end()
    return made
