"""Colours, spacing, icons and how they are put on: neutral greys, one accent, state colours only for state."""

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from imagine_desktop import paths
from imagine_desktop.ui.shell.style import SHEET

STEP = 4  # spacing goes in steps of 4 px: 8 inside, 16 between groups, 24 around an empty state
PANEL_RADIUS = 8
CONTROL_RADIUS = 6
CONTROL_HEIGHT = 32
BASE_PX = 13

Scheme = Literal["system", "light", "dark"]


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


def blend(ground: QColor, over: QColor, amount: float) -> QColor:
    """`ground` with `over` laid on it, from 0 (not at all) to 1 (covered)."""
    return QColor.fromRgbF(
        ground.redF() + (over.redF() - ground.redF()) * amount,
        ground.greenF() + (over.greenF() - ground.greenF()) * amount,
        ground.blueF() + (over.blueF() - ground.blueF()) * amount,
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


def scheme(appearance: str) -> Scheme:
    """The scheme of a setting's value; an unknown one follows the desktop."""
    return "light" if appearance == "light" else "dark" if appearance == "dark" else "system"


def apply(app: QApplication, scheme: Scheme) -> None:
    """Dress the application; with `system` it follows the desktop from now on. May be called again."""
    hints = app.styleHints()  # owns the wardrobe: to look among the application's own children wraps its style
    wearing = hints.findChild(_Wardrobe) or _Wardrobe(app)
    wearing.wear(scheme)


def shades(colours: Colours) -> dict[str, QColor]:
    """What the style sheet mixes from a set of colours, by the names that it uses."""
    return {
        "hover": blend(colours.raised, colours.text, 0.07),
        "pressed": blend(colours.raised, colours.text, 0.15),
        "edge": blend(colours.line, colours.text, 0.18),
        "accent_hover": blend(colours.accent, colours.text, 0.12),
        "accent_pressed": blend(colours.accent, colours.text, 0.26),
        "selected": blend(colours.panel, colours.accent, 0.24),
        "faded": blend(colours.panel, colours.quiet, 0.55),
        "knob": colours.text if colours is DARK else colours.panel,
    }


def style_sheet(colours: Colours) -> str:
    """The application's style sheet in a set of colours."""
    named = shades(colours) | {field.name: getattr(colours, field.name) for field in fields(Colours)}
    return SHEET.substitute(
        {name: colour.name() for name, colour in named.items()},
        icons=(paths.resource("icons") / ("dark" if colours is DARK else "light")).as_posix(),
        radius=CONTROL_RADIUS,
        height=CONTROL_HEIGHT,
        field=CONTROL_HEIGHT - 2,  # inside a border of 1 px
        inner=CONTROL_HEIGHT - 4,  # inside a border of 2 px
        tall=CONTROL_HEIGHT + 2 * STEP,
        tall_inner=CONTROL_HEIGHT + 2 * STEP - 4,
    )


class _Wardrobe(QObject):
    """What the application is wearing, and which scheme it was told to follow."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app.styleHints())
        self._app = app
        self._scheme: Scheme = "system"
        self._worn: Colours | None = None
        app.setFont(_font(app.font()))
        app.styleHints().colorSchemeChanged.connect(self._dress)

    def wear(self, scheme: Scheme) -> None:
        self._scheme = scheme
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(schemes.get(scheme, Qt.ColorScheme.Unknown))
        self._dress()

    def _dress(self) -> None:
        # Some platforms do not obey setColorScheme, so what was asked for counts before what they say.
        is_dark = self._scheme == "dark" or (
            self._scheme == "system" and self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        colours = DARK if is_dark else LIGHT
        if colours is not self._worn:
            self._worn = colours
            self._app.setPalette(palette(colours))
            self._app.setStyleSheet(style_sheet(colours))


def _font(system: QFont) -> QFont:
    """The system's font, no smaller than the base size, with figures of one width where it has them."""
    font = QFont(system)
    font.setPixelSize(max(BASE_PX, QFontInfo(system).pixelSize()))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
