"""How the header of a section looks: its title and count, and under the mouse an offer to select all of it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetrics, QPainter

from imagine_desktop.domain.sight import Section
from imagine_desktop.ui.gallery.tiles import INSET
from imagine_desktop.ui.shell.theme import STEP, Colours

_SELECT = "Select"
_SPACE = 2 * STEP


class HeaderPainter:
    """Paints headers with one font; knows which part of one can be pressed."""

    def __init__(self, font: QFont) -> None:
        self._font = QFont(font)
        self._font.setPixelSize(max(9, QFontInfo(font).pixelSize() - 1))
        self._metrics = QFontMetrics(self._font)

    def target(self, place: QRect, left: int, section: Section) -> QRect:
        """What selects the section when it is pressed: its words, and the offer beside them."""
        _, *widths = self._parts(place, left, section)
        return QRect(left + INSET - STEP, place.top(), sum(widths) + 2 * _SPACE + 2 * STEP, place.height())

    def paint(
        self, painter: QPainter, colours: Colours, place: QRect, left: int, section: Section, *, is_hot: bool
    ) -> None:
        """Paint a header over the wall's colour; its words begin where the pictures of the first column do."""
        painter.fillRect(place, colours.window)
        left += INSET
        painter.setFont(self._font)
        title, *widths = self._parts(place, left - INSET, section)
        words = ((title, colours.quiet), (f"{section.count:,}", colours.quiet), (_SELECT, colours.accent))
        if is_hot:
            words = ((title, colours.text), *words[1:])
        for (text, colour), width in list(zip(words, widths, strict=True))[: 3 if is_hot else 2]:
            painter.setPen(colour)
            painter.drawText(QRect(left, place.top(), width + 1, place.height()), _MIDDLE, text)
            left += width + _SPACE

    def _parts(self, place: QRect, left: int, section: Section) -> tuple[str, int, int, int]:
        """The title as far as there is room for it, and the widths of title, count and offer."""
        width = self._metrics.horizontalAdvance
        count, select = width(f"{section.count:,}"), width(_SELECT)
        room = max(0, place.width() - 2 * (left + INSET) - count - select - 2 * _SPACE)
        title = self._metrics.elidedText(section.title, Qt.TextElideMode.ElideRight, room)
        return title, width(title), count, select


_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
