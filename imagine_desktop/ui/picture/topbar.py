"""The bar above a picture: the way to it, its place in the gallery, the star, and what is shown beside it."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.picture.lineage import Lineage
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell import actions, theme
from imagine_desktop.ui.shell.theme import STEP, Colours


class TopBar(QWidget):
    """Always of one height, so that no picture jumps when the next one has a longer way."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.lineage = Lineage(thumbnails, self)
        self._place = PlainLabel("", self)
        self._place.setProperty("kind", "quiet")
        self.star = self._button("Star", "star")
        self.filmstrip = self._button("Filmstrip", "toggle_filmstrip")
        self.details = self._button("Details", "toggle_details")
        self._icons = {self.star: "star", self.filmstrip: "images", self.details: "info"}
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * STEP, STEP, 2 * STEP, STEP)
        row.setSpacing(STEP)
        row.addWidget(self.lineage, 1)
        row.addWidget(self._place)
        row.addSpacing(2 * STEP)
        for button in self._icons:
            row.addWidget(button)
        self._draw_icons()

    def show_place(self, row: int | None, count: int) -> None:
        """Say where the picture stands in the gallery."""
        self._place.setText("" if row is None else f"{row + 1:,} of {count:,}")

    def show_star(self, *, is_on: bool, is_enabled: bool) -> None:
        """Show whether the picture has a star."""
        self.star.setEnabled(is_enabled)
        if self.star.isChecked() != is_on:
            self.star.setChecked(is_on)
            self._draw_icons()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = Colours.of(self.palette()), QPainter(self)
        painter.fillRect(event.rect(), colours.panel)
        painter.fillRect(0, self.height() - 1, self.width(), 1, colours.line)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icons()

    def _button(self, name: str, action_id: str) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setIconSize(QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(name)
        set_tip(button, actions.tip(action_id))
        return button

    def _draw_icons(self) -> None:
        colours = Colours.of(self.palette())
        for button, name in self._icons.items():
            is_star = button is self.star and button.isChecked()
            button.setIcon(
                theme.icon("star-filled", colours.withheld) if is_star else theme.icon(name, colours.text)
            )
