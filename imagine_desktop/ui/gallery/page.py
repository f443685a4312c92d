"""The gallery's page: its scope and tile size above, the grid or what to do next below."""

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStackedWidget, QVBoxLayout, QWidget

from imagine_desktop.ui.compose.segments import Segments
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.view import TileView
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell.theme import STEP

if TYPE_CHECKING:
    from imagine_desktop.ui.shell.welcome import WelcomeCard

LEAST_TILE_PX, MOST_TILE_PX = 120, 420


class Scope(StrEnum):
    """Which pictures the grid shows; the value is what the person reads."""

    SESSION = "This session"
    ALL = "All pictures"


class GalleryPage(QWidget):
    """The grid with what belongs to it; what stands in its place where it is empty is made by `furnish`.

    Signals:
        scope_changed: a Scope was chosen.
        search_cleared: the button of an empty search was pressed.
        prompt_wanted: the button of an empty session was pressed.
    """

    scope_changed = Signal(object)
    search_cleared = Signal()
    prompt_wanted = Signal()

    welcome: "WelcomeCard"

    def __init__(self, model: GalleryModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._is_searching = False
        self._is_sandbox = True
        self.grid = TileView(model, thumbnails, self)
        self._scope = Segments("Scope", self)
        self._title = PlainLabel("", self)
        self._size = QSlider(Qt.Orientation.Horizontal, self)
        self._build()
        self._connect()
        self.setFocusProxy(self.grid)
        self._empty: dict[str, QWidget] = {}
        self.show_what_fits()

    def furnish(self) -> None:
        """Make what stands in the place of the grid where it is empty."""
        from imagine_desktop.ui.gallery.empty import EmptyState
        from imagine_desktop.ui.shell.welcome import WelcomeCard

        self.welcome = WelcomeCard(self)
        greeting = QWidget(self)
        middle = QVBoxLayout(greeting)
        middle.addWidget(self.welcome, 0, Qt.AlignmentFlag.AlignCenter)
        nothing = EmptyState("No pictures here yet", "Say on the left what to make.", "Write a prompt", self)
        nothing.pressed.connect(self.prompt_wanted)
        not_found = EmptyState("Nothing found", "No prompt holds all of these words.", "Clear the search", self)
        not_found.pressed.connect(self.search_cleared)
        self._empty = {"sandbox": greeting, "session": nothing, "search": not_found}
        for page in self._empty.values():
            self._add(page)

    def set_scope(self, scope: Scope) -> None:
        """Show which scope is in use."""
        self._scope.set_value(scope)

    def set_state(self, *, is_searching: bool, is_sandbox: bool) -> None:
        """Say what decides which words stand in an empty grid."""
        self._is_searching, self._is_sandbox = is_searching, is_sandbox
        self.show_what_fits()

    def show_what_fits(self) -> None:
        """Show the grid, or what to do next where it is empty."""
        count = self._model.rowCount()
        self._title.setText(f"{count:,} picture{'' if count == 1 else 's'}")
        reason = "search" if self._is_searching else "sandbox" if self._is_sandbox else "session"
        self._stack.setCurrentWidget(self.grid if count else self._empty.get(reason, self.grid))

    def _build(self) -> None:
        self._scope.offer([scope.value for scope in Scope], {})
        self._scope.set_value(Scope.SESSION)
        self._title.setProperty("kind", "quiet")
        self._size.setRange(LEAST_TILE_PX, MOST_TILE_PX)
        self._size.setValue(self.grid.tile_px)
        self._size.setMinimumWidth(64)
        self._size.setMaximumWidth(120)
        self._size.setAccessibleName("Tile size")
        set_tip(self._size, "Tile size (Ctrl+wheel)")
        bar = QHBoxLayout()
        bar.setContentsMargins(4 * STEP, 2 * STEP, 4 * STEP, 2 * STEP)
        bar.setSpacing(3 * STEP)
        bar.addWidget(self._scope)
        bar.addWidget(self._title)
        bar.addStretch()
        bar.addWidget(self._size)
        self._stack = QStackedWidget(self)
        self._add(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._stack, 1)

    def _add(self, page: QWidget) -> None:
        page.setBackgroundRole(QPalette.ColorRole.Base)  # the wall that pictures hang on
        page.setAutoFillBackground(True)
        self._stack.addWidget(page)

    def _connect(self) -> None:
        self._scope.picked.connect(lambda value: self.scope_changed.emit(Scope(value)))
        self._size.valueChanged.connect(self.grid.set_tile_px)
        self.grid.tile_px_changed.connect(self._size.setValue)
        for changed in (self._model.modelReset, self._model.rowsInserted, self._model.rowsRemoved):
            changed.connect(self.show_what_fits)
