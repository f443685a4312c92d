"""The main window: where everything stands. It knows no engine; the studio connects it."""

from typing import Literal

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QStatusBar,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.ui.compose.panel import PromptPanel
from imagine_desktop.ui.gallery.page import GalleryPage
from imagine_desktop.ui.history.sidebar import HistorySidebar
from imagine_desktop.ui.picture.compare import CompareView
from imagine_desktop.ui.picture.strip import Strip
from imagine_desktop.ui.picture.viewer import PictureViewer
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell import actions
from imagine_desktop.ui.shell.jobs import JobsStrip
from imagine_desktop.ui.shell.notices import Notices
from imagine_desktop.ui.shell.theme import STEP, Colours

View = Literal["gallery", "picture", "compare"]
_VIEWS: tuple[View, ...] = ("gallery", "picture", "compare")
_WITH_BUTTON = ("new_session", *(f"show_{view}" for view in _VIEWS), "import", "export", "settings")
_PANEL_PX, _CENTRE_PX, _HISTORY_PX = 360, 760, 320
_SEARCH_PX = 240
_SIZE = QSize(1440, 900)
_FRAME = QSize(16, 48)  # room for the edges and the title bar that a desktop draws around a window


class MainWindow(QMainWindow):
    """Prompt panel, centre and history side by side, the jobs below them.

    Signals:
        close_requested: the person wants to close it; it stays open until `let_close` was called.
        view_chosen: gallery, picture or compare was asked for.
        arranged: panels or the window itself were moved or resized.
    """

    close_requested = Signal()
    view_chosen = Signal(str)
    arranged = Signal()

    def __init__(
        self,
        panel: PromptPanel,
        gallery: GalleryPage,
        viewer: PictureViewer,
        compare: CompareView,
        history: HistorySidebar,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Imagine Desktop")
        self.resize(_SIZE.boundedTo(self.screen().availableSize() - _FRAME))
        self.setMinimumSize(960, 600)
        self._may_close = False
        self.panel, self.gallery, self.viewer, self.compare, self.history = (
            panel,
            gallery,
            viewer,
            compare,
            history,
        )
        self.actions_by_id = actions.make(actions.TABLE, self)
        self.search = QLineEdit(self)
        self.jobs = JobsStrip(self)
        self._build_toolbar()
        self._build_centre()
        self._build_status()
        self.notices = Notices(self._centre)
        self._connect()
        panel.setFocus()

    def show_view(self, view: View) -> None:
        """Bring the gallery, the picture or the comparison to the centre."""
        page = self._pages[view]
        self._stack.setCurrentWidget(page)
        strip = page.findChild(Strip)
        self.notices.keep_clear(strip.sizeHint().height() if strip else 0)
        self.actions_by_id[f"show_{view}"].setChecked(True)
        page.setFocus()

    @property
    def view(self) -> View:
        """What stands in the centre."""
        return _VIEWS[self._stack.currentIndex()]

    def set_profile(self, name: str) -> None:
        """Say where requests go."""
        self._profile.setText(name)

    def set_queue(self, under_way: int) -> None:
        """Say how many jobs are under way."""
        self._queue.setText(f"{under_way} under way" if under_way else "Nothing under way")

    def set_spend(self, text: str) -> None:
        """Say what has been spent today."""
        self._spend.setText(text)
        self._spend.setAccessibleDescription(text)

    def set_library(self, count: int) -> None:
        """Say how many pictures the library holds."""
        self._library.setText(f"{count:,} picture{'' if count == 1 else 's'}")

    def arrangement(self) -> tuple[str, str]:
        """The window's geometry and the panels' sizes, as text to keep."""
        geometry, panels = self.saveGeometry(), self._splitter.saveState()
        return geometry.toBase64().toStdString(), panels.toBase64().toStdString()

    def arrange(self, geometry: str, panels: str) -> None:
        """Take up an arrangement that was kept; one that is not understood changes nothing."""
        self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "replace")))
        self._splitter.restoreState(QByteArray.fromBase64(panels.encode("ascii", "replace")))

    def let_close(self) -> None:
        """Close it now."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.close_requested.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_by_id"):
            self._colour_icons()

    def _build_toolbar(self) -> None:
        bar = QToolBar("Tools", self)
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.addToolBar(bar)
        self._add_button(bar, "new_session", "New session")
        self.search.setAccessibleName("Search")
        self.search.setPlaceholderText("Search prompts")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(_SEARCH_PX // 2)  # in a narrow window it makes room for the buttons
        self.search.setMaximumWidth(_SEARCH_PX)
        bar.addWidget(self.search)
        bar.addWidget(_spacer(bar))
        group = QActionGroup(self)
        for view in _VIEWS:
            action = self.actions_by_id[f"show_{view}"]
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, view=view: self.view_chosen.emit(view))
            self._add_button(bar, f"show_{view}", view.capitalize())
        self.actions_by_id["show_gallery"].setChecked(True)
        bar.addWidget(_spacer(bar))
        self._add_button(bar, "import", "Import")
        self._add_button(bar, "export", "Export")
        self._add_button(bar, "settings", "Settings")
        self._colour_icons()

    def _colour_icons(self) -> None:
        """Draw the icons of the actions that have a button; those of others are shown nowhere."""
        shown = [entry for entry in actions.TABLE if entry.id in _WITH_BUTTON]
        actions.colour_icons(shown, self.actions_by_id, Colours.of(self.palette()))

    def _add_button(self, bar: QToolBar, action_id: str, name: str) -> None:
        action = self.actions_by_id[action_id]
        action.setIconText(f" {name}")  # the space stands between icon and text
        bar.addAction(action)
        button = bar.widgetForAction(action)
        button.setAccessibleName(name)
        button.setAccessibleDescription(actions.tip(action_id))  # else it is the tooltip, with its markup

    def _build_centre(self) -> None:
        self._stack = QStackedWidget(self)
        self._pages: dict[View, QWidget] = {
            "gallery": self.gallery,
            "picture": self.viewer,
            "compare": self.compare,
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._centre = QWidget(self)  # holds the notices too: a stack shows its pages alone to screen readers
        inside = QVBoxLayout(self._centre)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._stack)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setHandleWidth(1)
        for part in (self.panel, self._centre, self.history):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setCollapsible(1, False)
        self._splitter.setSizes([_PANEL_PX, _CENTRE_PX, _HISTORY_PX])
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._splitter, 1)
        column.addWidget(self.jobs)
        self.setCentralWidget(middle)
        middle.lower()  # who looks for `Gallery` from outside finds the view before the button of that name

    def _build_status(self) -> None:
        bar = QStatusBar(self)
        bar.setSizeGripEnabled(False)
        self._profile, self._queue, self._spend, self._library = (PlainLabel("", bar) for _ in range(4))
        self._spend.setAccessibleName("Spend today")
        row = QWidget(bar)
        line = QHBoxLayout(row)
        line.setContentsMargins(2 * STEP, 0, 2 * STEP, 0)
        line.setSpacing(4 * STEP)
        for label in (self._profile, self._queue, self._spend, self._library):
            label.setProperty("kind", "quiet")
            line.addWidget(label)
        line.insertStretch(2)
        bar.addPermanentWidget(row, 1)
        self.setStatusBar(bar)

    def _connect(self) -> None:
        on = self.actions_by_id
        on["toggle_prompt"].triggered.connect(lambda: self._toggle(self.panel))
        on["toggle_history"].triggered.connect(lambda: self._toggle(self.history))
        on["toggle_both"].triggered.connect(self._toggle_both)
        on["full_screen"].triggered.connect(self._toggle_full_screen)
        on["search"].triggered.connect(self._focus_search)
        on["generate"].triggered.connect(self.panel.send)
        on["quit"].triggered.connect(self.close)
        self._splitter.splitterMoved.connect(self.arranged)

    def _toggle(self, side: QWidget) -> None:
        side.setVisible(not side.isVisible())
        self.arranged.emit()

    def _toggle_both(self) -> None:
        are_shown = self.panel.isVisible() or self.history.isVisible()
        for side in (self.panel, self.history):
            side.setVisible(not are_shown)
        self.arranged.emit()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()


def _spacer(parent: QWidget) -> QWidget:
    widget = QWidget(parent)
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return widget
