"""Colours, spacing, icons and the style sheet: neutral greys, one accent, state colours only for state."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from imagine_desktop import paths

STEP = 4  # spacing goes in steps of 4 px: 8 inside, 16 between groups, 24 around an empty state
PANEL_RADIUS = 8
CONTROL_RADIUS = 6
CONTROL_HEIGHT = 32


@dataclass(frozen=True, slots=True)
class Colours:
    """What each colour is for. `of(palette)` tells which set a widget is being drawn with."""

    window: QColor  # behind pictures
    panel: QColor
    raised: QColor  # controls, hovered rows
    line: QColor
    text: QColor
    quiet: QColor  # group titles, secondary text
    accent: QColor
    on_accent: QColor
    waiting: QColor
    withheld: QColor
    failed: QColor
    unknown: QColor
    saved: QColor

    @staticmethod
    def of(palette: QPalette) -> "Colours":
        """The set that a palette made by `palette()` belongs to."""
        return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


DARK = Colours(
    window=QColor("#1c1d1f"),
    panel=QColor("#26272a"),
    raised=QColor("#303236"),
    line=QColor("#3b3d42"),
    text=QColor("#ececee"),
    quiet=QColor("#a3a6ad"),
    accent=QColor("#4c8dff"),
    on_accent=QColor("#0b1220"),
    waiting=QColor("#8ab4f8"),
    withheld=QColor("#e5a94a"),
    failed=QColor("#f2777a"),
    unknown=QColor("#d79bf0"),
    saved=QColor("#7ecb94"),
)
LIGHT = Colours(
    window=QColor("#f6f6f7"),
    panel=QColor("#ffffff"),
    raised=QColor("#ececee"),
    line=QColor("#dcdde0"),
    text=QColor("#1c1d1f"),
    quiet=QColor("#62656c"),
    accent=QColor("#1f62d6"),
    on_accent=QColor("#ffffff"),
    waiting=QColor("#1f62d6"),
    withheld=QColor("#8f5b00"),
    failed=QColor("#b3261e"),
    unknown=QColor("#7b3aa0"),
    saved=QColor("#22713a"),
)


def palette(colours: Colours) -> QPalette:
    """The Qt palette of a set of colours."""
    roles = {
        QPalette.ColorRole.Window: colours.panel,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.window,
        QPalette.ColorRole.AlternateBase: colours.panel,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.quiet,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.failed,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Accent: colours.accent,
    }
    made = QPalette(colours.raised, colours.panel)
    for role, colour in roles.items():
        made.setColor(role, colour)
    faded = QColor(colours.quiet)
    faded.setAlpha(130)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return made


def icon(name: str, colour: QColor) -> QIcon:
    """The icon of that name from `resources/icons/`, drawn in one colour."""
    return _icon(name, colour.rgba())


@lru_cache(maxsize=256)
def _icon(name: str, rgba: int) -> QIcon:
    svg = (paths.resource("icons") / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", QColor(rgba).name()).encode()))
    made = QIcon()
    for size in (16, 20, 32, 40, 64):
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made
