"""What lies over the window while something is dragged over it: two places to drop, or one."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QIcon,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from imagine_desktop.ui.carrying.zones import Zone
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import BASE_PX, PANEL_RADIUS, STEP, Colours

_MARGIN = 3 * STEP
_ICON_PX = 40
_TITLE_PX = BASE_PX + 4
_SOURCE_ICON, _IMPORT_ICON, _REFUSED_ICON = "image-plus", "download", "ban"
_VEIL = 0.82  # how much of the window the overlay hides, and each of its places once more
_LEAST_PX = 260


class DropOverlay(QWidget):
    """Lies over a whole window, hidden; the zones are set from outside, each lit under the pointer.

    Signals:
        dropped_as_source, dropped_to_import: a QMimeData, valid until the slot returns.
    """

    dropped_as_source = Signal(object)
    dropped_to_import = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAcceptDrops(True)
        self.setAccessibleName("Drop here")
        self._source: Zone | None = None
        self._import: Zone | None = None
        self._source_place = self._import_place = QRect()
        self._lit: Zone | None = None
        self._is_entered = False
        self.hide()

    @property
    def zones(self) -> tuple[Zone | None, Zone | None]:
        """The zone on the left and the other one, as they stand."""
        return self._source, self._import

    def place(self, whole: QRect, left_px: int) -> None:
        """Cover the window; the zones share `whole`, the left one being so wide."""
        self.setGeometry(self._window.rect())
        left = max(left_px, _LEAST_PX)
        self._source_place = QRect(whole.left(), whole.top(), left, whole.height())
        self._import_place = whole.adjusted(left, 0, 0, 0)

    def show_zones(self, source: Zone, other: Zone | None) -> None:
        """Show these; with one zone the rest of the window stays as it is."""
        lit = self._lit_name()
        self._source, self._import = source, other
        self._lit = {"source": source, "import": other, "": None}[lit]
        self.setAccessibleDescription(
            ". ".join(_sentence(zone) for zone in (source, other) if zone is not None)
        )
        self.raise_()
        self.show()
        self.update()

    def end_unless_entered(self) -> None:
        """Go, where what is dragged has left the window without coming over the overlay."""
        if not self._is_entered:
            self._end()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._is_entered = True
        self._follow(event)
        event.accept()  # or Qt would not tell of its moves

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._follow(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._end()

    def dropEvent(self, event: QDropEvent) -> None:
        self._follow(event)
        signal = self.dropped_as_source if self._lit is self._source else self.dropped_to_import
        is_taken = event.isAccepted()
        mime = event.mimeData()
        self._end()
        if is_taken:
            signal.emit(mime)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.window)
        veil.setAlphaF(_VEIL)
        for zone, place, icon in (
            (self._source, self._source_place, _SOURCE_ICON),
            (self._import, self._import_place, _IMPORT_ICON),
        ):
            if zone is not None:
                painter.fillRect(place, veil)
                self._paint_zone(painter, colours, zone, place, icon)

    def _paint_zone(self, painter: QPainter, colours: Colours, zone: Zone, place: QRect, icon: str) -> None:
        is_lit, is_refused = zone is self._lit, bool(zone.refusal)
        edge = colours.failed if is_refused else colours.accent
        box = QRectF(place.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
        pen = QPen(edge if is_lit else theme.blend(colours.line, colours.text, 0.3), 2 if is_lit else 1.5)
        if not is_lit:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        ground = theme.blend(colours.panel, edge, 0.12 if is_lit else 0.0)
        ground.setAlphaF(_VEIL)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, PANEL_RADIUS, PANEL_RADIUS)
        ink = colours.failed if is_refused else colours.accent if is_lit else colours.text
        self._paint_words(painter, colours, zone, box, theme.icon(_REFUSED_ICON if is_refused else icon, ink))

    def _paint_words(self, painter: QPainter, colours: Colours, zone: Zone, box: QRectF, icon: QIcon) -> None:
        """Icon, title and reason, one below the other, in the middle."""
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        room = box.adjusted(4 * STEP, 0, -4 * STEP, 0)
        title_font, font = QFont(self.font()), self.font()
        title_font.setPixelSize(_TITLE_PX)
        painter.setFont(title_font)
        title = painter.boundingRect(room, flags, zone.title)
        painter.setFont(font)
        words = zone.refusal or zone.detail
        below = painter.boundingRect(room, flags, words) if words else QRectF()
        height = _ICON_PX + 3 * STEP + title.height() + (2 * STEP + below.height() if words else 0)
        top = box.center().y() - height / 2
        icon.paint(painter, round(box.center().x() - _ICON_PX / 2), round(top), _ICON_PX, _ICON_PX)
        top += _ICON_PX + 3 * STEP
        painter.setFont(title_font)
        painter.setPen(colours.text)
        painter.drawText(QRectF(room.left(), top, room.width(), title.height()), flags, zone.title)
        top += title.height() + 2 * STEP
        painter.setFont(font)
        painter.setPen(colours.failed if zone.refusal else colours.quiet)
        painter.drawText(QRectF(room.left(), top, room.width(), below.height()), flags, words)

    def _follow(self, event: QDragMoveEvent | QDropEvent) -> None:
        """Light the zone under the pointer, and accept where it takes what is dragged."""
        point = event.position().toPoint()
        lit = self._source if self._source_place.contains(point) else None
        if self._import_place.contains(point):
            lit = self._import
        if lit is not self._lit:
            self._lit = lit
            self.update()
        if lit is None or lit.refusal:
            event.ignore()
        else:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _lit_name(self) -> str:
        if self._lit is None:
            return ""
        return "source" if self._lit is self._source else "import"

    def _end(self) -> None:
        self._lit = None
        self._is_entered = False
        self.hide()


def _sentence(zone: Zone) -> str:
    return f"{zone.title}: {zone.refusal or zone.detail}"
