"""The theme: readable colours, and an application that changes clothes at once."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop import paths
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import DARK, LIGHT, Colours

SCHEMES = pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
READ = ("text", "quiet", "waiting", "withheld", "failed", "unknown", "saved")


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application, given back undressed."""
    style, palette, font = qapp.style().objectName(), qapp.palette(), qapp.font()
    yield qapp
    worn = qapp.styleHints().findChild(theme._Wardrobe)
    if worn is not None:
        qapp.styleHints().colorSchemeChanged.disconnect(worn._dress)
        worn.setParent(None)
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2's contrast ratio."""

    def luminance(colour: QColor) -> float:
        channels = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@SCHEMES
def test_text_is_readable_on_every_ground(colours: Colours) -> None:
    for ink, ground in product(READ, ("window", "panel", "raised")):
        assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5, (ink, ground)


@SCHEMES
def test_text_is_readable_on_what_is_pressed_or_selected(colours: Colours) -> None:
    shades = theme.shades(colours)
    for ground in (colours.accent, shades["accent_hover"], shades["accent_pressed"]):
        assert contrast(colours.on_accent, ground) >= 4.5
    for ground in (shades["selected"], shades["hover"], shades["pressed"]):
        assert contrast(colours.text, ground) >= 4.5


@SCHEMES
def test_the_focus_ring_stands_out(colours: Colours) -> None:
    for ground in ("window", "panel", "raised"):
        assert contrast(colours.accent, getattr(colours, ground)) >= 3, ground


@SCHEMES
def test_the_colours_of_a_palette_are_found_again(colours: Colours) -> None:
    assert Colours.of(theme.palette(colours)) is colours


@pytest.mark.parametrize(("folder", "colours"), [("dark", DARK), ("light", LIGHT)])
@pytest.mark.parametrize("name", ["check", "chevron-up", "chevron-down"])
def test_the_sheets_icons_are_the_programs_icons_in_its_colours(
    folder: str, colours: Colours, name: str
) -> None:
    icons = paths.resource("icons")
    ink = colours.on_accent if name == "check" else colours.quiet
    drawn = (icons / folder / f"{name}.svg").read_text(encoding="utf-8")
    assert drawn == (icons / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", ink.name())


@SCHEMES
def test_the_sheet_names_only_files_that_exist(colours: Colours) -> None:
    sheet = theme.style_sheet(colours)
    named = [part.split('"')[0] for part in sheet.split('url("')[1:]]
    assert named
    assert all(Path(name).is_file() for name in named)


def test_a_scheme_can_be_forced_and_changed_while_the_window_is_open(app: QApplication, qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    grounds = []
    for scheme, colours in (("dark", DARK), ("light", LIGHT), ("dark", DARK)):
        theme.apply(app, scheme)  # type: ignore[arg-type]  # a literal in a tuple is a str to mypy
        assert Colours.of(field.palette()) is colours
        grounds.append(field.grab().toImage().pixelColor(30, 4))
    assert grounds == [DARK.window, LIGHT.window, DARK.window]


def test_a_forced_scheme_does_not_follow_the_desktop(app: QApplication) -> None:
    theme.apply(app, "light")
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert Colours.of(app.palette()) is LIGHT


def test_the_system_scheme_follows_the_desktop_and_is_light_where_it_is_unknown(app: QApplication) -> None:
    theme.apply(app, "system")
    is_dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert Colours.of(app.palette()) is (DARK if is_dark else LIGHT)


def test_applying_again_keeps_one_watcher_and_one_font(app: QApplication) -> None:
    theme.apply(app, "dark")
    size = app.font().pixelSize()
    theme.apply(app, "light")
    assert len(app.styleHints().findChildren(theme._Wardrobe)) == 1
    assert app.font().pixelSize() == size >= theme.BASE_PX


def test_controls_have_one_height_with_and_without_focus(app: QApplication, qtbot: QtBot) -> None:
    theme.apply(app, "dark")
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    primary = QPushButton("Generate")
    primary.setProperty("kind", "primary")
    controls: list[QWidget] = [QPushButton("Close"), QLineEdit(), primary]
    for control in controls:
        column.addWidget(control)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for control in controls:
        before = control.sizeHint().height()
        control.setFocus()
        assert control.sizeHint().height() == before
    assert primary.sizeHint().height() == theme.CONTROL_HEIGHT + 2 * theme.STEP
    assert controls[0].sizeHint().height() == theme.CONTROL_HEIGHT


@pytest.mark.parametrize("kind", [QPushButton, QCheckBox, QLineEdit, QSpinBox])
def test_focus_can_be_seen(app: QApplication, qtbot: QtBot, kind: type[QWidget]) -> None:
    theme.apply(app, "light")
    window = QWidget()
    qtbot.addWidget(window)
    control, other = kind(window), QLineEdit(window)
    control.setGeometry(0, 0, 120, 32)
    other.setGeometry(0, 40, 120, 32)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()
    without = control.grab().toImage()
    control.setFocus()
    assert control.hasFocus()
    assert control.grab().toImage() != without


def test_an_icon_is_drawn_in_its_colour(qapp: QApplication) -> None:
    image = theme.icon("check", QColor("#ff0000")).pixmap(32, 32).toImage()
    inked = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    solid = [colour for colour in inked if colour.alpha() == 255]
    assert solid
    assert all(colour == QColor("#ff0000") for colour in solid)
