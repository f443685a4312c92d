"""What stands above the gallery: where it looks, how it is divided and filtered, the size of its tiles."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSlider, QToolButton, QVBoxLayout, QWidget

from imagine_desktop.domain.record import Collection
from imagine_desktop.domain.sight import Headers, Scope, ScopeKind
from imagine_desktop.ui.gallery.gridview import MAX_TILE_PX, MIN_TILE_PX
from imagine_desktop.ui.gallery.scopes import ScopePicker
from imagine_desktop.ui.picture.strip import ElidedLabel
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, STEP, Colours

_HEADERS = {Headers.NONE: "No headers", Headers.DAY: "By day", Headers.SESSION: "By session"}
_COUNT_NEEDS_PX = 520  # in a narrower bar the status bar's count has to do


class GalleryBar(QWidget):
    """One row of controls, and a second one while a filter is on.

    Signals:
        scope_picked: a Scope.
        collection_named: the name of a collection to begin.
        headers_picked: a Headers.
        filter_wanted: the filter's panel is to be opened, under `filter_button`.
        filter_cleared: no filter is wanted any more.
        emptying_wanted: the trash is to be emptied.
        renaming_wanted, removal_wanted: the id of the collection that is shown.
    """

    scope_picked = Signal(object)
    collection_named = Signal(str)
    headers_picked = Signal(object)
    filter_wanted = Signal()
    filter_cleared = Signal()
    emptying_wanted = Signal()
    renaming_wanted = Signal(object)
    removal_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = Scope(ScopeKind.SESSION)
        self._headers = Headers.NONE
        self._scope = ScopePicker(self)
        self._count = PlainLabel("", self)
        self._collection = self._icon_button("Collection", "Rename or remove this collection")
        self._empty = QPushButton("Empty trash…", self)
        self._headers_button = self._icon_button("Headers", "Divide the gallery by day or session")
        self.filter_button = self._icon_button("Filter", "Show only some of the pictures")
        self.filter_button.setCheckable(True)
        self.size_slider = QSlider(Qt.Orientation.Horizontal, self)
        self._filtered = QWidget(self)
        self._filter_text = ElidedLabel("", self._filtered)
        self._build()
        self._connect()
        self._show_what_fits()
        self._colour()

    def show_scope(self, scope: Scope) -> None:
        """Show where the gallery looks, and what can be done there."""
        self._shown = scope
        self._scope.show_scope(scope)
        self._show_what_fits()

    def offer(self, collections: Sequence[Collection], trash_count: int) -> None:
        """Offer these collections."""
        self._scope.offer(collections, trash_count)
        self._empty.setEnabled(trash_count > 0)

    def show_headers(self, headers: Headers) -> None:
        """Show by what the gallery is divided."""
        self._headers = headers

    def show_filter(self, words: str) -> None:
        """Say what the filter lets pass; empty where it is off."""
        self.filter_button.setChecked(bool(words))
        self._filter_text.setText(f"Only: {words}")
        set_tip(self._filter_text, words)
        self._filtered.setVisible(bool(words))

    def show_count(self, count: int) -> None:
        """Say how many pictures there are."""
        self._count.setText(f"{count:,} picture{'' if count == 1 else 's'}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()

    def _icon_button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setIconSize(QSize(16, 16))
        button.setFixedSize(CONTROL_HEIGHT, CONTROL_HEIGHT)
        set_tip(button, tip)
        return button

    def _build(self) -> None:
        for label in (self._count, self._filter_text):
            label.setProperty("kind", "quiet")
        self.size_slider.setRange(MIN_TILE_PX, MAX_TILE_PX)
        self.size_slider.setMinimumWidth(56)
        self.size_slider.setMaximumWidth(120)
        self.size_slider.setAccessibleName("Tile size")
        set_tip(self.size_slider, "Tile size (Ctrl+wheel)")
        row = QHBoxLayout()
        row.setContentsMargins(4 * STEP, 2 * STEP, 4 * STEP, 2 * STEP)
        row.setSpacing(2 * STEP)
        row.addWidget(self._scope)
        for part in (self._collection, self._empty, self._count):
            row.addWidget(part)
        row.addStretch()
        icons = QHBoxLayout()
        icons.setSpacing(0)
        icons.addWidget(self._headers_button)
        icons.addWidget(self.filter_button)
        row.addLayout(icons)
        row.addWidget(self.size_slider)
        self._scope.setMaximumWidth(220)
        second = QHBoxLayout(self._filtered)
        second.setContentsMargins(4 * STEP, 0, 4 * STEP, 2 * STEP)
        second.setSpacing(2 * STEP)
        clear = QPushButton("Clear filter", self._filtered)
        clear.clicked.connect(self._on_clear_clicked)
        second.addWidget(self._filter_text, 1)
        second.addWidget(clear)
        self._filtered.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._filtered)

    def _connect(self) -> None:
        self._scope.scope_picked.connect(self.scope_picked)
        self._scope.collection_named.connect(self.collection_named)
        self._empty.clicked.connect(self._on_empty_clicked)
        self._collection.clicked.connect(self._open_collection_menu)
        self._headers_button.clicked.connect(self._open_headers_menu)
        self.filter_button.clicked.connect(self._on_filter_clicked)

    def _on_filter_clicked(self) -> None:
        self.filter_button.setChecked(self._filtered.isVisible())  # it tells whether one is on
        self.filter_wanted.emit()

    def _on_clear_clicked(self) -> None:
        self.filter_cleared.emit()

    def _on_empty_clicked(self) -> None:
        self.emptying_wanted.emit()

    def _open_headers_menu(self) -> None:
        menu = QMenu(self)
        for headers, text in _HEADERS.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(headers is self._headers)
            action.triggered.connect(lambda _=False, chosen=headers: self.headers_picked.emit(chosen))
        self._popup(menu, self._headers_button)

    def _open_collection_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction("Rename…").triggered.connect(lambda: self.renaming_wanted.emit(self._shown.id))
        menu.addAction("Remove collection").triggered.connect(lambda: self.removal_wanted.emit(self._shown.id))
        self._popup(menu, self._collection)

    def _popup(self, menu: QMenu, button: QToolButton) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + STEP)))

    def _show_what_fits(self) -> None:
        kind = self._shown.kind
        self._collection.setVisible(kind is ScopeKind.COLLECTION)
        self._empty.setVisible(kind is ScopeKind.TRASH)
        self._count.setVisible(self.width() >= _COUNT_NEEDS_PX or kind is ScopeKind.SESSION)

    def _colour(self) -> None:
        colours = Colours.of(self.palette())
        for button, name in (
            (self._collection, "ellipsis"),
            (self._headers_button, "rows-3"),
            (self.filter_button, "list-filter"),
        ):
            button.setIcon(theme.icon(name, colours.text))
