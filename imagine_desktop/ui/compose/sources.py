"""The tray of pictures from which an edit starts."""

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.domain import prompts
from imagine_desktop.domain.request import Source
from imagine_desktop.ui.compose.address import AddressRow
from imagine_desktop.ui.compose.chip import CHIP_HEIGHT, Chip
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, CONTROL_RADIUS, STEP, Colours

Thumbnails = Callable[[Source, Callable[[QPixmap, str], None]], None]  # and what becomes of the source
_COLUMNS = 4
_GAP = 2 * STEP


class SourcesTray(QWidget):
    """The draft's sources, in order.

    Signals:
        files_requested: files are to be chosen in a dialog.
        address_entered: this address, which is one that may be used, is to become a source.
        paste_requested: what is on the clipboard is to become a source.
        tag_requested: this tag is to be put into the prompt.
    """

    files_requested = Signal()
    address_entered = Signal(str)
    paste_requested = Signal()
    tag_requested = Signal(str)

    def __init__(self, draft: Draft, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Sources")
        self._draft = draft
        self._thumbnails = thumbnails
        self._chips: list[Chip] = []
        self._title = PlainLabel("", self)
        self._add = QPushButton(" Add", self)
        self._add.setProperty("kind", "quiet")
        self._add.setAccessibleName("Add source")
        self._empty = _DropLine(self)
        self._address = AddressRow(self)
        self._address.entered.connect(self.address_entered)
        self._add.setMenu(self._menu())
        header = QHBoxLayout()
        header.addWidget(self._title, 1)
        header.addWidget(self._add)
        self._shelf = _Shelf(self)
        self._notes = PlainLabel("", self)
        self._notes.setProperty("kind", "quiet")
        self._notes.setWordWrap(True)
        self._notes.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addLayout(header)
        column.addWidget(self._empty)
        column.addWidget(self._shelf)
        column.addWidget(self._notes)
        column.addWidget(self._address)
        draft.changed.connect(self._show_sources)
        self._colour_icon()
        self._show_sources()

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The sources as they stand in the tray."""
        return tuple(self._chips)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the new theme's colour."""
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_icon()
        super().changeEvent(event)

    def _colour_icon(self) -> None:
        self._add.setIcon(theme.icon("plus", Colours.of(self.palette()).text))

    def _show_sources(self) -> None:
        """Bring the chips in line with the draft; a chip stays with its source, and so does the focus."""
        sources, spare = self._draft.sources, list(self._chips)
        if [chip.source for chip in spare] != list(sources) or not sources:
            kept = {id(chip) for chip in spare}
            self._chips = [self._chip_for(source, spare) for source in sources]
            for chip in spare:
                chip.hide()
                chip.deleteLater()
            self._arrange()
            for chip in [chip for chip in self._chips if id(chip) not in kept]:
                self._thumbnails(chip.source, partial(self._on_thumbnail_made, chip.source))
        model = self._draft.offer
        has_room = len(sources) < model.max_sources
        self._add.setEnabled(has_room)
        full = f"{model.name} takes {model.max_sources} at most"
        set_tip(self._add, "Add a picture to edit" if has_room else full)

    def _chip_for(self, source: Source, spare: list[Chip]) -> Chip:
        """The chip that shows the source already, or a new one."""
        for chip in spare:
            if chip.source == source:
                spare.remove(chip)
                return chip
        chip = Chip(source, self._shelf)
        chip.removed.connect(lambda: self._draft.remove_source(self._chips.index(chip)))
        chip.stepped.connect(lambda step: self._move(chip, self._chips.index(chip) + step))
        chip.dropped.connect(lambda place: self._move(chip, self._position_at(place)))
        chip.tag_requested.connect(lambda: self.tag_requested.emit(prompts.tag(self._chips.index(chip))))
        return chip

    def renew_notes(self) -> None:
        """Find out anew what becomes of each source: a setting was changed."""
        for source in dict.fromkeys(chip.source for chip in self._chips):
            self._thumbnails(source, partial(self._on_thumbnail_made, source))

    def _on_thumbnail_made(self, source: Source, pixmap: QPixmap, note: str) -> None:
        for chip in self._chips:
            if chip.source == source:
                chip.set_thumbnail(pixmap, note)
        self._show_notes()

    def _show_notes(self) -> None:
        """Say below the chips what becomes of those that do not go out as they are."""
        told = [(chip, at) for at, chip in enumerate(self._chips) if chip.note]
        self._notes.setText(
            "\n".join(chip.note if len(self._chips) == 1 else f"{at}: {chip.note}" for chip, at in told)
        )
        self._notes.setVisible(bool(told))

    def _arrange(self) -> None:
        count = len(self._chips)
        mode = "Generate" if not count else f"Edit {count} {'picture' if count == 1 else 'pictures'}"
        self._title.setText(mode)
        self._title.setAccessibleName(f"Mode: {mode}")  # `Generate` alone is the button's name
        self._empty.setVisible(not count)
        self._shelf.show_chips(self._chips)
        self._show_notes()
        before: QWidget = self._add
        for position, chip in enumerate(self._chips):
            chip.place(position)
            QWidget.setTabOrder(before, chip)
            before = chip

    def _move(self, chip: Chip, to: int) -> None:
        if 0 <= to < len(self._chips):
            self._draft.move_source(self._chips.index(chip), to)

    def _position_at(self, place: QPointF) -> int:
        """The position of the chip that lies there on the screen, or -1."""
        here = self._shelf.mapFromGlobal(place).toPoint()
        return next((at for at, chip in enumerate(self._chips) if chip.geometry().contains(here)), -1)

    def _menu(self) -> QMenu:
        menu = QMenu(self._add)
        menu.addAction("Files…", self.files_requested.emit)
        menu.addAction("Address…", self._address.ask)
        menu.addAction("Paste", self.paste_requested.emit)
        menu.addSeparator()
        remove_all = menu.addAction("Remove all", self._draft.clear_sources)
        menu.aboutToShow.connect(lambda: remove_all.setEnabled(bool(self._chips)))
        return menu


class _Shelf(QWidget):
    """The chips side by side, a fixed number in a row, each as wide as there is room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chips: list[Chip] = []

    def show_chips(self, chips: list[Chip]) -> None:
        """Show these chips, in this order."""
        self._chips = list(chips)
        rows = math.ceil(len(chips) / _COLUMNS)
        self.setFixedHeight(rows * (CHIP_HEIGHT + _GAP) - _GAP if rows else 0)
        self.setVisible(bool(chips))
        self._spread()
        for chip in chips:
            chip.show()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Use the new width."""
        self._spread()

    def _spread(self) -> None:
        width = (self.width() + _GAP) // _COLUMNS - _GAP
        for position, chip in enumerate(self._chips):
            row, column = divmod(position, _COLUMNS)
            chip.setGeometry(column * (width + _GAP), row * (CHIP_HEIGHT + _GAP), width, CHIP_HEIGHT)


class _DropLine(QWidget):
    """What stands in the tray while it is empty."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(CONTROL_HEIGHT + 3 * STEP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dashed outline, an icon and the invitation."""
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.shades(colours)["edge"], 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CONTROL_RADIUS, CONTROL_RADIUS
        )
        text = "Drop a picture here to edit it"
        width = self.fontMetrics().horizontalAdvance(text)
        left = (self.width() - width - 24) // 2
        theme.icon("image-plus", colours.quiet).paint(painter, left, (self.height() - 16) // 2, 16, 16)
        painter.setPen(colours.quiet)
        painter.drawText(QRectF(left + 24, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
