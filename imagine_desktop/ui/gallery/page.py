"""The gallery's page: its bar above, the grid or what to do next below."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from imagine_desktop.domain.sight import NO_FILTER, Scope, ScopeKind, Sight
from imagine_desktop.ui.gallery.bar import GalleryBar
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.view import TileView

if TYPE_CHECKING:
    from imagine_desktop.ui.shell.welcome import WelcomeCard


class _Lack(NamedTuple):
    """Why the grid is empty, and what to do next."""

    title: str
    text: str
    button: str


_SEARCH = _Lack("Nothing found", "No prompt and no note here holds all of these words.", "Clear the search")
_FILTER = _Lack("Nothing passes the filter", "Its pictures are still there.", "Clear the filter")
_NO_PICTURES = _Lack("No pictures here yet", "Say on the left what to make.", "Write a prompt")
_LACKS = {
    ScopeKind.SESSION: _NO_PICTURES,
    ScopeKind.ALL: _NO_PICTURES,
    ScopeKind.STARRED: _Lack("No stars yet", "Press S on a picture to give it one.", "Show all pictures"),
    ScopeKind.COLLECTION: _Lack(
        "Nothing in this collection yet",
        "Select pictures and choose “Add to collection” in their menu.",
        "Show all pictures",
    ),
    ScopeKind.TRASH: _Lack(
        "The trash is empty", "What you move to the trash stays here until you empty it.", "Show all pictures"
    ),
}


class GalleryPage(QWidget):
    """The grid with what belongs to it; what stands in its place where it is empty is made by `furnish`.

    Signals:
        search_cleared, filter_cleared, prompt_wanted: what the button of an empty grid offered.
        scope_wanted: the Scope that it offered.
    """

    search_cleared = Signal()
    filter_cleared = Signal()
    prompt_wanted = Signal()
    scope_wanted = Signal(object)

    welcome: "WelcomeCard"

    def __init__(self, model: GalleryModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._sight = Sight(Scope(ScopeKind.SESSION))
        self._is_sandbox = True
        self._is_furnished = False
        self.grid = TileView(model, thumbnails, self)
        self.bar = GalleryBar(self)
        self._stack = QStackedWidget(self)
        self._add(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self._connect()
        self.setFocusProxy(self.grid)
        self.show_what_fits()

    def furnish(self) -> None:
        """Make what stands in the place of the grid where it is empty."""
        from imagine_desktop.ui.gallery.empty import EmptyState
        from imagine_desktop.ui.shell.welcome import WelcomeCard

        self.welcome = WelcomeCard(self)
        self._greeting = QWidget(self)
        middle = QVBoxLayout(self._greeting)
        middle.addWidget(self.welcome, 0, Qt.AlignmentFlag.AlignCenter)
        self._nothing = EmptyState(self)
        self._nothing.pressed.connect(self._on_pressed)
        self._add(self._greeting)
        self._add(self._nothing)
        self._is_furnished = True

    def set_state(self, sight: Sight, *, is_sandbox: bool) -> None:
        """Say what decides which words stand in an empty grid."""
        self._sight, self._is_sandbox = sight, is_sandbox
        self.show_what_fits()

    def show_what_fits(self) -> None:
        """Show the grid, or what to do next where it is empty."""
        count = self._model.rowCount()
        self.bar.show_count(count)
        if count or not self._is_furnished:
            self._stack.setCurrentWidget(self.grid)
            return
        lack = self._lack()
        if lack is _NO_PICTURES and self._is_sandbox:
            self._stack.setCurrentWidget(self._greeting)
        else:
            self._nothing.say(*lack)
            self._stack.setCurrentWidget(self._nothing)

    def _lack(self) -> _Lack:
        if self._sight.words:
            return _SEARCH
        return _FILTER if self._sight.filter != NO_FILTER else _LACKS[self._sight.scope.kind]

    def _on_pressed(self) -> None:
        lack = self._lack()
        if lack is _SEARCH:
            self.search_cleared.emit()
        elif lack is _FILTER:
            self.filter_cleared.emit()
        elif lack is _NO_PICTURES:
            self.prompt_wanted.emit()
        else:
            self.scope_wanted.emit(Scope(ScopeKind.ALL))

    def _add(self, page: QWidget) -> None:
        page.setBackgroundRole(QPalette.ColorRole.Base)  # the wall that pictures hang on
        page.setAutoFillBackground(True)
        self._stack.addWidget(page)

    def _connect(self) -> None:
        self.bar.size_slider.setValue(self.grid.tile_px)
        self.bar.size_slider.valueChanged.connect(self.grid.set_tile_px)
        self.grid.tile_px_changed.connect(self.bar.size_slider.setValue)
        self.bar.filter_cleared.connect(self.filter_cleared)
        for changed in (self._model.modelReset, self._model.rowsInserted, self._model.rowsRemoved):
            changed.connect(self.show_what_fits)
